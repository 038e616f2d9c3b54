from odoo import api, models
from odoo.tools import SQL

from ..engine.tally_query import live_rows
from .kpi_scope import share


class SopKpiChecks(models.AbstractModel):
    """KPIs of the checks that were first asked for in the period and judged since, from the sums of ``sop.check``."""

    _name = "sop.kpi.checks"
    _description = "SOP KPIs of checks"
    _inherit = ["sop.kpi.family"]

    @api.model
    def _compute_figures(self, scope):
        [row] = self._read(self._sums(scope))
        return {"check_failures": share(row["failed"] or 0, row["checks"] or 0)}

    @api.model
    def _get_checkpoints(self, scope):
        """Return ``{checkpoint id: (failed, judged)}`` of the period."""
        rows = self._read(self._sums(scope, SQL("t.checkpoint_id")))
        return {row["checkpoint_id"]: (row["failed"], row["checks"]) for row in rows}

    @api.model
    def _sums(self, scope, *by):
        stage = SQL("(SELECT c.stage_id FROM sop_checkpoint c WHERE c.id = t.checkpoint_id)")
        return SQL(
            "SELECT %s SUM(t.failed)::int AS failed, SUM(t.checks)::int AS checks FROM (%s) t"
            " WHERE t.company_id = %s AND %s AND %s %s",
            SQL("").join(SQL("%s, ", column) for column in by),
            live_rows("sop_check_tally"),
            scope.company_id,
            scope.days(SQL("t.day")),
            scope.of_stages(self.env, stage, SQL("t.department_id")),
            SQL("GROUP BY %s", SQL(", ").join(by)) if by else SQL(),
        )

    @api.model
    def _get_rows(self, code, scope):
        domain = [
            ("company_id", "=", scope.company_id),
            ("made_on", ">=", scope.date_from),
            ("made_on", "<=", scope.date_to),
            "|",
            ("failed", "=", True),
            ("state", "in", ("passed", "waived")),
        ]
        processes = scope.processes(self.env)
        if processes is not None:
            domain.append(("stage_id.process_id", "in", processes))
        if scope.department_id:
            domain.append(("department_id", "=", scope.department_id))
        return "sop.check", domain
