"""What counts as somebody's work: what he did himself, once; see ``test_report_rows`` for what rows open."""

from odoo import SUPERUSER_ID
from odoo.tests import new_test_user, tagged

from .common_approvals import ApprovalCase


@tagged("post_install", "-at_install")
class TestPeopleReport(ApprovalCase):
    def decided(self):
        """Return ``{name: how many approvals he decided}``."""
        self.commit()
        self.env.invalidate_all()
        rows = self.env["sop.people.report"].search([("kind", "=", "decision")])
        return {user.name: len(some) for user, some in rows.grouped("user_id").items()}

    def test_handing_over_decides_nothing(self):
        order = self.make_waiting(self.make_approvals({"name": "Clerk"}))
        approval, board = self.approvals(order, "open"), self.users["board1"]
        approval.with_user(self.users["clerk"]).action_transfer(board.id, "Away")
        self.assertEqual(approval.decision_ids.decision, "transfer")
        self.assertEqual(self.decided(), {})
        self.decide(order, "board1")
        self.assertEqual(self.decided(), {"board1": 1})

    def test_a_rejection_said_once_more_is_no_other(self):
        order = self.make_waiting(self.make_approvals({"name": "Clerk"}))
        self.decide(order, "clerk", "reject", "Too cheap")
        self.decide(order, "clerk", "reject", "Far too cheap")
        self.assertEqual(len(self.env["sop.decision"].search([("check_id.order_id", "=", order.id)])), 2)
        self.assertEqual(self.decided(), {"clerk": 1})
        self.decide(order, "clerk", "approve", "Well then")
        self.assertEqual(self.decided(), {"clerk": 2})

    def test_what_happens_by_itself_is_nobodys_work(self):
        """A cron, or a customer's signature, completes a stage: it is completed, by none of us."""
        customer = new_test_user(self.env, login="sop_customer", groups="base.group_portal")
        order = self.make_waiting(self.make_approvals({"name": "Clerk"}))
        self.decide(order, "clerk")
        done = self.env["sop.people.report"].search([("kind", "=", "stage")])
        self.assertEqual(done.user_id, self.users["clerk"])
        for user_id in (SUPERUSER_ID, customer.id):
            self.env.cr.execute("UPDATE sop_visit SET left_by_id = %s WHERE order_id = %s", [user_id, order.id])
            self.env.invalidate_all()
            self.assertFalse(self.env["sop.people.report"].search([("kind", "=", "stage")]))
