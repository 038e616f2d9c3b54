"""Shipped against the promise: on the delivery, in lists, and the same as the check says."""

from datetime import datetime

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from .common_delivery import DeliveryFixture


@tagged("post_install", "-at_install")
class TestPromiseKept(DeliveryFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_deliveries()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.order = cls.make_shipped()
        cls.delivery = cls.order.picking_ids

    def promise(self, promised, shipped, order=None):
        """Set both moments (UTC) on an order that has been shipped; return how late it says it is."""
        order = order or self.order
        order.commitment_date = promised
        if shipped:
            order.picking_ids.date_done = shipped
        self.env.flush_all()
        return order.picking_ids.sop_days_late

    def found(self, *domain):
        return self.delivery in self.env["stock.picking"].search(list(domain))

    def test_days_are_the_companys(self):
        for promised, shipped, late in (
            ("2026-01-05 08:00", "2026-01-05 15:59", 0),
            ("2026-01-05 08:00", "2026-01-05 16:00", 1),  # the next day in Shanghai
            ("2026-01-05 08:00", "2026-01-08 01:00", 3),
            ("2026-01-05 08:00", "2026-01-01 01:00", 0),
        ):
            with self.subTest(shipped=shipped):
                self.assertEqual(self.promise(f"{promised}:00", f"{shipped}:00"), late)
                self.assertEqual(self.found(("sop_days_late", ">", 0)), late > 0)
                self.assertEqual(self.found(("sop_days_late", ">=", 3)), late >= 3)
                self.assertEqual(self.found(("sop_days_late", "<=", 0)), late == 0)
                self.assertEqual(self.found(("sop_days_late", "=", late)), True)
                self.assertEqual(self.found(("sop_days_late", "=", late + 1)), False)
                reason = self.judge("shipped_on_time", None, picking=self.delivery)
                self.assertEqual(reason is not None, late > 0, "as the check says")
        self.assertEqual(str(self.delivery.sop_promised_on), "2026-01-05")
        self.assertEqual(str(self.delivery.sop_shipped_on), "2026-01-01")

    def test_what_is_not_shipped_yet(self):
        order = self.make_order(process=self.shipping)
        order.action_confirm()
        self.delivery = order.picking_ids
        self.promise("2026-01-05 08:00:00", None, order)
        for moment, late in (("2026-01-05 15:00:00", 0), ("2026-01-07 02:00:00", 2)):
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(self.delivery.sop_days_late, late)
                self.assertEqual(self.found(("sop_days_late", ">", 0)), bool(late))
        order._action_cancel()
        with freeze_time("2026-01-07 02:00:00"):
            self.env.invalidate_all()
            self.assertEqual((self.delivery.sop_days_late, self.found(("sop_days_late", ">", 0))), (0, False))

    def test_without_a_promise(self):
        self.promise(False, datetime(2026, 1, 8, 1))
        self.delivery.date_deadline = False
        self.env.flush_all()
        self.assertEqual((self.delivery.sop_days_late, self.delivery.sop_promised_on), (0, False))
        self.assertFalse(self.found(("sop_days_late", ">", 0)))

    def test_lists_find_what_the_delivery_says(self):
        transit = self.env["stock.location"].create({"name": "Between", "usage": "transit", "company_id": False})
        inner = self.env["stock.location"].create({"name": "Yard", "usage": "transit"})
        customers = self.delivery.location_dest_id
        self.promise("2026-01-05 08:00:00", "2026-01-08 01:00:00")
        for source, goal, leaves in (
            (self.delivery.location_id, transit, True),
            (self.delivery.location_id, inner, False),
            (inner, customers, True),
            (transit, customers, False),
        ):
            self.env.cr.execute(
                "UPDATE stock_picking SET location_id = %s, location_dest_id = %s WHERE id = %s",
                [source.id, goal.id, self.delivery.id],
            )
            self.env.invalidate_all()
            self.assertEqual((bool(self.delivery.sop_days_late), self.found(("sop_days_late", ">", 0))), (leaves,) * 2)

    def test_lists_count_days_where_the_order_is(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        other.partner_id.tz = "UTC"
        self.promise("2026-01-05 08:00:00", "2026-01-05 16:00:00")
        self.env.cr.execute("UPDATE stock_picking SET company_id = %s WHERE id = %s", [other.id, self.delivery.id])
        self.env.invalidate_all()
        self.assertEqual((self.delivery.sop_days_late, self.found(("sop_days_late", "=", 1))), (1, True))

    def test_a_return_is_no_delivery(self):
        self.promise("2026-01-05 08:00:00", "2026-01-08 01:00:00")
        wizard = self.env["stock.return.picking"].create({"picking_id": self.delivery.id})
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self.assertFalse(returned.sop_promised_on)
        self.assertNotIn(returned, returned.search([("sop_days_late", ">=", 0)]))

    def test_lists_cost_the_same_for_more(self):
        deliveries = self.env["stock.picking"].union(*(self.make_shipped(f"L-{n}").picking_ids for n in range(12)))
        names = ["sop_days_late", "sop_tracking_state", "sop_is_proven", "sop_leaves"]

        def cost(records):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.web_read({name: {} for name in names})
            return self.cr.sql_log_count - before

        cost(deliveries[:2])
        self.assertLessEqual(cost(deliveries), cost(deliveries[:2]))
