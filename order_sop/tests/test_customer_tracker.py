"""The story of an order as its customer sees it, and that nothing of the house is in it."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import SopCase
from .common_customer import INTERNAL, CustomerFixture

PLAIN = (str, int, bool, type(None))


@tagged("post_install", "-at_install")
class TestCustomerTracker(CustomerFixture, SopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_customers()

    def test_from_order_to_rating(self):
        """Two parts: the second follows. What no stage knows, that it has arrived, the customer says himself."""
        order = self.take(commitment_date=fields.Datetime.now() + timedelta(days=9))
        received = ("Order received", "now"), ("In preparation", "ahead"), ("On its way", "ahead")
        self.assertEqual(self.steps(order), [*received, ("Delivered", "ahead")])
        self.assertTrue(order._sop_get_tracker()["promised"])
        self.do(order, "Reviewed")
        order.action_confirm()
        self.assertEqual(
            self.steps(order)[0], ("Order received", "now"), "the stage that he has no word for is nothing"
        )
        self.do(order, "Matched")
        self.assertEqual(self.steps(order)[:2], [("Order received", "done"), ("In preparation", "now")])
        [parcel] = self.parcels(order)
        self.assertEqual(
            (parcel["code"], parcel["lines"]), ("preparing", [{"product": "Chair", "quantity": "2 Units"}])
        )
        self.assertFalse(parcel["may_confirm"])
        self.send(order, quantity=1)
        first, rest = self.parcels(order)
        self.assertEqual(
            (first["code"], first["lines"][0]["quantity"], first["carrier"]), ("shipped", "1 Units", "Courier")
        )
        self.assertEqual((rest["code"], rest["lines"][0]["quantity"]), ("preparing", "1 Units"))
        self.assertTrue(first["may_confirm"] and first["has_packing_list"])
        self.assertFalse(rest["may_confirm"] or rest["has_packing_list"])
        self.tell(self.item("out_for_delivery", place="Brussels", note=f"Note {INTERNAL}"))
        [first, _rest] = self.parcels(order)
        self.assertEqual((first["code"], first["event"]["place"]), ("out_for_delivery", "Brussels"))
        self.send(order, number="TRACK-2")
        self.do(order, "Sent")
        self.assertEqual(self.steps(order)[2:], [("On its way", "now"), ("Delivered", "ahead")])
        self.tell(self.item("delivered", "2026-01-06T10:00:00"))
        self.assertEqual(self.steps(order)[3], ("Delivered", "ahead"), "one part is still on its way")
        second = order.picking_ids.sorted("id")[-1]
        self.env["sop.engine.proof"].sudo()._confirm_receipt(second, self.customer, "Ms Customer")
        self.assertEqual([state for _name, state in self.steps(order)], ["done"] * 4)
        self.assertIn("Received by Ms Customer on", self.parcels(order)[1]["received"])
        tracker = order._sop_get_tracker()
        self.assertEqual((tracker["promised"], tracker["may_rate"], tracker["rating"]), (False, True, False))

    def test_nothing_of_the_house_is_in_it(self):
        order = self.send(quantity=1)
        self.hold(order)
        self.tell(self.item("failed", note=f"Note {INTERNAL}"))
        for name in ("Sent",):
            self.check(order, f"{name} {INTERNAL}").with_user(self.users["manager"]).action_waive(f"Waived {INTERNAL}")
        self.env["ir.attachment"].create({"name": f"{INTERNAL}.pdf", "res_model": "sale.order", "res_id": order.id})
        self.commit()
        self.env.invalidate_all()
        tracker = order._sop_get_tracker()
        told = json.dumps(tracker)  # no record is in it, or this fails
        self.assertTrue(tracker["steps"] and tracker["deliveries"])
        self.assertNotIn(INTERNAL, told)
        self.assert_plain(tracker)
        for department in self.departments.values():
            self.assertNotIn(department.name, told)
        for name, user in self.users.items():
            if user.name not in ("Sales", "sales"):  # its name is part of a common word
                self.assertNotIn(f'"{user.name}"', told, name)

    def assert_plain(self, value):
        """Assert that ``value`` is made of nothing but lists, dicts and plain values."""
        if isinstance(value, dict):
            self.assertTrue(all(isinstance(key, str) for key in value))
            value = list(value.values())
        if isinstance(value, list):
            for each in value:
                self.assert_plain(each)
            return
        self.assertIn(type(value), PLAIN)

    def test_nothing_to_follow(self):
        self.assertEqual(self.make_order()._sop_get_tracker(), {}, "under no process")
        self.assertEqual(self.take(require_signature=True, state="sent")._sop_get_tracker(), {}, "not ordered yet")
        order = self.confirm()
        self.assertTrue(order._sop_get_tracker())
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.commit()
        self.assertEqual(order._sop_get_tracker(), {})

    def test_sent_back_it_is_there_again(self):
        order = self.send()
        self.do(order, "Sent")
        self.assertEqual(self.steps(order)[2], ("On its way", "now"))
        order.with_user(self.users["manager"]).action_sop_send_back(self.followed.stage_ids[2].id, "Mistake")
        self.assertEqual(
            self.steps(order)[:3], [("Order received", "now"), ("In preparation", "ahead"), ("On its way", "ahead")]
        )

    def test_stages_passed_over_are_no_step(self):
        process = self.make_process(
            self.stage("First", False, customer_name="First", auto_advance=False),
            self.stage("Never", False, customer_name="Never", order_domain="[('amount_total', '>', 1000000)]"),
            self.stage("Last", False, {"name": "Stay"}, customer_name="Last"),
            code="SKIP",
        )
        order = self.make_order(lines=[(self.service, 1, 50.0)], process=process, require_signature=False)
        order.action_confirm()
        self.assertEqual([name for name, _state in self.steps(order)], ["First", "Never", "Last"])
        order.with_user(self.users["manager"]).action_sop_complete()
        self.assertEqual(
            [name for name, _state in self.steps(order)], ["First", "Last"], "no goods: nothing to deliver"
        )

    def test_only_his_goods_and_safe_links(self):
        order = self.confirm()
        picking = order.picking_ids
        other = self.confirm(partner=self.consumer, lines=[(self.product, 7, 100.0)])
        other.picking_ids.move_ids.picking_id = picking
        self.commit()
        self.do(other, "Packed")
        self.send(order)
        [parcel] = self.parcels(order)
        self.assertEqual(parcel["lines"], [{"product": "Chair", "quantity": "2 Units"}])
        self.assertFalse(parcel["has_packing_list"], "it lists another customer's goods")
        for url, safe in (
            ("https://c.example/<shipmenttrackingnumber>", "https://c.example/TRACK-1"),
            ("javascript:alert(1)", False),
        ):
            self.carrier.tracking_url = url
            [parcel] = self.parcels(order)
            self.assertEqual(parcel["numbers"], [{"number": "TRACK-1", "url": safe}])

    def test_queries_do_not_grow_with_deliveries(self):
        few, many = self.send(), self.take(lines=[(self.product, 12, 100.0)])
        self.do(many, "Reviewed")
        many.action_confirm()
        self.do(many, "Matched")
        for place in range(5):
            self.send(many, quantity=2, number=f"T{place}")
        for order in (few, many):
            self.parcels(order)  # what is kept for all transactions
        counts = []
        for order in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order._sop_get_tracker()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(many._sop_get_tracker()["deliveries"]), 6)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
