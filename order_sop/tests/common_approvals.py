"""A process whose order is approved by clerks, the head of finance and the board, before it is confirmed."""

from odoo import Command
from odoo.tests import new_test_user

from .common import SopCase, SopFixture


class ApprovalFixture(SopFixture):
    """Makes approvers, processes with approval steps, and orders that wait for them."""

    @classmethod
    def set_up_approvers(cls):
        cls.set_up_company()
        for name in ("clerk", "second", "head", "board1", "board2", "board3"):
            cls.users[name] = new_test_user(
                cls.env, login=f"sop_{name}", groups="order_sop.group_finance", name=name, email=f"{name}@example.com"
            )
        cls.board = cls.env["res.groups"].create({"name": "Board"})
        for name in ("board1", "board2", "board3"):
            cls.users[name].group_ids = cls.board + cls.env.ref("order_sop.group_legal")
        cls.users["finance"].group_ids -= cls.env.ref("order_sop.group_finance")
        cls.users["head"].group_ids += cls.env.ref("order_sop.group_legal")
        cls.users["head"].group_ids -= cls.env.ref("order_sop.group_finance")
        cls.departments["finance"].lead_id = cls.users["head"]

    @classmethod
    def make_approvals(cls, *steps, code="APPROVE", checkpoint=None, **vals):
        """Return a published process whose first stage needs an approval by ``steps`` (dicts) and opens ``confirm``."""
        return cls.make_process(
            {
                "name": "Review",
                "gate": "confirm",
                "department_id": cls.departments["finance"].id,
                "checkpoints": [
                    {
                        "name": "Approve it",
                        "kind": "approval",
                        "step_ids": [
                            Command.create({"sequence": number, "name": f"Step {number}", **step})
                            for number, step in enumerate(steps, 1)
                        ],
                        **(checkpoint or {}),
                    }
                ],
            },
            {"name": "After", "checkpoints": [{"kind": "manual", "name": "Anything"}]},
            code=code,
            **vals,
        )

    @classmethod
    def chain(cls):
        """Return three steps: any clerk, the head of finance, at least two of the board."""
        return (
            {"name": "Clerk", "approver_kind": "department"},
            {"name": "Head", "approver_kind": "lead"},
            {"name": "Board", "approver_kind": "group", "group_id": cls.board.id, "quorum": "count", "minimum": 2},
        )

    @classmethod
    def make_waiting(cls, process, **vals):
        """Return an order of the salesperson that waits for its approval."""
        order = cls.make_order(process=process, user_id=cls.users["sales"].id, **vals)
        cls.commit()
        return order

    @classmethod
    def approvals(cls, order, state=None):
        """Return the approvals of ``order`` that count, in the order in which they are decided."""
        cls.commit()
        live = order.sop_check_ids.approval_ids.filtered(lambda a: a.state != "void" and state in (None, a.state))
        return live.sorted(lambda a: (a.lane, a.rank, a.id))

    @classmethod
    def decide(cls, order, name, decision="approve", comment="Fine", **kwargs):
        """Let the user ``name`` decide what is open of ``order``; return why he could not, or False."""
        open_ones = cls.approvals(order).filtered(lambda a: a.state in ("open", "rejected"))
        results = open_ones.with_user(cls.users[name]).action_decide(decision, comment, **kwargs)
        cls.commit()
        reasons = [result["reason"] for result in results]
        return False if not all(reasons) else "\n".join(reasons) or "unreadable"

    @classmethod
    def check_of(cls, order):
        """Return the live approval check of ``order``."""
        return cls.check(order, "Approve it")


class ApprovalCase(ApprovalFixture, SopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_approvers()

    def run_teller(self):
        """Tell people, as the cron does after the commit."""
        self.run_cron("approval_cron")

    def names(self, users):
        return sorted(users.mapped("name"))
