from odoo import api, fields, models

from ..engine.arguments import existing, moment, plain, text
from ..engine.reaction import OPEN_STATES
from ..engine.tally_sources import SOURCES
from ..engine.tally_trigger import install_trigger
from ..rules.sop_rule import PREFIX
from .sop_waiver import SCOPES

STATES = [
    ("pending", "Pending"),
    ("failed", "Failed"),
    ("passed", "Passed"),
    ("waived", "Waived"),
    ("not_applicable", "Not applicable"),
]
OPEN = "state IN ('pending', 'failed') AND superseded IS NOT TRUE"  # in the ORM's words, or no index is used


class SopCheck(models.Model):
    """One checkpoint on one order, or on one of its deliveries or invoices.

    Written by the engine alone; people act through the ``action_*`` methods.
    """

    _name = "sop.check"
    _description = "SOP Check"
    _inherit = ["sop.record.mixin", "sop.timed.mixin", "sop.guard.mixin"]
    _clock_end_field = "done_at"
    _order = "id"
    _rec_name = "checkpoint_id"

    company_id = fields.Many2one("res.company", readonly=True, required=True, index=True)
    visit_id = fields.Many2one("sop.visit", readonly=True, ondelete="cascade", index=True)
    stage_id = fields.Many2one("sop.stage", readonly=True, required=True, ondelete="restrict")
    checkpoint_id = fields.Many2one("sop.checkpoint", required=True, readonly=True, ondelete="restrict", index=True)
    department_id = fields.Many2one("sop.department", readonly=True, required=True, ondelete="restrict")
    kind = fields.Selection(related="checkpoint_id.kind")
    scope = fields.Selection(related="checkpoint_id.scope")
    blocking = fields.Boolean(related="checkpoint_id.blocking")
    instruction = fields.Char(related="checkpoint_id.instruction")
    picking_id = fields.Many2one(
        "stock.picking", "Delivery", readonly=True, ondelete="set null", index="btree_not_null"
    )
    invoice_id = fields.Many2one("account.move", readonly=True, ondelete="set null", index="btree_not_null")
    assigned_id = fields.Many2one(
        "res.users", "Assigned To", readonly=True, ondelete="set null", help="Empty: any member of the department."
    )
    state = fields.Selection(STATES, readonly=True, required=True)
    superseded = fields.Boolean(
        readonly=True, required=True, help="Belongs to an earlier cycle: the order was sent back behind it."
    )
    reason_code = fields.Char(readonly=True)
    reason_data = fields.Json(readonly=True)
    reason = fields.Char("What Is Missing", compute="_compute_reason")
    made_on = fields.Date(readonly=True, help="Day on which it was asked for first, where the company is.")
    failed = fields.Boolean("Failed Once", readonly=True, help="It has failed, or was rejected, at least once.")
    counted = fields.Boolean(readonly=True, help="It is part of the sums that reports add up.")
    profile = fields.Char(readonly=True, help="That of the order as it was counted: see PROFILE in tally_sources.")
    started_at = fields.Datetime(readonly=True, help="When the check's own time limit began; empty without one.")
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="set null")
    done_at = fields.Datetime(readonly=True)
    note = fields.Text(readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence", readonly=True)
    fingerprint = fields.Char(readonly=True, help="Hash of what the order said when the check was approved.")
    facts = fields.Json(readonly=True, help="What the order said when the check was passed, for what it watches.")
    waiver_scope = fields.Selection(SCOPES, readonly=True)
    waiver_expires_at = fields.Datetime("Passed Over Until", readonly=True)
    decision_ids = fields.One2many("sop.decision", "check_id", "Decisions", readonly=True)
    approval_ids = fields.One2many("sop.approval", "check_id", "Approvals", readonly=True)
    asked_at = fields.Datetime(readonly=True)
    asked_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    recalled = fields.Boolean(readonly=True, help="The request was taken back: it waits until somebody asks again.")

    _assigned_idx = models.Index(f"(assigned_id) WHERE {OPEN}")
    _open_idx = models.Index(f"(department_id, order_id) WHERE {OPEN}")
    _next_idx = models.Index(f"(next_at) WHERE next_at IS NOT NULL AND {OPEN}")
    _uncounted_idx = models.Index(f"(id) WHERE {SOURCES['sop.check'].uncounted}")
    _made_idx = models.Index("(made_on, checkpoint_id)")

    def init(self):
        install_trigger(self.env.cr, SOURCES[self._name])

    @api.depends("checkpoint_id", "picking_id", "invoice_id")
    def _compute_display_name(self):
        for check in self:
            document = check._get_document()
            name = check.checkpoint_id.name
            check.display_name = f"{document.display_name}: {name}" if document else name

    @api.depends_context("lang")
    @api.depends("state", "reason_code", "reason_data", "kind")
    def _compute_reason(self):
        for check in self:
            check.reason = check._get_reason_text(check.reason_code, check.reason_data)

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_pass(self, note=None, attachment_ids=None):
        """Tick the manual checks in ``self`` as a member of their department.

        :param str note: what was found, optional
        :param list attachment_ids: ids of ``ir.attachment`` that the user can read, as evidence
        :raise UserError: for a check that is not open, not manual, or lacks its evidence; AccessError for outsiders
        """
        files = existing(self.env["ir.attachment"], attachment_ids)
        for checks in plain(self)._by_model():
            self.env["sop.engine.signoff"]._pass_manual(checks, text(self.env, note), files)
        return True

    def action_reset(self):
        """Take back the tick of manual checks whose stage is still open."""
        for checks in plain(self)._by_model():
            self.env["sop.engine.signoff"]._reset_manual(checks)
        return True

    def action_approve(self, comment=None):
        """Approve what is the user's to approve of the checks in ``self``; see ``sop.approval.action_decide``.

        :raise UserError: when one of them cannot be decided; AccessError when it is for somebody else to decide
        """
        for checks in plain(self)._by_model():
            self.env["sop.engine.decide"]._decide_checks(checks, "approve", text(self.env, comment))
        return True

    def action_reject(self, comment=None):
        """Reject what is the user's to decide of the checks in ``self``; the comment is required."""
        for checks in plain(self)._by_model():
            self.env["sop.engine.decide"]._decide_checks(checks, "reject", text(self.env, comment))
        return True

    def action_ask(self):
        """Ask for the approval checks in ``self``; for their stage's departments and the order's salesperson."""
        for checks in plain(self)._by_model():
            self.env["sop.engine.handover"]._ask(checks)
        return True

    def action_waive(self, reason=None, scope="check", expires_at=None):
        """Pass over the open checks in ``self``; for SOP managers and whom their checkpoint names.

        :param str reason: required, stays visible
        :param str scope: ``check``: only these; ``checkpoint``: in later rounds of the order too
        :param str expires_at: when they are open again, UTC; None: not before the order is changed
        """
        until = moment(self.env, expires_at)
        for checks in plain(self)._by_model():
            self.env["sop.engine.waivers"]._waive(checks, text(self.env, reason), text(self.env, scope), until)
        return True

    def action_open_dialog(self):
        """Open the dialog that asks for note, evidence or reason before one check is passed or waived."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_check_dialog_action")
        return action | {
            "name": f"{self.flow.name}: {self.display_name}",
            "context": {"default_check_id": self.id, "default_operation": self.env.context.get("sop_operation")},
        }

    # -- business methods ----------------------------------------------------------------------------------------------

    def _get_clock_start(self):
        return self.started_at

    def _get_limit_hours(self):
        return self.checkpoint_id.time_limit_hours

    def _get_document(self):
        """Return the delivery or invoice that the one check in ``self`` is about, or an empty recordset."""
        return self.picking_id or self.invoice_id or self.env["stock.picking"]

    def _is_open_now(self):
        """Tell whether the one check in ``self`` is to be done now: of the stage where its open order is, or of a
        delivery or invoice that got there before."""
        order = self.flow
        return (
            self.state in OPEN_STATES
            and not self.superseded
            and order.sop_status not in (False, "done", "cancelled")
            and (self.stage_id == order.sop_stage_id or bool(self._get_document()))
        )

    def _holds_on(self):
        """Tell whether the one check in ``self`` passed and lasts until the order's content changes."""
        rule = self.checkpoint_id._get_rule() if self.state == "passed" else None
        return (rule is not None and rule._lasting) or self._is_settled()

    def _is_settled(self):
        """Tell whether the one check in ``self`` passed in an earlier stage on a delivery or invoice that is final."""
        return (
            self.state == "passed"
            and self._get_document().state in ("done", "posted")
            and self.stage_id._is_before(self.flow.sop_stage_id)
        )

    def _get_reason_text(self, code, data):
        """Return why the one check in ``self`` does not hold, in the reader's language; False when it holds."""
        return self._get_open_text(code, data) if self.state in OPEN_STATES or code else False

    def _get_open_text(self, code, data):
        """Return why the one check in ``self`` does not hold, whatever its stored state, in the reader's language."""
        if code and self.checkpoint_id.rule:
            return self.env[PREFIX + self.checkpoint_id.rule]._reason_text(code, data)
        if code == "expired":
            return self.env._("“%s” was passed over for a time that is over.", self.checkpoint_id.name)
        if self.kind == "manual":
            return self.env._("“%s” is still to be done.", self.checkpoint_id.name)
        if self.kind == "approval" and self.state == "failed":
            return self.env._("“%s” was rejected.", self.checkpoint_id.name)
        if self.kind == "approval" and not self.asked_at:
            return self.env._("“%s” is still to be asked for.", self.checkpoint_id.name)
        if self.kind == "approval":
            return self.env._("“%s” is still to be approved.", self.checkpoint_id.name)
        return self.env._("“%s” has not been looked at yet.", self.checkpoint_id.name)
