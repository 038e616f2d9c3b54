"""What was passed over is not in force any more once its order is cancelled, or under another process."""

from odoo.tests import tagged

from .common_holds import HoldCase


@tagged("post_install", "-at_install")
class TestWaiverOver(HoldCase):
    def waive(self, order, scope="check"):
        """Pass over the first check of ``order`` and return the deviation."""
        self.check(order, "Reviewed").with_user(self.users["manager"]).action_waive("Just once", scope)
        self.commit()
        return self.env["sop.waiver"].search([("order_id", "=", order.id)])

    def told(self, order):
        """Return why the log says that deviations on ``order`` ended."""
        return [event.data["outcome"] for event in self.events(order) if event.code == "unwaived"]

    def assert_over(self, waiver, outcome):
        self.commit()
        waiver.invalidate_recordset()
        self.assertEqual((waiver.is_valid, waiver.outcome), (False, outcome))
        self.assertTrue(waiver.ended_at)
        self.assertFalse(waiver.search([("is_valid", "=", True), ("id", "=", waiver.id)]))

    def test_the_order_is_cancelled(self):
        for scope in ("check", "checkpoint"):
            order = self.make_gated()
            waiver = self.waive(order, scope)
            self.assertTrue(waiver.is_valid)
            order._action_cancel()
            self.assert_over(waiver, "cancelled")
            order.action_draft()
            self.commit()
            self.assertEqual(self.check(order, "Reviewed").state, "pending", "somebody has to say it again")
            self.assert_over(waiver, "cancelled")
            self.assertEqual(self.told(order), ["cancelled"])
            self.assertTrue(self.waive(order, scope)[0].is_valid)

    def test_the_order_comes_under_another_process(self):
        self.company.sop_active = True
        self.env["sop.process"].search([("state", "=", "published")])._set_state("retired")
        here = self.make_process(
            self.stage("Review", "confirm", {"name": "Reviewed"}),
            self.stage("Rest", False, {"name": "Rested"}),
            code="HERE",
            order_domain="[('partner_id.is_company', '=', True)]",
        )
        there = self.make_process(self.stage("Enter", False, {"name": "Entered"}), code="THERE", sequence=2)
        for scope in ("check", "checkpoint"):
            order = self.make_gated(here)
            waiver = self.waive(order, scope)
            order.partner_id = self.consumer
            self.commit()
            self.assertEqual(order.sop_process_id, there)
            self.assert_over(waiver, "moved")
            self.assertEqual(self.told(order), ["moved"])
