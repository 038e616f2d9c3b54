"""Rules of after-sales: returns open, window."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ..rules.after_sales import find_after_sales
from .common_fulfilment import FulfilmentCase


@tagged("post_install", "-at_install")
class TestRuleReturnsOpen(FulfilmentCase):
    """``returns_open``: no return, exchange or repair on its way, nothing to credit."""

    def setUp(self):
        super().setUp()
        self.product.invoice_policy = "delivery"
        self.order, self.delivery = self.confirm(lines=[(self.product, 5, 10)])
        self.ship(self.delivery)

    def test_nothing_came_back(self):
        self.assertIsNone(self.judge("returns_open", self.order))
        self.assertIsNone(self.judge("returns_open", self.make_order()))

    def test_what_was_delivered_needs_no_look(self):
        """All moves are marked to update quantities, most of them to no purpose: one query is all that is asked."""
        self.assertTrue(all(self.delivery.move_ids.mapped("to_refund")))
        self.assertFalse(find_after_sales(self.order))
        self.send_back(self.delivery, 2)
        self.assertEqual(find_after_sales(self.order), self.order)

    def test_return_on_its_way(self):
        transfer = self.send_back(self.delivery, 2, receive=False)
        code, text = self.judge("returns_open", self.order)
        self.assertEqual(code, "open")
        self.assertIn(transfer.name, text)
        transfer.action_cancel()
        self.assertIsNone(self.judge("returns_open", self.order))

    def test_returned_goods_are_to_be_credited(self):
        invoice = self.invoice(self.order)
        self.send_back(self.delivery, 2)
        code, text = self.judge("returns_open", self.order)
        self.assertEqual(code, "not_credited")
        self.assertIn("Chair × 2 Units", text)
        credit_note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit_note.invoice_line_ids.quantity = 2
        self.assertEqual(self.judge("returns_open", self.order)[0], "not_credited", "still a draft")
        credit_note.action_post()
        self.assertIsNone(self.judge("returns_open", self.order))

    def test_returned_before_the_invoice(self):
        self.send_back(self.delivery, 2)
        self.assertIsNone(self.judge("returns_open", self.order))
        self.invoice(self.order)
        self.assertIsNone(self.judge("returns_open", self.order))

    def test_returned_without_credit(self):
        self.invoice(self.order)
        self.send_back(self.delivery, 2, refund=False)
        self.assertIsNone(self.judge("returns_open", self.order))

    def test_goods_invoiced_on_order(self):
        self.product.invoice_policy = "order"
        invoice = self.invoice(self.order)
        self.send_back(self.delivery, 5)
        self.assertIn("Chair × 5 Units", self.judge("returns_open", self.order)[1])
        invoice._reverse_moves([{"invoice_date": invoice.invoice_date}]).action_post()
        self.assertIsNone(self.judge("returns_open", self.order))

    def test_exchange(self):
        """Open until the goods are back and the others have left."""
        wizard = self.env["stock.return.picking"].create({"picking_id": self.delivery.id})
        wizard.product_return_moves.quantity = 1
        transfer = self.env["stock.picking"].browse(wizard.action_create_exchanges()["res_id"])
        exchange = self.order.picking_ids - self.delivery - transfer
        self.assertEqual(exchange.location_dest_id.usage, "customer")
        text = self.judge("returns_open", self.order)[1]
        self.assertIn(transfer.name, text)
        self.assertIn(exchange.name, text)
        self.ship(transfer)
        self.assertIn(exchange.name, self.judge("returns_open", self.order)[1])
        self.ship(exchange)
        self.assertIsNone(self.judge("returns_open", self.order))

    def test_backorder_is_no_exchange(self):
        order, delivery = self.confirm(lines=[(self.product, 5, 10)])
        self.ship(delivery, 3)
        self.send_back(delivery, 1)
        self.assertIsNone(self.judge("returns_open", order))

    def test_repair_of_returned_goods(self):
        transfer = self.send_back(self.delivery, 1, refund=False)
        repair = self.env["repair.order"].create(
            {"product_id": self.product.id, "picking_id": transfer.id, "partner_id": self.customer.id}
        )
        code, text = self.judge("returns_open", self.order)
        self.assertEqual(code, "open")
        self.assertIn(repair.name, text)
        repair.action_repair_cancel()
        self.assertIsNone(self.judge("returns_open", self.order))

    def test_two_orders_in_one_transfer(self):
        """Odoo links a transfer to the first order only; the other one's goods come back all the same."""
        orders = self.make_orders(2, lines=[(self.product, 5, 10)])
        delivery, emptied = orders.picking_ids
        emptied.move_ids.write({"picking_id": delivery.id})
        self.ship(delivery)
        transfer = self.send_back(delivery, 1, receive=False)
        self.assertEqual(len(transfer.sale_id), 1)
        for order in orders:
            self.assertIn(transfer.name, self.judge("returns_open", order)[1])
            self.assertEqual(self.judge("window", order, rule_days=7)[0], "open")

    def test_repair_ordered_on_the_order(self):
        work = self.env["product.product"].create({"name": "Repair", "type": "service", "service_tracking": "repair"})
        order, _delivery = self.confirm(lines=[(work, 1, 10)])
        repair = order.repair_order_ids
        self.assertIn(repair.name, self.judge("returns_open", order)[1])
        repair.action_validate()
        repair.action_repair_start()
        repair.action_repair_end()
        self.assertIsNone(self.judge("returns_open", order))

    def test_batch_cost(self):
        orders = self.make_orders(lines=[(self.product, 5, 10)])
        self.ship(orders.picking_ids)
        for number, order in enumerate(orders):
            self.invoice(order)
            transfer = self.send_back(order.picking_ids, 1, receive=number % 2)
            self.env["repair.order"].create({"product_id": self.product.id, "picking_id": transfer.id})
        self.assert_batch_cost("returns_open", orders)


@tagged("post_install", "-at_install")
class TestRuleWindow(FulfilmentCase):
    """``window``: so many days after the last delivery."""

    def setUp(self):
        super().setUp()
        self.company.partner_id.tz = "Asia/Shanghai"
        self.order, self.delivery = self.confirm(lines=[(self.product, 5, 10)])

    def test_before_delivery(self):
        self.assertEqual(self.judge("window", self.make_order(), rule_days=7)[0], "not_confirmed")
        self.assertEqual(self.judge("window", self.order, rule_days=7)[0], "not_delivered")
        self.ship(self.delivery, 3)
        self.assertEqual(self.judge("window", self.order, rule_days=7)[0], "not_delivered")

    def test_over_after_days_of_the_company(self):
        self.ship(self.delivery)
        self.delivery.date_done = datetime(2025, 3, 3, 17, 0)  # 1 o'clock of the 4th in Shanghai
        with freeze_time("2025-03-10 15:59:00"):
            code, text = self.judge("window", self.order, rule_days=7)
            self.assertEqual(code, "open")
            self.assertIn("2025-03-11", text)
        with freeze_time("2025-03-10 16:00:00"):
            self.assertIsNone(self.judge("window", self.order, rule_days=7))

    def test_no_days_no_window(self):
        self.ship(self.delivery)
        self.assertIsNone(self.judge("window", self.order))

    def test_last_delivery_counts(self):
        self.ship(self.delivery, 3)
        rest = self.order.picking_ids - self.delivery
        self.ship(rest)
        self.delivery.date_done = "2025-03-03 12:00:00"
        rest.date_done = "2025-03-06 12:00:00"
        with freeze_time("2025-03-11 12:00:00"):
            self.assertIn("2025-03-13", self.judge("window", self.order, rule_days=7)[1])

    def test_return_does_not_reopen(self):
        self.ship(self.delivery)
        self.delivery.date_done = fields.Datetime.now() - timedelta(days=8)
        self.send_back(self.delivery, 5)
        self.assertIsNone(self.judge("window", self.order, rule_days=7))

    def test_services_count_from_the_confirmation(self):
        order, _delivery = self.confirm(lines=[(self.service, 1, 10)])
        order.date_order = "2025-03-03 12:00:00"
        with freeze_time("2025-03-09 12:00:00"):
            self.assertIn(date(2025, 3, 10).isoformat(), self.judge("window", order, rule_days=7)[1])
        with freeze_time("2025-03-10 12:00:00"):
            self.assertIsNone(self.judge("window", order, rule_days=7))

    def test_batch_cost(self):
        orders = self.make_orders(lines=[(self.product, 5, 10)])
        self.ship(orders.picking_ids)
        self.assert_batch_cost("window", orders, rule_days=7)
