from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from .sop_flow_mixin import OPEN_STATUSES

JEOPARDY = [("on_track", "On track"), ("at_risk", "At risk"), ("late", "Will be late")]


class SopFlowTime(models.AbstractModel):
    """How a document stands in time: late in its stage, its clock stopped, its promised date in jeopardy."""

    _inherit = "sop.flow.mixin"  # pylint: disable=consider-merging-classes-inherited

    sop_late = fields.Boolean("Late", compute="_compute_sop_late", search="_search_sop_late")
    sop_paused_at = fields.Datetime(related="sop_visit_id.paused_at", string="Clock Stopped Since")
    sop_clock_text = fields.Char("Clock", compute="_compute_sop_clock_text")
    sop_risk_at = fields.Datetime(
        "At Risk From",
        copy=False,
        readonly=True,
        help="From then on the promised date does not fit any more the hours that four of five orders keep to.",
    )
    sop_miss_at = fields.Datetime(
        "Late From",
        copy=False,
        readonly=True,
        help="From then on the promised date does not fit any more the hours that an order usually takes.",
    )
    sop_jeopardy = fields.Selection(
        JEOPARDY,
        "Promise",
        compute="_compute_sop_jeopardy",
        search="_search_sop_jeopardy",
        help="Whether the promised date can be kept, by the hours that the stages left have usually taken.",
    )
    sop_promised_at = fields.Datetime("Promised For", compute="_compute_sop_outlook")
    sop_expected_finish = fields.Datetime(
        "Expected Finish",
        compute="_compute_sop_outlook",
        help="When the goods can leave, if each stage left takes the usual hours.",
    )
    sop_jeopardy_reason = fields.Char("Why", compute="_compute_sop_outlook")

    @api.depends("sop_deadline", "sop_status")
    def _compute_sop_late(self):
        now = fields.Datetime.now()
        for document in self:
            deadline = document.sop_deadline
            document.sop_late = bool(deadline and deadline < now and document.sop_status in OPEN_STATUSES)

    def _search_sop_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = Domain("sop_deadline", "<", fields.Datetime.now()) & Domain("sop_status", "in", OPEN_STATUSES)
        return late if (operator == "in") == (True in value) else ~late

    @api.depends_context("lang", "tz")
    @api.depends("sop_paused_at", "sop_status")
    def _compute_sop_clock_text(self):
        for document, stopped in zip(self, self.sudo(), strict=True):  # whoever sees the order may see what holds it
            document.sop_clock_text = stopped.sop_paused_at and self.env._(
                "Clock stopped since %(since)s (%(types)s)",
                since=format_datetime(self.env, stopped.sop_paused_at, dt_format="short"),
                types=", ".join(stopped._sop_open_holds().type_id.filtered("stops_clock").mapped("name")),
            )

    @api.depends("sop_risk_at", "sop_miss_at", "sop_status")
    def _compute_sop_jeopardy(self):
        now = fields.Datetime.now()
        for document in self:
            if not document.sop_miss_at or document.sop_status not in OPEN_STATUSES:
                document.sop_jeopardy = False
            elif document.sop_miss_at <= now:
                document.sop_jeopardy = "late"
            else:
                document.sop_jeopardy = "at_risk" if document.sop_risk_at <= now else "on_track"

    def _search_sop_jeopardy(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        now = fields.Datetime.now()
        promised = Domain("sop_status", "in", OPEN_STATUSES) & Domain("sop_miss_at", "!=", False)
        at_risk = Domain("sop_status", "in", OPEN_STATUSES) & Domain("sop_risk_at", "<=", now)  # or even late
        domains = {
            "late": at_risk & Domain("sop_miss_at", "<=", now),
            "at_risk": at_risk & Domain("sop_miss_at", ">", now),
            "on_track": promised & Domain("sop_risk_at", ">", now),
            False: ~promised,
        }
        domain = Domain.OR(domains[state] for state in value if state in domains)
        return domain if operator == "in" else ~domain

    @api.depends_context("lang", "tz")
    @api.depends("sop_revision", "sop_risk_at", "sop_miss_at", "sop_status", "sop_stage_id")
    def _compute_sop_outlook(self):
        outlooks = self.env["sop.engine.pace"]._get_outlooks(self.filtered("sop_process_id"))
        for document in self:
            outlook = outlooks.get(document.sudo(), {})  # keys are in superuser mode, only to be found by
            document.sop_promised_at = outlook.get("promised", False)
            document.sop_expected_finish = outlook.get("finish", False)
            document.sop_jeopardy_reason = outlook.get("reason", False)

    def _sop_promised(self):
        """Return by when the documents in ``self`` are to be done: ``{document: naive UTC or False}``; set-wise."""
        raise NotImplementedError(self._name)
