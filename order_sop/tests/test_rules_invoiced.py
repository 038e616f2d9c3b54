"""The rule of settlement about invoices: they agree with what is owed."""

from odoo.tests import tagged

from .common_fulfilment import SettlementCase


@tagged("post_install", "-at_install")
class TestRuleInvoiced(SettlementCase):
    """``invoiced``: what is invoiced agrees with what is owed."""

    def test_before_confirmation_and_delivery(self):
        order = self.make_order()
        self.assertEqual(self.judge("invoiced", order)[0], "not_confirmed")
        order.action_confirm()
        self.assertEqual(self.judge("invoiced", order)[0], "nothing_due")

    def test_draft_invoice_does_not_count(self):
        order = self.make_delivered()
        invoice = self.invoice(order, post=False)
        code, text = self.judge("invoiced", order)
        self.assertEqual(code, "less")
        self.assertIn("Chair × 10 Units", text)
        invoice.action_post()
        self.assertIsNone(self.judge("invoiced", order))

    def test_partial_delivery_and_backorder(self):
        order = self.make_delivered(delivered=4)
        self.invoice(order)
        self.assertIsNone(self.judge("invoiced", order), "owed is what was delivered")
        self.ship(order.picking_ids.filtered("backorder_id"))
        self.assertIn("Chair × 6 Units", self.judge("invoiced", order)[1])
        self.invoice(order)
        self.assertIsNone(self.judge("invoiced", order))

    def test_over_delivery_is_owed(self):
        order = self.make_delivered(delivered=11)
        invoice = self.invoice(order, post=False)
        invoice.invoice_line_ids.quantity = 10
        invoice.action_post()
        self.assertIn("Chair × 1 Units", self.judge("invoiced", order)[1])
        self.assertIsNone(self.judge("invoiced", order, rule_percent=10))

    def test_invoiced_in_excess(self):
        order = self.make_delivered(delivered=9)
        invoice = self.invoice(order, post=False)
        invoice.invoice_line_ids.quantity = 10
        invoice.action_post()
        code, text = self.judge("invoiced", order)
        self.assertEqual(code, "more")
        self.assertIn("Chair × 1 Units", text)

    def test_ordered_quantities(self):
        order, _delivery = self.confirm(lines=[(self.prepaid, 10, 100.0)])
        self.assertEqual(self.judge("invoiced", order)[0], "less")
        self.invoice(order)
        self.assertIsNone(self.judge("invoiced", order))

    def test_credit_note_for_a_return(self):
        for product in (self.product, self.prepaid):
            order = self.make_delivered(product)
            invoice = self.invoice(order)
            self.send_back(order.picking_ids, 2)
            code, text = self.judge("invoiced", order)
            self.assertEqual(code, "more", product.name)
            self.assertIn(f"{product.name} × 2 Units", text)
            self.credit(invoice, 2)
            self.assertIsNone(self.judge("invoiced", order), product.name)

    def credit(self, invoice, quantity):
        """Post a credit note over ``quantity`` of the ``invoice``."""
        credit_note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit_note.invoice_line_ids.quantity = quantity
        credit_note.action_post()
        return credit_note

    def test_other_amount(self):
        for price, expected in ((99.0, "amount_less"), (101.0, "amount_more")):
            order = self.make_delivered()
            invoice = self.invoice(order, post=False)
            invoice.invoice_line_ids.price_unit = price
            invoice.action_post()
            code, text = self.judge("invoiced", order)
            self.assertEqual(code, expected)
            self.assertIn(f"{price * 10:.2f} {order.currency_id.name}", text)
            self.assertIsNone(self.judge("invoiced", order, rule_percent=1))

    def test_rounding_of_partial_invoices(self):
        """Three invoices of a third each are a cent away from the whole."""
        order, delivery = self.confirm(lines=[(self.product, 3, 33.335)])
        for _part in range(3):
            self.ship(delivery, 1)
            self.invoice(order)
            delivery = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self.assertIsNone(self.judge("invoiced", order))

    def test_taxes_make_no_difference(self):
        tax = self.env["account.tax"].create({"name": "21", "amount": 21, "price_include_override": "tax_included"})
        order, delivery = self.confirm(lines=[(self.product, 3, 121.0)])
        order.order_line.tax_ids = tax
        self.ship(delivery)
        self.invoice(order)
        self.assertIsNone(self.judge("invoiced", order))

    def test_down_payment(self):
        order = self.make_delivered()
        self.deposit(order, 30)
        self.assertEqual(self.judge("invoiced", order)[0], "less")
        self.invoice(order)
        self.assertIsNone(self.judge("invoiced", order))

    def test_down_payment_left_over(self):
        order = self.make_delivered()
        self.deposit(order, 30)
        order._create_invoices(final=False).action_post()
        code, text = self.judge("invoiced", order)
        self.assertEqual(code, "deposit")
        self.assertIn(f"300.00 {order.currency_id.name}", text)

    def test_dozens_and_units(self):
        order = self.make_order(lines=[(self.product, 2, 1200.0)])
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self.ship(order.picking_ids)
        invoice = self.invoice(order, post=False)
        invoice.invoice_line_ids.write(
            {"product_uom_id": self.env.ref("uom.product_uom_unit").id, "quantity": 24, "price_unit": 100.0}
        )
        invoice.action_post()
        self.assertIsNone(self.judge("invoiced", order))

    def test_nothing_to_pay_needs_no_invoice(self):
        order, delivery = self.confirm(lines=[(self.product, 1, 0.0)])
        self.ship(delivery)
        self.assertIsNone(self.judge("invoiced", order))

    def test_batch_cost(self):
        orders = self.make_orders(lines=[(self.product, 5, 10.0), (self.prepaid, 1, 10.0)])
        self.ship(orders.picking_ids, 1)
        for order in orders:
            self.invoice(order)
        self.assert_batch_cost("invoiced", orders)
