"""A hold that sets itself: the department that may release it is told once, sees the order; the alert ends with it."""

from odoo.tests import new_test_user, tagged

from .common_holds import HoldCase


@tagged("post_install", "-at_install")
class TestHoldAlerts(HoldCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.users["lead"] = new_test_user(
            cls.env, login="sop_lead", groups="order_sop.group_legal", name="lead", email="lead@example.com"
        )
        cls.departments["legal"].lead_id = cls.lead
        cls.big = cls.types["customer"]
        cls.big.write(
            {
                "automatic": True,
                "order_domain": "[('amount_total', '>=', 500)]",
                "release_department_ids": cls.departments["legal"].ids,
            }
        )

    def make_big(self):
        return self.make_gated(lines=[(self.product, 5, 100.0)])

    def activities(self, order):
        """Tell people, as the cron does, and return the users who have an activity because of an alert on ``order``."""
        self.run_cron("alert_cron")
        return order.activity_ids.filtered("sop_alert_id").user_id

    def test_told_once_and_over_with_the_hold(self):
        order = self.make_big()
        [alert] = order.sop_alert_ids
        self.assertEqual((alert.kind, alert.hold_id, alert.state), ("held", order.sop_hold_ids, "open"))
        self.assertEqual((alert.user_id, alert.department_id), (self.lead, self.departments["legal"]))
        self.assertIn("Customer asked to wait", alert.display_name)
        self.assertIn("on hold until somebody releases it", alert.message)
        for _twice in range(2):
            self.assertEqual(self.activities(order), self.lead)
            order.order_line.price_unit += 1
            self.commit()
        self.assertEqual(len(order.activity_ids.filtered("sop_alert_id")), 1)
        self.assertEqual(order.sop_alert_count, 1)
        order.sop_hold_ids.with_user(self.lead).action_release("Agreed on the phone")
        self.commit()
        self.assertEqual((alert.state, alert.ending), ("closed", "released"))
        self.assertFalse(self.activities(order))
        self.env.invalidate_all()
        self.assertEqual(order.sop_alert_count, 0, "closed ones are not counted")
        self.assertEqual(
            [event.code for event in self.events(order) if event.code in ("held", "alerted", "released", "answered")],
            ["held", "alerted", "released", "answered"],
        )

    def test_over_with_its_condition_or_its_order(self):
        changed, cancelled = self.make_big(), self.make_big()
        changed.order_line.price_unit = 1
        cancelled._action_cancel()
        self.commit()
        self.assertEqual(changed.sop_alert_ids.ending, "released")
        self.assertEqual(cancelled.sop_alert_ids.state, "closed")
        changed.order_line.price_unit = 100
        self.commit()
        states = changed.sop_alert_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["closed", "open"], "another hold, another alert")

    def test_who_may_release_it_sees_the_order(self):
        order = self.make_big()
        other = self.make_gated()
        mine = order.with_user(self.lead)
        self.assertTrue(mine.has_access("read"))
        self.assertEqual(mine.search([("id", "in", (order | other).ids)]), order)
        for lines in (order.order_line, order.sop_hold_ids, order.sop_alert_ids):
            self.assertTrue(lines.with_user(self.lead).has_access("read"), lines)
        self.release("manager", order.sop_hold_ids)
        self.env.invalidate_all()
        self.assertFalse(mine.has_access("read"), "legal has, and had, nothing to do with it")

    def test_where_only_managers_may(self):
        self.big.release_department_ids = False
        order = self.make_big()
        owner = order.sop_alert_ids.user_id
        self.assertTrue(owner.has_group("order_sop.group_manager"))
        self.assertEqual(self.activities(order), owner)

    def test_who_blocked_a_customer_knows(self):
        order = self.make_gated()
        self.users["finance"].group_ids += self.env.ref("base.group_partner_manager")
        self.customer.with_user(self.users["finance"]).action_sop_block("Never pays")
        self.commit()
        self.assertEqual(self.open_holds(order), ["blocked"])
        self.hold("finance", order, "fraud")
        self.assertFalse(order.sop_alert_ids)
