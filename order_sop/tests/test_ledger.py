"""The ledger: what was ordered, delivered and invoiced, by figures worked out by hand."""

from decimal import Decimal

from odoo import Command
from odoo.tests import tagged

from .common_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestLedger(LedgerCase):
    """Rows of orders as they go through deliveries and invoices."""

    def test_partly_delivered_invoiced_paid(self):
        order = self.make_delivered(delivered=4)
        self.pay(self.invoice(order), amount=150.0)
        row = self.row(order)
        self.assert_row(row, ordered=10, delivered=4, returned=0, net_delivered=4, invoiced=4, net_invoiced=4)
        self.assert_row(row, ordered_total=1000, delivered_total=400, delivered_untaxed=400, invoiced_total=400)
        self.assert_row(row, paid=150, outstanding=250)
        self.assertIsInstance(row["paid"], Decimal)
        self.assertEqual(row["partner_id"], self.customer.id)
        self.assert_booked(order)

    def test_quotation_has_nothing(self):
        order = self.make_order()
        self.assert_nothing(self.row(order))
        self.assertFalse(self.get_lines([("order_id", "=", order.id)]))

    def test_return_and_credit_note(self):
        order = self.make_delivered(quantity=10)
        self.pay(self.invoice(order))
        self.send_back(order.picking_ids, 3)
        row = self.row(order)
        self.assert_row(row, delivered=10, returned=3, net_delivered=7, invoiced=10, delivered_total=700, paid=1000)
        self.invoice(order)
        row = self.row(order)
        self.assert_row(row, invoiced=10, credited=3, net_invoiced=7, credited_total=300, net_invoiced_total=700)
        self.assert_row(row, paid=1000, outstanding=-300)
        self.assertEqual(row["net_delivered"], order.order_line.qty_delivered)
        self.assert_booked(order)

    def test_return_that_is_sent_again(self):
        order = self.make_delivered(quantity=10)
        delivery = order.picking_ids
        self.send_back(delivery, 2, refund=False)
        self.assert_row(self.row(order), delivered=10, returned=0, net_delivered=10)
        self.assertEqual(order.order_line.qty_delivered, 10)

    def test_credit_note_set_off(self):
        order = self.make_delivered(quantity=10)
        invoice = self.invoice(order)
        self.send_back(order.picking_ids, 4)
        credit = self.invoice(order)
        (invoice + credit).line_ids.filtered(lambda line: line.display_type == "payment_term").reconcile()
        row = self.row(order)
        # 400 of the invoice by the credit note, -400 of the credit note by the invoice
        self.assert_row(row, offset=0, paid=0, outstanding=600, net_invoiced_total=600)
        self.assert_booked(order)

    def test_deposit(self):
        order = self.make_order(lines=[(self.prepaid, 10, 100.0), (self.service, 1, 50.0)])
        order.action_confirm()
        self.pay(self.deposit(order, 20))
        deposit = order.order_line.filtered("is_downpayment")
        [row] = self.env["sop.ledger"]._get_rows(deposit.filtered(lambda line: not line.display_type)).values()
        self.assert_row(row, ordered=0, ordered_total=0, deposit_taken=210, deposit_used=0, paid=210, outstanding=0)
        self.ship(order.picking_ids)
        final = self.invoice(order)
        self.assertEqual(final.amount_total, 840)
        goods, work, deposit = self.rows(order)
        self.assert_row(goods, invoiced=10, invoiced_total=1000, outstanding=1000)
        self.assert_row(work, invoiced=1, invoiced_total=50, outstanding=50, delivered=0)
        self.assert_row(deposit, net_invoiced=0, invoiced_total=0, deposit_taken=210, deposit_used=210)
        self.assert_row(deposit, paid=210, outstanding=-210)
        self.pay(final)
        rows = self.rows(order)
        self.assertEqual([float(row["paid"]) for row in rows], [1000, 50, 0])
        self.assert_booked(order)

    def test_dozens(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.make_order(lines=[(self.product, 2, 120.0)])
        order.order_line.product_uom_id = dozen
        order.order_line.price_unit = 120.0
        order.action_confirm()
        self.ship(order.picking_ids, 18)  # pieces
        self.assert_row(self.row(order), ordered=2, net_delivered=1.5, delivered_total=180, ordered_total=240)
        invoice = self.invoice(order, post=False)
        invoice.invoice_line_ids.write({"product_uom_id": self.env.ref("uom.product_uom_unit").id})
        invoice.invoice_line_ids.write({"quantity": 18, "price_unit": 10.0})
        invoice.action_post()
        self.assert_row(self.row(order), invoiced=1.5, invoiced_total=180)

    def test_consolidated_invoice(self):
        orders = self.make_order() + self.make_order(lines=[(self.prepaid, 3, 33.33)])
        orders.action_confirm()
        self.ship(orders.picking_ids)
        invoice = self.invoice(orders)
        self.assertEqual(len(invoice), 1)
        self.pay(invoice, amount=100.0)
        first, second = self.rows(orders)
        self.assert_row(first, invoiced_total=200, paid=66.67)  # 100 × 200 / 299.99
        self.assert_row(second, invoiced_total=99.99, paid=33.33)
        self.assertEqual(self.rows(orders[1]), [second])
        self.assert_booked(orders)

    def test_one_invoice_line_of_two_orders(self):
        orders = self.make_order(lines=[(self.prepaid, 1, 50.0)]) + self.make_order(lines=[(self.prepaid, 2, 25.0)])
        orders.action_confirm()
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.prepaid.id,
                            "quantity": 3,
                            "price_unit": 33.35,
                            "tax_ids": [],
                            "sale_line_ids": [Command.set(orders.order_line.ids)],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        first, second = self.rows(orders)
        self.assert_row(first, invoiced=1.5, invoiced_total=50.03)
        self.assert_row(second, invoiced=1.5, invoiced_total=50.02)

    def test_line_added_later_free_line_and_cancelled_order(self):
        order = self.make_delivered(quantity=2)
        order.order_line = [
            Command.create({"product_id": self.prepaid.id, "product_uom_qty": 1, "price_unit": 0.0}),
            Command.create({"product_id": self.service.id, "product_uom_qty": 1, "price_unit": 30.0}),
        ]
        invoice = self.invoice(order)
        goods, free, added = self.rows(order)
        self.assert_row(goods, invoiced_total=200)
        self.assert_row(free, ordered=1, invoiced=1, invoiced_total=0)
        self.assert_row(added, ordered_total=30, invoiced_total=30)
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(invoice.state, "posted")
        goods, free, _added = self.rows(order)
        self.assert_row(goods, ordered=0, ordered_total=0, delivered=2, delivered_total=200, outstanding=200)
        self.assert_row(free, ordered=0, net_invoiced=1)
        lines = self.get_lines([("order_id", "=", order.id)])
        self.assertEqual(lines, order.order_line)

    def test_delivered_that_was_not_ordered(self):
        order = self.make_delivered(quantity=2)
        order.order_line = [
            Command.create(
                {"product_id": self.product.id, "product_uom_qty": 0, "price_unit": 10.0, "tax_ids": self.excluded.ids}
            )
        ]
        line = order.order_line[-1]
        self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 3,
                "quantity": 3,
                "picked": True,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "sale_line_id": line.id,
            }
        )._action_done()
        self.assert_row(self.row(order, index=1), net_delivered=3, delivered_untaxed=30, delivered_total=33.9)
