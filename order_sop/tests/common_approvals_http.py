"""An order that waits for a clerk, and people who call the server from outside."""

from .common_approvals import ApprovalFixture
from .common_http import SopHttpCase


class ApprovalHttpCase(ApprovalFixture, SopHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_approvers()
        cls.process = cls.make_approvals({"name": "Clerk"}, {"name": "Head", "approver_kind": "lead"})
        for name in ("clerk", "sales"):
            cls.users[name].group_ids += cls.env.ref("sales_team.group_sale_manager")

    def setUp(self):
        super().setUp()
        self.order = self.make_waiting(self.process)
        self.check_id = self.check_of(self.order).id
        self.approval = self.approvals(self.order, "open")

    def both(self, model, method, ids, user, **kwargs):
        """Yield the same call by JSON-RPC and by ``/json/2``."""
        yield lambda: self.rpc(model, method, ids, user=user, **kwargs)
        yield lambda: self.json2(model, method, user=user, ids=ids, **kwargs)

    def assert_waiting(self):
        check = self.check_of(self.order)
        self.assertEqual((check.state, self.approval.state), ("pending", "open"))
        self.assertFalse(check.decision_ids)
