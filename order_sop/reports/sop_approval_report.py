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
    _depends = {
        "sop.approval": [
            *("state", "opened_at", "decided_at", "worked_hours", "check_id", "checkpoint_id"),
            *("company_id", "order_id", "case_id", "next_id"),
        ],
        "sop.case": ["order_id", "partner_id"],
    }

    approval_id = fields.Many2one("sop.approval", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    case_id = fields.Many2one("sop.case", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    process_id = fields.Many2one("sop.process", readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    checkpoint_id = fields.Many2one("sop.checkpoint", "What", readonly=True)
    department_id = fields.Many2one("sop.department", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    categ_id = fields.Many2one("product.category", readonly=True, help="That of the line of goods that comes to most.")
    asked_by_id = fields.Many2one("res.users", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    asked_on = fields.Date(readonly=True)
    decided_on = fields.Date(readonly=True)
    counted = fields.Integer("Approvals", readonly=True)
    worked_hours = fields.Float("Working Hours to the Decision", readonly=True, aggregator="avg")
    hours = fields.Float("Elapsed Hours to the Decision", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        company = SQL("a.company_id")
        return SQL(
            "SELECT a.id, a.id AS approval_id, COALESCE(a.order_id, k.order_id) AS order_id, a.case_id, a.company_id,"
            " s.process_id, c.stage_id, a.checkpoint_id, c.department_id, c.asked_by_id, 1 AS counted,"
            " CASE WHEN a.next_id IS NULL THEN a.state ELSE 'rejected' END AS state,"
            " COALESCE(f.partner_id, p.commercial_partner_id) AS partner_id, f.team_id, f.user_id AS salesperson_id,"
            " CASE WHEN f.order_id IS NULL THEN p.country_id ELSE f.country_id END AS country_id, f.categ_id,"
            " %(asked_on)s AS asked_on, %(decided_on)s AS decided_on,"
            " CASE WHEN a.decided_at IS NOT NULL THEN a.worked_hours END AS worked_hours,"
            " EXTRACT(EPOCH FROM a.decided_at - a.opened_at)::float8 / 3600 AS hours"
            " FROM sop_approval a JOIN sop_check c ON c.id = a.check_id JOIN sop_stage s ON s.id = c.stage_id"
            " LEFT JOIN sop_case k ON k.id = a.case_id LEFT JOIN res_partner p ON p.id = k.partner_id"
            " LEFT JOIN (%(facts)s) f ON f.order_id = COALESCE(a.order_id, k.order_id)",
            asked_on=day(self.env, SQL("a.opened_at"), company),
            decided_on=day(self.env, SQL("a.decided_at"), company),
            facts=self.env["sop.engine.fact"]._get_rows(),
        )

    def action_open_approval(self):
        """Open the approval that the one row in ``self`` is about, with all that was said on it."""
        self.ensure_one()
        self.check_access("read")
        approval = self.approval_id.next_id or self.approval_id
        return {
            "type": "ir.actions.act_window",
            "res_model": "sop.approval",
            "res_id": approval.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
