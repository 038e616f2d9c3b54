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
            "SELECT ROUND((a.worked_hours * 60)::numeric) AS worked,"
            " ROUND(EXTRACT(EPOCH FROM a.decided_at - a.opened_at) / 60) AS elapsed FROM sop_approval a"
            " JOIN sop_check c ON c.id = a.check_id"
            " WHERE a.company_id = %s AND a.decided_at >= %s AND a.decided_at < %s AND %s AND %s",
            scope.company_id,
            start,
            end,
            scope.of_stages(self.env, SQL("c.stage_id")),
            department,
        )
        worked = self._read_spread(SQL("f.worked"), decided, SQL("TRUE"))
        elapsed = self._read_spread(SQL("f.elapsed"), decided, SQL("TRUE"))
        return {
            "approval_hours": median(worked, 60),
            "approval_hours_p80": median(worked, 60, 80),
            "approval_elapsed": median(elapsed, 60),
        }

    @api.model
    def _get_rows(self, code, scope):
        start, end = scope.moments(self.env)
        domain = [
            ("company_id", "=", scope.company_id),
            ("decided_at", ">=", start),
            ("decided_at", "<", end),
        ]
        processes = scope.processes(self.env)
        if processes is not None:
            domain.append(("check_id.stage_id.process_id", "in", processes))
        if scope.department_id:
            domain.append(("check_id.department_id", "=", scope.department_id))
        return "sop.approval", domain
