from odoo import api, models
from odoo.tools import SQL

from .kpi_scope import median


class SopKpiApprovals(models.AbstractModel):
    """KPIs of the approvals that were decided in the period."""

    _name = "sop.kpi.approvals"
    _description = "SOP KPIs of approvals"
    _inherit = ["sop.kpi.family"]

    @api.model
    def _compute_figures(self, scope):
        start, end = scope.moments(self.env)
        department = SQL("c.department_id = %s", scope.department_id) if scope.department_id else SQL("TRUE")
        decided = SQL(
            "SELECT ROUND(EXTRACT(EPOCH FROM a.closed_at - a.opened_at) / 60) AS minutes, a.state FROM sop_approval a"
            " JOIN sop_check c ON c.id = a.check_id"
            " WHERE a.company_id = %s AND a.closed_at >= %s AND a.closed_at < %s AND %s AND %s"
            " AND a.state IN ('approved', 'rejected') AND a.opened_at IS NOT NULL",
            scope.company_id,
            start,
            end,
            scope.of_stages(self.env, SQL("c.stage_id")),
            department,
        )
        spread = self._read_spread(SQL("f.minutes"), decided, SQL("TRUE"))
        return {
            "approval_hours": median(spread, 60),
            "approval_hours_p80": median(spread, 60, 80),
        }

    @api.model
    def _get_rows(self, code, scope):
        start, end = scope.moments(self.env)
        domain = [
            ("company_id", "=", scope.company_id),
            ("closed_at", ">=", start),
            ("closed_at", "<", end),
            ("opened_at", "!=", False),
            ("state", "in", ("approved", "rejected")),
        ]
        processes = scope.processes(self.env)
        if processes is not None:
            domain.append(("check_id.stage_id.process_id", "in", processes))
        if scope.department_id:
            domain.append(("check_id.department_id", "=", scope.department_id))
        return "sop.approval", domain
