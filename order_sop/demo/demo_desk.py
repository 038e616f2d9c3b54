from datetime import timedelta

from odoo import Command
from odoo.tools import file_open

LARGE = "[('sop_amount_company', '>=', 10000)]"


class DemoDesk:
    """What the steps of demo orders need: the demo's records, users and files, and what is to be set up once."""

    def __init__(self, env, clock):
        self.clock = clock
        self.env = env(context={**env.context, "skip_sms": True})

    def ref(self, name):
        """Return the demo record called ``name``."""
        return self.env.ref(f"order_sop.demo_{name}")

    def by(self, department, records):
        """Return ``records`` as the user of ``department`` has them."""
        return records.with_user(self.ref(f"user_{department}"))

    def settle(self, records):
        """Evaluate what changed, as Odoo does before it commits."""
        records.env["sop.engine.evaluation"]._flush()

    def read_file(self, name):
        """Return the content of one of the demo's files."""
        with file_open(f"order_sop/demo/files/{name}", "rb") as stream:
            return stream.read()

    def attach(self, department, record, name, file):
        """Return a file that ``department`` attached to ``record``."""
        values = {"name": name, "res_model": record._name, "res_id": record.id, "raw": self.read_file(file)}
        return self.by(department, self.env["ir.attachment"]).create(values)

    def check(self, order, name):
        """Return the open check of ``order`` whose checkpoint is called ``name``."""
        return order.sop_check_ids.filtered(
            lambda check: check.checkpoint_id.name == name and not check.superseded and check.state != "passed"
        )

    def publish(self):
        """The SOP manager takes over the processes that come with the addon and publishes them.

        In the demo's company the head of finance approves large orders after a clerk has.
        """
        manager = self.ref("user_manager")
        b2b, b2c = self.env.ref("order_sop.process_b2b"), self.env.ref("order_sop.process_b2c")
        if b2b.state != "draft":  # the demo comes to a database where the addon is in use
            b2b = b2b.browse(self.by("manager", b2b).action_new_version()["res_id"])
        steps = [{"name": "Clerk"}, {"name": "Head of Finance", "approver_kind": "lead", "order_domain": LARGE}]
        b2b.stage_ids.checkpoint_ids.filtered(lambda checkpoint: checkpoint.kind == "approval").write(
            {
                "step_ids": [Command.create(step | {"sequence": place}) for place, step in enumerate(steps, 1)],
                "remind_hours": 4,
                "escalate_hours": 8,
            }
        )
        cases = self.env.ref("order_sop.process_case")
        drafts = self.by("manager", (b2b | b2c | cases).filtered(lambda process: process.state == "draft"))
        drafts.write({"owner_id": manager.id, "review_date": self.clock.day + timedelta(days=90)})
        (drafts - cases).tell_delays = True
        drafts.action_publish()

    def draft_stricter_version(self):
        """The SOP manager drafts a stricter version for business customers, to be tried on the orders that are there:
        no discount above 10 %, no quantity above 20, and an approval from 2,000 on."""
        b2b = self.env.ref("order_sop.demo_b2b_review").sop_process_id
        draft = b2b.browse(self.by("manager", b2b).action_new_version()["res_id"])
        checkpoints = draft.stage_ids.checkpoint_ids
        checkpoints.filtered(lambda checkpoint: checkpoint.rule == "discount").rule_percent = 10
        checkpoints.filtered(lambda checkpoint: checkpoint.rule == "quantity").rule_quantity = 20
        approvals = checkpoints.filtered(lambda checkpoint: checkpoint.kind == "approval")
        approvals.order_domain = "[('sop_amount_company', '>=', 2000)]"
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": "order_sop.demo_process_b2b_draft", "record": draft, "noupdate": True}]
        )

    def open_online_payment(self):
        """Let payments by the demo provider, which has no code of its own, be booked in the bank journal."""
        provider, method = self.ref("payment_provider"), self.env.ref("account.account_payment_method_manual_in")
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", provider.company_id.id)], limit=1
        )
        self.env["account.payment.method.line"].create(
            {
                "name": provider.name,
                "journal_id": bank.id,
                "payment_method_id": method.id,
                "payment_provider_id": provider.id,
                "payment_account_id": provider._get_payment_method_outstanding_account_id(method),
            }
        )
