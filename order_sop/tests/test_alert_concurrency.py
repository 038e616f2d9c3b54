"""Two sessions at one alert at the same moment: it is raised once, closed once, told once."""

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_alerts import LIMIT, AlertFixture
from .common_committed import CommittedCase


@tagged("-standard", "-at_install", "post_install", "database_breaking")
class TestAlertConcurrency(AlertFixture, CommittedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.departments["finance"].lead_id = cls.users["finance"]

    @classmethod
    def tearDownClass(cls):
        cls.departments["finance"].lead_id = False
        cls.cr.commit()  # pylint: disable=invalid-commit; kept by the database itself
        super().tearDownClass()

    def vals(self, order):
        return {"kind": "breach", "visit_id": order.sop_visit_id.id, "due_at": LIMIT}

    def raise_in_a_session(self, order):
        with self.registry.cursor() as cr:
            alerts = api.Environment(cr, SUPERUSER_ID, {})["sop.engine.alert"]._raise([self.vals(order)])
            return len(alerts)

    def test_raised_by_two(self):
        order = self.make_orders(1)
        self.assertEqual([self.raise_in_a_session(order), self.raise_in_a_session(order)], [1, 0])
        self.refresh()
        self.assertEqual(len(order.sop_alert_ids), 1)
        self.assertEqual(len(self.events(order, "alerted")), 1)
        self.assert_sound(order)

    def test_raised_while_another_is_not_committed(self):
        order = self.make_orders(1)
        with self.registry.cursor() as cr:
            api.Environment(cr, SUPERUSER_ID, {})["sop.engine.alert"]._raise([self.vals(order)])
            with self.assertRaises(Exception) as caught, self.registry.cursor() as other:
                api.Environment(other, SUPERUSER_ID, {})["sop.engine.alert"]._raise([self.vals(order)])
            self.assertEqual(type(caught.exception).__name__, "ConcurrencyError")  # run again, it raises nothing
        self.refresh()
        self.assertEqual(len(order.sop_alert_ids), 1)

    def test_closed_by_two(self):
        order = self.make_orders(1)
        self.raise_in_a_session(order)
        self.refresh()
        alert = order.sop_alert_ids
        error = self.collide(
            self.step("manager", alert, "action_close", "Called the customer"),
            self.step("manager", alert, "action_close", "Never mind"),
        )
        self.assertIsInstance(error, UserError)
        self.assertIn("closed already", str(error))
        self.assertEqual(alert.resolution, "Called the customer")
        self.assertEqual(len(self.events(order, "answered")), 1)
        self.assert_sound(order)

    def test_the_stage_is_left_meanwhile(self):
        order = self.make_orders(1)
        self.raise_in_a_session(order)
        self.refresh()
        alert = order.sop_alert_ids
        error = self.collide(
            self.step("sales", self.check(order, "Looked at"), "action_pass"),
            self.step("manager", alert, "action_close", "Called"),
        )
        self.assertIsInstance(error, UserError)
        self.assertEqual((alert.state, alert.ending), ("closed", "left"))
        self.assert_sound(order)
