"""Rules of settlement: delivered, paid; invoiced has a file of its own."""

from odoo.tests import tagged

from .common_fulfilment import FulfilmentCase, SettlementCase


@tagged("post_install", "-at_install")
class TestRuleDelivered(FulfilmentCase):
    """``delivered``: everything, or the rest was given up."""

    def setUp(self):
        super().setUp()
        self.order, self.delivery = self.confirm(lines=[(self.product, 5, 10), (self.service, 1, 10)])

    def test_quotation(self):
        self.assertEqual(self.judge("delivered", self.make_order())[0], "not_confirmed")

    def test_open_then_delivered(self):
        code, text = self.judge("delivered", self.order)
        self.assertEqual(code, "open")
        self.assertIn("Chair × 5 Units", text)
        self.ship(self.delivery)
        self.assertIsNone(self.judge("delivered", self.order))

    def test_backorder_keeps_it_open_until_given_up(self):
        self.ship(self.delivery, 3)
        self.assertIn("Chair × 2 Units", self.judge("delivered", self.order)[1])
        (self.order.picking_ids - self.delivery).action_cancel()
        self.assertIsNone(self.judge("delivered", self.order))

    def test_no_backorder(self):
        self.ship(self.delivery, 3, backorder=False)
        self.assertIsNone(self.judge("delivered", self.order))

    def test_more_than_ordered(self):
        self.ship(self.delivery, 6)
        self.assertEqual(self.order.order_line[0].qty_delivered, 6)
        self.assertIsNone(self.judge("delivered", self.order))

    def test_delivery_cancelled(self):
        self.delivery.action_cancel()
        code, text = self.judge("delivered", self.order)
        self.assertEqual(code, "nothing_planned")
        self.assertIn("Chair × 5 Units", text)

    def test_return_does_not_reopen(self):
        self.ship(self.delivery)
        self.send_back(self.delivery, 2)
        self.assertEqual(self.order.order_line[0].qty_delivered, 3)
        self.assertIsNone(self.judge("delivered", self.order))

    def test_services(self):
        self.ship(self.delivery)
        work = self.env["product.product"].create(
            {"name": "Repainting", "type": "service", "invoice_policy": "delivery"}
        )
        order, _delivery = self.confirm(lines=[(work, 4, 10), (self.service, 1, 10)])
        self.assertIsNone(self.judge("delivered", order))
        code, text = self.judge("delivered", order, rule_flag=True)
        self.assertEqual(code, "services")
        self.assertIn("Repainting × 4 Units", text)
        order.order_line[0].qty_delivered = 4
        self.assertIsNone(self.judge("delivered", order, rule_flag=True))

    def test_pick_pack_ship(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order, transfer = self.confirm(lines=[(self.product, 5, 10)])
        for _step in ("pick", "pack", "ship"):
            self.assertEqual(self.judge("delivered", order)[0], "open")
            self.ship(transfer)
            transfer = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self.assertFalse(transfer)
        self.assertIsNone(self.judge("delivered", order))

    def test_batch_cost(self):
        orders = self.make_orders(lines=[(self.product, 5, 10), (self.service, 1, 10)])
        self.ship(orders.picking_ids, 3)
        self.assert_batch_cost("delivered", orders, rule_flag=True)


@tagged("post_install", "-at_install")
class TestRulePaid(SettlementCase):
    """``paid``: every posted invoice of the order is paid."""

    def test_no_invoice(self):
        self.assertEqual(self.judge("paid", self.make_order())[0], "no_invoice")
        order = self.make_delivered()
        self.assertEqual(self.judge("paid", order)[0], "no_invoice")
        self.invoice(order, post=False)
        self.assertEqual(self.judge("paid", order)[0], "no_invoice")

    def test_free_order_holds(self):
        order, _delivery = self.confirm(lines=[(self.product, 1, 0.0)])
        self.assertIsNone(self.judge("paid", order))

    def test_all_sent_back_before_the_invoice(self):
        order = self.make_delivered()
        self.send_back(order.picking_ids, 10)
        self.assertIsNone(self.judge("paid", order))

    def test_unpaid_partial_paid(self):
        order = self.make_delivered()
        invoice = self.invoice(order)
        name = f"{invoice.name} (%s {order.currency_id.name})"
        self.assertIn(name % "1000.00", self.judge("paid", order)[1])
        self.pay(invoice, amount=400)
        code, text = self.judge("paid", order)
        self.assertEqual(code, "unpaid")
        self.assertIn(name % "600.00", text)
        self.pay(invoice)
        self.assertIsNone(self.judge("paid", order))

    def test_reversed_holds(self):
        order = self.make_delivered()
        self.invoice(order)._reverse_moves(cancel=True)
        self.assertIsNone(self.judge("paid", order))

    def test_blocked(self):
        order = self.make_delivered()
        invoice = self.invoice(order)
        invoice.action_toggle_block_payment()
        code, text = self.judge("paid", order)
        self.assertEqual(code, "blocked")
        self.assertIn(invoice.name, text)

    def test_every_invoice_counts(self):
        order = self.make_delivered(delivered=4)
        self.pay(self.invoice(order))
        self.assertIsNone(self.judge("paid", order))
        self.ship(order.picking_ids.filtered("backorder_id"))
        invoice = self.invoice(order)
        self.assertIn(invoice.name, self.judge("paid", order)[1])

    def test_deposit_of_the_whole_amount(self):
        order = self.make_delivered()
        self.pay(self.deposit(order, 100))
        self.assertIsNone(self.judge("paid", order))
        final = self.invoice(order)
        self.assertFalse(final.amount_total)
        self.assertIsNone(self.judge("paid", order))

    def test_other_currency(self):
        currency = self.env["res.currency"].search(
            [("id", "!=", self.company.currency_id.id), ("active", "in", (True, False))], limit=1
        )
        currency.active = True
        self.env["res.currency.rate"].create({"name": "2020-01-01", "currency_id": currency.id, "rate": 7.0})
        pricelist = self.env["product.pricelist"].create({"name": "Abroad", "currency_id": currency.id})
        order = self.make_delivered(pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, currency)
        invoice = self.invoice(order)
        self.assertIsNone(self.judge("invoiced", order))
        self.assertIn(f"1000.00 {currency.name}", self.judge("paid", order)[1])
        self.pay(invoice)
        self.assertIsNone(self.judge("paid", order))

    def test_registered_but_not_on_the_statement(self):
        """With the option a registered payment waits for the bank (shown as “in payment”)."""
        order = self.make_delivered()
        invoice = self.invoice(order)
        self.env.cr.execute("UPDATE account_move SET payment_state = 'in_payment' WHERE id = %s", [invoice.id])
        invoice.invalidate_recordset(["payment_state"], flush=False)
        self.assertIsNone(self.judge("paid", order))
        self.assertEqual(self.judge("paid", order, rule_flag=True)[0], "unpaid")

    def test_consolidated_invoice(self):
        orders = self.make_delivered() | self.make_delivered()
        invoice = self.invoice(orders)
        self.assertEqual(len(invoice), 1)
        self.pay(invoice, amount=1500)
        self.assertEqual([r["code"] for r in self.evaluate_rule("paid", orders).values()], ["unpaid"] * 2)

    def test_batch_cost(self):
        orders = self.make_orders(lines=[(self.product, 5, 10.0), (self.prepaid, 1, 10.0)])
        for order in orders[::2]:
            self.invoice(order)
        self.assert_batch_cost("paid", orders)
