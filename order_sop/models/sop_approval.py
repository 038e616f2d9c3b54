from odoo import api, fields, models
from odoo.fields import Domain

from ..engine.reading import read_lines, read_links, read_rows
from ..engine.subset import subset

STATES = [
    ("waiting", "Not its turn yet"),
    ("open", "To decide"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("void", "Not needed any more"),
]


class SopApproval(models.Model):
    """One step of an approval check on one order: who may decide it, and how it stands.

    Those of one ``lane`` are decided one after the other, by ``rank``; lanes side by side. Written by the engine
    alone; people act through the ``action_*`` methods.
    """

    _name = "sop.approval"
    _description = "SOP Approval"
    _inherit = ["sop.record.mixin", "sop.guard.mixin"]
    _order = "id desc"

    check_id = fields.Many2one("sop.check", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    department_id = fields.Many2one("sop.department", required=True, readonly=True, ondelete="restrict")
    step_id = fields.Many2one("sop.approval.step", readonly=True, ondelete="restrict")
    added_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    lane = fields.Integer(readonly=True)
    rank = fields.Float(readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    user_ids = fields.Many2many(
        "res.users", "sop_approval_user_rel", string="Approvers", readonly=True, help="Who may decide it."
    )
    guest_ids = fields.Many2many(
        "res.users", "sop_approval_guest_rel", string="Brought In", readonly=True, help="By transfer or escalation."
    )
    delegate_ids = fields.Many2many(
        "res.users", "sop_approval_delegate_rel", string="Delegates", readonly=True, help="They stand in for approvers."
    )
    needed = fields.Integer(required=True, readonly=True, help="How many people have to approve.")
    opened_at = fields.Datetime("Asked On", readonly=True)
    remind_at = fields.Datetime(readonly=True)
    escalate_at = fields.Datetime(readonly=True)
    reminded = fields.Boolean(readonly=True)
    escalated = fields.Boolean(readonly=True)
    closed_at = fields.Datetime(readonly=True)
    decided_at = fields.Datetime(
        "Decided On", readonly=True, help="It stays when the decision does not count any more: the order has changed."
    )
    worked_hours = fields.Float(
        "Working Hours to the Decision",
        readonly=True,
        aggregator="avg",
        help="From being asked, or from the rejection that it takes back, to the decision, without those in which a "
        "hold stopped the clock.",
    )
    to_tell = fields.Boolean(readonly=True, help="Who has to decide it has changed: activities and mails follow.")
    decision_ids = fields.One2many("sop.decision", "approval_id", "Decisions", readonly=True)
    next_id = fields.Many2one(
        "sop.approval",
        "Taken Up Again",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="The approval whose earlier round this was: it was rejected, and decided anew.",
    )

    checkpoint_id = fields.Many2one("sop.checkpoint", "What", required=True, readonly=True, ondelete="restrict")
    seen = fields.Char(
        "What Is Seen", compute="_compute_seen", compute_sudo=True, help="Fingerprint of what the order says now."
    )
    stage_id = fields.Many2one(related="check_id.stage_id")
    check_state = fields.Selection(related="check_id.state", string="State of the Check")
    asked_by_id = fields.Many2one(related="check_id.asked_by_id")
    changes = fields.Text("Changed Since", compute="_compute_changes")
    currency_id = fields.Many2one("res.currency", compute="_compute_amount_total", compute_sudo=True)
    amount_total = fields.Monetary(
        "Amount",
        compute="_compute_amount_total",
        compute_sudo=True,
        help="The order's total, or what a case is to give back.",
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    margin = fields.Monetary(compute="_compute_basis", currency_field="company_currency_id", compute_sudo=True)
    exposure = fields.Monetary(
        compute="_compute_basis",
        currency_field="company_currency_id",
        compute_sudo=True,
        help="What the customer owes: open invoices and confirmed orders not yet invoiced.",
    )
    payment_term_id = fields.Many2one(related="order_id.payment_term_id")
    for_me = fields.Boolean("Waits for Me", compute="_compute_for_me", search="_search_for_me")
    may_recall = fields.Boolean(compute="_compute_for_me")

    _open_idx = models.Index("(id) WHERE state = 'open'")
    _remind_idx = models.Index("(remind_at) WHERE remind_at IS NOT NULL")
    _escalate_idx = models.Index("(escalate_at) WHERE escalate_at IS NOT NULL")
    _decided_idx = models.Index("(company_id, decided_at) WHERE decided_at IS NOT NULL")
    _tell_idx = models.Index("(id) WHERE to_tell")

    @api.depends("order_id.amount_total", "order_id.currency_id", "case_id")
    def _compute_amount_total(self):
        for approval in self:
            approval.amount_total, approval.currency_id = approval.flow._sop_amount()

    @api.depends_context("lang")
    @api.depends("check_id", "step_id")
    def _compute_display_name(self):
        for approval in self:
            approval.display_name = f"{approval.flow.name}: {approval._get_step_name()}"

    @api.depends_context("lang")
    @api.depends("check_id.reason_code", "check_id.reason_data")
    def _compute_changes(self):
        for approval in self:
            check = approval.check_id
            changed = check.reason_code == "changed" and check.reason_data
            approval.changes = self.env["sop.engine.watch"]._get_text(approval.flow, changed) if changed else False

    def _compute_seen(self):
        for approval in self:
            approval.seen = approval.flow._sop_seen()

    def _compute_basis(self):
        for part in self._by_model():
            basis = self.env["sop.engine.approver"]._get_basis(part.flow)
            for approval in part:
                approval.margin = basis[approval.flow]["margin"]
                approval.exposure = basis[approval.flow]["exposure"]

    @api.depends_context("uid")
    def _compute_for_me(self):
        user = self.env.user
        manager = user.has_group("order_sop.group_manager")
        for approval in self:
            is_open = approval.state == "open" and approval.check_state == "pending"
            spoken = user in approval._get_votes().user_id
            approval.for_me = is_open and not spoken and user in approval.user_ids | approval.delegate_ids
            approval.may_recall = is_open and (manager or approval.asked_by_id == user)

    def _search_for_me(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        uid = self.env.uid
        domain = Domain("state", "=", "open") & Domain("check_id.state", "=", "pending")
        domain &= Domain("user_ids", "in", [uid]) | Domain("delegate_ids", "in", [uid])
        domain &= ~Domain("decision_ids", "any", [("user_id", "=", uid), ("decision", "=", "approve")])
        return domain if (operator == "in") == (True in value) else ~domain

    # -- business methods ----------------------------------------------------------------------------------------------

    def _read_ahead(self):
        """Put what a word on the approvals in ``self`` asks for into the record cache, in a fixed number of queries.

        For users who may read any. Nothing of it is told: whoever calls checks which these are.

        :return: ``self``
        """
        if not self or not self.browse().has_access("read"):
            return self
        asked = self.sudo()  # into the cache alone, see above
        domain = Domain.OR(
            Domain(link, "in", asked._as_query(ordered=False).subselect(link)) for link in ("order_id", "case_id")
        )
        for approvals in read_rows(asked, domain)._by_model():
            documents = approvals.flow
            documents.sop_process_id._warm_up()
            read_lines(documents, "sop_check_ids")
            read_lines(documents.sop_check_ids, "approval_ids", approvals)
            read_lines(approvals, "decision_ids")
            people = [(approvals, name) for name in ("user_ids", "guest_ids", "delegate_ids")]
            read_links(*people, *documents._sop_read_ahead())
        return self

    def _get_visible_names(self):
        """Return ``{approval: display name}`` of those in ``self`` that the user can see."""
        visible = self._filtered_access("read")
        return dict(zip(visible, visible.mapped("display_name"), strict=True))

    def _get_result(self, names, refused):
        """Return what became of the one approval in ``self``: see :meth:`action_decide`."""
        return {"id": self.id, "name": names.get(self, False), "reason": refused.get(self) or False}

    def _get_step_name(self):
        """Return the name of the one approval in ``self``: its step's, or its checkpoint's."""
        if self.added_by_id:
            return self.env._(
                "%(checkpoint)s (added by %(user)s)", checkpoint=self.checkpoint_id.name, user=self.added_by_id.name
            )
        return self.step_id.name or self.checkpoint_id.name

    def _get_votes(self):
        """Return those decisions on the approvals in ``self`` that approve."""
        return subset(self.decision_ids, lambda decision: decision.decision == "approve")

    def _get_voter_ids(self):
        """Return the ids of who has approved any of the approvals in ``self``, or was stood in for, as a set."""
        return {user_id for vote in self._get_votes() for user_id in vote._get_people()}

    def _get_before(self):
        """Return the unfinished approvals of the same lane that have to be decided before the one in ``self``."""
        return self.check_id.approval_ids.filtered(
            lambda other: other.lane == self.lane and other.rank < self.rank and other.state in ("waiting", "open")
        )
