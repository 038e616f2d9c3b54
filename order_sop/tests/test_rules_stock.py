"""The rule of stock matching."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common_fulfilment import FulfilmentCase


@tagged("post_install", "-at_install")
class TestRuleStock(FulfilmentCase):
    """``stock``: every storable product is delivered, reserved or expected in time."""

    def _expect(self, product, quantity, days):
        """Have ``quantity`` of ``product`` on its way from a vendor, expected in ``days``."""
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "scheduled_date": fields.Datetime.now() + timedelta(days=days),
                "move_ids": [Command.create({"product_id": product.id, "product_uom_qty": quantity})],
            }
        )
        receipt.action_confirm()
        return receipt

    def _promise(self, days):
        return {"commitment_date": fields.Datetime.now() + timedelta(days=days)}

    def test_confirmed_gives_the_confirmation_to_somebody(self):
        order = self.make_order()
        self.assertEqual(
            self.judge("confirmed", order), ("not_confirmed", f"{order.name} is not confirmed yet: Sales confirms it.")
        )
        order.action_confirm()
        self.assertIsNone(self.judge("confirmed", order))
        orders = self.make_order() | order
        self.assertEqual(
            [reason and reason["code"] for reason in self.evaluate_rule("confirmed", orders).values()],
            ["not_confirmed", None],
        )

    def test_quotation_waits(self):
        order = self.make_order()
        code, text = self.judge("stock", order)
        self.assertEqual(code, "not_confirmed")
        self.assertIn(order.name, text)

    def test_reserved_holds(self):
        order, _delivery = self.confirm(lines=[(self.product, 5, 10), (self.service, 1, 10)])
        self.assertIsNone(self.judge("stock", order))

    def test_only_storable_products_count(self):
        paper = self.env["product.product"].create({"name": "Paper", "type": "consu", "is_storable": False})
        order, _delivery = self.confirm(lines=[(paper, 1000000, 1), (self.service, 3, 1)])
        self.assertIsNone(self.judge("stock", order))

    def test_short_names_product_and_quantity(self):
        self.add_stock(self.other_product, 3)
        order, _delivery = self.confirm(lines=[(self.product, 1, 10), (self.other_product, 5, 10)])
        code, text = self.judge("stock", order)
        self.assertEqual(code, "short")
        self.assertIn("Table × 2 Units", text)
        self.assertNotIn("Chair", text)

    def test_dozens_are_counted_in_the_products_unit(self):
        self.add_stock(self.other_product, 20)
        order = self.make_order(lines=[(self.other_product, 2, 10)])
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self.assertIn("Table × 4 Units", self.judge("stock", order)[1])

    def test_expected_in_time_holds(self):
        self._expect(self.other_product, 5, days=3)
        order, _delivery = self.confirm(lines=[(self.other_product, 5, 10)], **self._promise(5))
        self.assertIsNone(self.judge("stock", order))

    def test_expected_too_late(self):
        receipt = self._expect(self.other_product, 5, days=8)
        order, _delivery = self.confirm(lines=[(self.other_product, 5, 10)], **self._promise(5))
        code, text = self.judge("stock", order)
        self.assertEqual(code, "late")
        self.assertIn("Table × 5 Units", text)
        self.assertIn(receipt.scheduled_date.date().isoformat(), text)
        self.ship(receipt)
        self.assertIsNone(self.judge("stock", order), "what has come in is reserved")

    def test_overdue_receipt_comes_today_at_best(self):
        self._expect(self.other_product, 5, days=-10)
        order, _delivery = self.confirm(lines=[(self.other_product, 5, 10)], **self._promise(-2))
        self.assertEqual(self.judge("stock", order)[0], "late")

    def test_expectation_serves_one_order_only(self):
        self._expect(self.other_product, 5, days=1)
        first, _delivery = self.confirm(lines=[(self.other_product, 4, 10)], **self._promise(5))
        second, _delivery = self.confirm(lines=[(self.other_product, 4, 10)], **self._promise(5))
        results = self.evaluate_rule("stock", first | second)
        self.assertIsNone(results[first])
        self.assertEqual(results[second]["code"], "short")

    def test_delivered_holds_though_nothing_is_left(self):
        self.add_stock(self.other_product, 5)
        order, delivery = self.confirm(lines=[(self.other_product, 5, 10)])
        self.ship(delivery)
        self.assertIsNone(self.judge("stock", order))

    def test_missing_rest_of_a_partial_delivery(self):
        self.add_stock(self.other_product, 3)
        order, delivery = self.confirm(lines=[(self.other_product, 5, 10)])
        self.ship(delivery, 3)
        self.assertIn("Table × 2 Units", self.judge("stock", order)[1])
        order.picking_ids.filtered("backorder_id").action_cancel()
        self.assertIsNone(self.judge("stock", order), "the rest was given up")

    def test_pick_pack_ship(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        self.add_stock(self.other_product, 5)
        order, pick = self.confirm(lines=[(self.other_product, 5, 10)])
        self.assertIsNone(self.judge("stock", order), "reserved by the first step")
        short, _pick = self.confirm(lines=[(self.other_product, 2, 10)])
        self.assertIn("Table × 2 Units", self.judge("stock", short)[1])
        self.ship(pick)
        self.assertIsNone(self.judge("stock", order), "reserved by the next step")

    def test_pick_pack_ship_expected(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        self._expect(self.other_product, 5, days=3)
        order, _pick = self.confirm(lines=[(self.other_product, 5, 10)], **self._promise(5))
        self.assertIsNone(self.judge("stock", order))

    def test_batch_cost(self):
        self._expect(self.other_product, 50, days=3)
        orders = self.make_orders(lines=[(self.product, 1, 10), (self.other_product, 5, 10)], **self._promise(5))
        self.assert_batch_cost("stock", orders)
