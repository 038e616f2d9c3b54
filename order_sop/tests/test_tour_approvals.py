"""An approver at his desk decides two orders at once; his colleague rejects one with a phone in his hand."""

from odoo.tests import HttpCase, tagged

from .common_approvals import ApprovalFixture


class ApprovalTourCase(ApprovalFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_approvers()
        cls.users["clerk"].group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.process = cls.make_approvals({"name": "Clerk"})

    def walk(self, tour, login, url="/odoo/sop-approvals"):
        self.start_tour(url, f"order_sop_approvals_{tour}", login=login, timeout=180)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestTourApprovals(ApprovalTourCase):
    def test_two_at_once(self):
        orders = self.make_waiting(self.process) | self.make_waiting(self.process)
        self.walk("at_once", "sop_clerk")
        states = {self.check_of(order).state: order for order in orders}
        self.assertEqual(set(states), {"passed", "pending"})
        self.assertEqual(states["pending"].client_order_ref, "Changed meanwhile")
        decision = self.check_of(states["passed"]).decision_ids
        self.assertEqual((decision.user_id, decision.comment), (self.users["clerk"], "Known customers"))

    def test_handed_on(self):
        """Handed over at the desk; a colleague goes on holiday; sales takes the request back and asks again."""
        order = self.make_order(user_id=self.users["sales"].id)
        mine = order.with_user(self.users["sales"])
        mine.env["sop.engine.flow"].sudo()._start(mine, self.process)
        mine.env["sop.engine.evaluation"].sudo()._run(mine.sudo())
        approval = self.approvals(order)
        self.walk("handed_over", "sop_clerk")
        self.assertEqual(set(approval.user_ids.mapped("name")), {"second", "board1"})
        self.walk("absent", "sop_second", "/odoo/sop-absences")
        delegation = self.env["sop.delegation"].search([("user_id", "=", self.users["second"].id)])
        self.assertEqual(delegation.delegate_id, self.users["board2"])
        self.env["sop.engine.teller"]._refresh(approval.sudo())
        self.assertEqual(approval.delegate_ids, self.users["board2"])
        self.walk("recalled", "sop_sales", f"/odoo/sop-orders/{order.id}")
        self.assertEqual(approval.state, "void")
        self.assertEqual(self.check_of(order).decision_ids.mapped("decision"), ["recall", "transfer"])
        self.assertEqual(self.approvals(order, "open").asked_by_id, self.users["sales"])


@tagged("post_install", "-at_install")
class TestTourApprovalsPhone(ApprovalTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_one_by_phone(self):
        order = self.make_waiting(self.process)
        self.walk("by_phone", "sop_second")
        check = self.check_of(order)
        self.assertEqual((check.state, check.note), ("failed", "Ask for a deposit first"))
