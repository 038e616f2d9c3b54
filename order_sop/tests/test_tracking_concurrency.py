"""Two sessions tell the same of one delivery at the same moment: it is kept once."""

from base64 import b64encode

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from .common_committed import CommittedCase
from .common_delivery import PDF, DeliveryFixture


@tagged("-standard", "-at_install", "post_install", "database_breaking")
class TestTrackingConcurrency(DeliveryFixture, CommittedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_deliveries()

    def events(self, order, code):  # pylint: disable=arguments-differ
        return CommittedCase.events(self, order, code)

    def tell_in_a_session(self, item):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            carrier = env["delivery.carrier"].browse(self.carrier.id)
            [result] = env["sop.engine.tracking"]._take([item], carrier, "carrier")
            return result["status"]

    def test_entered_by_two(self):
        order = self.make_shipped("TWO-1")
        self.refresh()
        told = ("action_sop_track", "failed", "2026-01-05 10:00:00")
        error = self.collide(
            self.step("logistics", order.picking_ids, *told), self.step("manager", order.picking_ids, *told)
        )
        self.assertIsNone(error)
        self.assertEqual(order.picking_ids.sop_tracking_ids.user_id, self.users["logistics"])
        self.assertEqual(len(self.events(order, "tracked")), 1)
        self.assertEqual(len(self.env["sop.alert"].search([("picking_id", "=", order.picking_ids.id)])), 1)
        self.assert_sound(order)

    def test_entered_by_two_without_a_process(self):
        """No order is locked for it: the database itself keeps the two apart."""
        order = self.make_order()
        order.action_confirm()
        self.ship(order.picking_ids)
        self.refresh()
        told = ("action_sop_track", "failed", "2026-01-05 10:00:00")
        error = self.collide(
            self.step("logistics", order.picking_ids, *told), self.step("manager", order.picking_ids, *told)
        )
        self.assertIsNone(error)
        self.assertEqual(len(order.picking_ids.sop_tracking_ids), 1)

    def test_posted_while_another_is_not_committed(self):
        order = self.make_shipped("TWO-2")
        self.refresh()
        item = self.item("delivered", number="TWO-2")
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            carrier = env["delivery.carrier"].browse(self.carrier.id)
            env["sop.engine.tracking"]._take([item], carrier, "carrier")
            with self.assertRaises(Exception) as caught:
                self.tell_in_a_session(item)
            self.assertEqual(type(caught.exception).__name__, "ConcurrencyError")  # Odoo runs the request again
        self.assertEqual(self.tell_in_a_session(item), "duplicate")
        self.refresh()
        self.assertEqual(len(order.picking_ids.sop_tracking_ids), 1)
        self.assert_sound(order)

    def test_proven_by_two(self):
        order = self.make_shipped("TWO-3")
        self.refresh()
        proves = ("action_sop_prove", "Ms Li", b64encode(PDF).decode())
        error = self.collide(
            self.step("logistics", order.picking_ids, *proves),
            self.step("customer_service", order.picking_ids, *proves),
        )
        self.assertIsNone(error)
        self.assertEqual(len(order.picking_ids.sop_proof_ids), 1)
        self.assertEqual(len(self.events(order, "proven")), 1)
        self.assert_sound(order)
