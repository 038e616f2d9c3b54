"""A large order is approved in three steps, with an absence, a transfer, a change in between, and a rejection."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_approvals import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalScenario(ApprovalCase):
    def test_an_order_is_approved_by_clerk_head_and_board(self):
        process = self.make_approvals(*self.chain())
        self.order = self.make_waiting(process)
        self.sales_looks_who_will_approve()
        self.the_clerk_approves()
        self.the_head_is_away_and_his_stand_in_rejects()
        self.sales_lowers_the_price_and_all_is_asked_again()
        self.two_of_the_board_decide()
        self.order.with_user(self.users["sales"]).action_confirm()
        self.assertEqual(self.order.state, "sale")
        self.everything_is_kept()

    def sales_looks_who_will_approve(self):
        action = self.order.with_user(self.users["sales"]).action_sop_preview_approvals()
        lines = self.env["sop.approval.preview"].browse(action["res_id"]).line_ids
        self.assertEqual(lines.step_id.mapped("name"), ["Clerk", "Head", "Board"])
        self.assertEqual([self.names(line.user_ids) for line in lines][1:], [["head"], ["board1", "board2", "board3"]])
        self.assertEqual(lines.mapped("needed"), [1, 1, 2])
        with self.assertRaisesRegex(UserError, "still to be approved"):
            self.order.with_user(self.users["sales"]).action_confirm()

    def the_clerk_approves(self):
        self.run_teller()
        self.assertEqual(self.activities(), {"clerk", "second"})
        self.assertIn("to do", self.decide(self.order, "head"), "it is not his turn")
        self.assertFalse(self.decide(self.order, "clerk", comment="Known customer"))
        self.assertEqual(self.approvals(self.order).mapped("state"), ["approved", "open", "waiting"])
        self.run_teller()
        self.assertEqual(self.activities(), {"head"})

    def the_head_is_away_and_his_stand_in_rejects(self):
        today = fields.Date.today()
        self.env["sop.delegation"].with_user(self.users["head"]).create(
            {"delegate_id": self.users["board1"].id, "date_from": today, "date_to": today + timedelta(days=7)}
        )
        self.run_cron("approver_cron")
        self.run_teller()
        self.assertEqual(self.activities(), {"head", "board1"})
        self.assertFalse(self.decide(self.order, "board1", "reject", "Too dear for this customer"))
        check = self.check_of(self.order)
        self.assertEqual((check.state, check.note), ("failed", "Too dear for this customer"))
        decision = check.decision_ids[:1]
        self.assertEqual((decision.user_id, decision.on_behalf_of_id), (self.users["board1"], self.users["head"]))
        self.run_teller()
        self.assertEqual(self.activities(), set())

    def sales_lowers_the_price_and_all_is_asked_again(self):
        self.order.order_line.with_user(self.users["sales"]).price_unit = 90
        approvals = self.approvals(self.order)
        self.assertEqual(approvals.mapped("state"), ["open", "waiting", "waiting"])
        self.assertIn("200.00 → $\xa0180.00", approvals[0].changes.replace(" ", " "))
        self.assertIn("Chair 100 → 90", approvals[0].changes)
        self.assertNotIn("Products", approvals[0].changes)
        self.assertFalse(self.decide(self.order, "second"))
        self.assertFalse(self.decide(self.order, "head"))

    def two_of_the_board_decide(self):
        approval = self.approvals(self.order, "open")
        self.assertEqual(self.names(approval.user_ids), ["board1", "board2", "board3"])
        self.assertFalse(self.decide(self.order, "board3"))
        self.assertEqual(self.check_of(self.order).state, "pending", "one of two")
        self.assertIn("already", self.decide(self.order, "board3"))
        self.assertFalse(self.decide(self.order, "board1"))
        check = self.check_of(self.order)
        self.assertEqual(check.state, "passed")

    def everything_is_kept(self):
        """Each decision with what it was based on, also of the round that came to nothing."""
        decisions = self.order.sop_check_ids.decision_ids.sorted("id")
        self.assertEqual(decisions.user_id.mapped("name"), ["clerk", "board1", "second", "head", "board3"])
        self.assertEqual(decisions.mapped("amount_total"), [200, 200, 180, 180, 180, 180])
        self.assertEqual([decision.facts["amount"] for decision in decisions], [200, 200, 180, 180, 180, 180])
        self.assertTrue(all(decisions.mapped("fingerprint")))
        self.assertFalse(self.env["sop.engine.log"]._verify([self.order.id]))

    def activities(self):
        """Return the names of those who have an activity for an approval of the order."""
        return set(self.order.activity_ids.filtered("sop_approval_id").user_id.mapped("name"))
