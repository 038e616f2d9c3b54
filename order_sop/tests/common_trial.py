"""A process that orders run by, and a draft of it that is tried on them."""

from odoo import Command

from .common_approvals import ApprovalCase


class TrialCase(ApprovalCase):
    """A process that orders run by, and a draft of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sop.process"].search([("state", "=", "published")]).action_retire()  # those that come with the addon
        cls.env["sale.order"].search([("state", "!=", "cancel")])._action_cancel()
        cls.process = cls.make_process(
            {
                "name": "Review",
                "gate": "confirm",
                "checkpoints": [
                    {"name": "Discounts", "kind": "auto", "rule": "discount", "rule_percent": 20},
                    {"name": "Look", "kind": "manual", "department_id": cls.departments["legal"].id},
                ],
            },
            {
                "name": "Ship",
                "gate": "ship",
                "department_id": cls.departments["warehouse"].id,
                "checkpoints": [{"name": "Picked", "kind": "auto", "rule": "picked", "scope": "delivery"}],
            },
            code="TRIED",
        )
        cls.draft = cls.process.browse(cls.process.action_new_version()["res_id"])
        cls.review = cls.draft.stage_ids[0]
        cls.discounts = cls.review.checkpoint_ids[0]

    @classmethod
    def sell(cls, discount=0.0, process=None, **vals):
        """Return an order of the salesperson with a discount, under the published process."""
        order = cls.make_order(user_id=cls.users["sales"].id, **vals)
        order.order_line.discount = discount
        cls.put_under(order, process or cls.process)
        return order

    def require_approval(self, *steps, **vals):
        """Let the draft's review need an approval by ``steps``."""
        self.review.checkpoint_ids = [
            Command.create(
                {
                    "name": "Approve it",
                    "kind": "approval",
                    "department_id": self.departments["finance"].id,
                    "step_ids": [Command.create({"name": f"Step {n}", **step}) for n, step in enumerate(steps)],
                    **vals,
                }
            )
        ]

    def run_trial(self, user="officer", draft=None, **vals):
        """Return a trial that ``user`` has run."""
        action = (draft or self.draft).with_user(self.users[user]).action_open_trial()
        trial = self.env["sop.trial"].with_user(self.users[user]).browse(action["res_id"])
        trial.write(vals)
        self.commit()
        trial.action_run()
        return trial

    @staticmethod
    def line(trial, name, key):
        """Return the line of ``trial`` in its list ``name`` about the record called ``key``."""
        return trial[name].filtered(lambda line: line.display_name == key)
