from odoo import fields, models
from odoo.tools import SQL

from ..engine.zones import day
from ..models.sop_approval import STATES


class SopApprovalReport(models.Model):
    """Approvals that were asked for: what about, of whom, how it ended and how long that took."""

    _name = "sop.approval.report"
    _description = "SOP Approval Analysis"
    _auto = False
    _order = "asked_on desc, id desc"
    _rec_name = "approval_id"
    _depends = {"sop.approval": ["state", "opened_at", "closed_at", "check_id", "needed", "company_id"]}

    approval_id = fields.Many2one("sop.approval", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    case_id = fields.Many2one("sop.case", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    process_id = fields.Many2one("sop.process", readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    checkpoint_id = fields.Many2one("sop.checkpoint", "What", readonly=True)
    department_id = fields.Many2one("sop.department", readonly=True)
    asked_by_id = fields.Many2one("res.users", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    asked_on = fields.Date(readonly=True)
    decided_on = fields.Date(readonly=True)
    counted = fields.Integer("Approvals", readonly=True)
    hours = fields.Float("Hours to the Decision", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        company = SQL("a.company_id")
        return SQL(
            "SELECT a.id, a.id AS approval_id, a.order_id, a.case_id, a.company_id, s.process_id, c.stage_id,"
            " a.checkpoint_id, c.department_id, c.asked_by_id, a.state, 1 AS counted, %s AS asked_on, %s AS decided_on,"
            " CASE WHEN a.state IN ('approved', 'rejected')"
            " THEN EXTRACT(EPOCH FROM a.closed_at - a.opened_at)::float8 / 3600 END AS hours"
            " FROM sop_approval a JOIN sop_check c ON c.id = a.check_id JOIN sop_stage s ON s.id = c.stage_id",
            day(self.env, SQL("a.opened_at"), company),
            day(self.env, SQL("a.closed_at"), company),
        )
