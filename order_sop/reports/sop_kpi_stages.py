from odoo import api, models
from odoo.tools import SQL

from ..engine.tally_query import live_rows
from ..engine.tally_sources import TENTHS
from .kpi_scope import amount, median, share


class SopKpiStages(models.AbstractModel):
    """KPIs of the stages that were completed in the period, from the sums of ``sop.visit``."""

    _name = "sop.kpi.stages"
    _description = "SOP KPIs of stages"
    _inherit = ["sop.kpi.family"]

    @api.model
    def _compute_figures(self, scope):
        [row] = self._read(self._sums(scope))
        sums = {name: row[name] or 0 for name in ("visits", "limited", "late")}
        spreads = self._read_spreads(scope)
        whole = {}
        for spread in spreads.values():
            for minutes, visits in spread.items():
                whole[minutes] = whole.get(minutes, 0) + visits
        return {
            "stages_done": amount(sums["visits"]),
            "sla": share(sums["limited"] - sums["late"], sums["limited"]),
            "stage_hours": median(whole, 60),
        }

    @api.model
    def _get_stages(self, scope):
        """Return ``{stage id: {"visits", "late", "limited", "repeated": numbers, "hours": Figure of the median,
        "p80", "p95": hours}}`` of the stages that were completed in the period."""
        spreads = self._read_spreads(scope)
        result = {}
        for row in self._read(self._sums(scope, SQL("t.stage_id"))):
            spread = spreads.get(row["stage_id"], {})
            result[row["stage_id"]] = row | {
                "hours": median(spread, 60),
                **{f"p{percent}": median(spread, 60, percent).value for percent in (80, 95)},
            }
        return result

    @api.model
    def _sums(self, scope, *by):
        """Return the query of the sums of the period, ``by`` these columns (SQL)."""
        columns = SQL("").join(SQL("%s, ", column) for column in by)
        return SQL(
            "SELECT %s SUM(t.visits)::int AS visits, SUM(t.limited)::int AS limited, SUM(t.late)::int AS late,"
            " SUM(t.repeated)::int AS repeated, SUM(t.minutes) AS minutes FROM (%s) t"
            " WHERE t.company_id = %s AND %s AND %s %s",
            columns,
            live_rows("sop_visit_tally"),
            scope.company_id,
            scope.days(SQL("t.day")),
            scope.of_stages(self.env, SQL("t.stage_id"), SQL("t.department_id")),
            SQL("GROUP BY %s", SQL(", ").join(by)) if by else SQL(),
        )

    @api.model
    def _read_spreads(self, scope):
        """Return ``{stage id: {minutes: visits}}`` of the period: whole months from the tally, the days before and
        after them from the visits themselves."""
        first, end = scope.months
        company = SQL("t.company_id = %s", scope.company_id)
        stages = scope.of_stages(self.env, SQL("t.stage_id"))
        if scope.department_id:
            stages = SQL(
                "%s AND t.stage_id IN (SELECT id FROM sop_stage WHERE department_id = %s)", stages, scope.department_id
            )
        visits = SQL(
            "SELECT t.stage_id, t.minutes, 1 AS visits FROM (SELECT v.*, %s AS minutes FROM sop_visit v) t"
            " WHERE t.left_at IS NOT NULL AND %s AND %s AND ",
            SQL(TENTHS),
            company,
            stages,
        )
        if first < end:
            parts = [
                SQL(
                    "SELECT t.stage_id, t.minutes, t.visits FROM (%s) t WHERE t.basis = 'left' AND t.month >= %s"
                    " AND t.month < %s AND %s AND %s",
                    live_rows("sop_spread_tally"),
                    first,
                    end,
                    company,
                    stages,
                ),
                SQL("%s t.left_on >= %s AND t.left_on < %s", visits, scope.date_from, first),
                SQL("%s t.left_on >= %s AND t.left_on <= %s", visits, end, scope.date_to),
            ]
        else:
            parts = [SQL("%s %s", visits, scope.days(SQL("t.left_on")))]
        spreads = {}
        for row in self._read(
            SQL(
                "SELECT stage_id, minutes, SUM(visits)::int AS visits FROM (%s) q GROUP BY 1, 2 HAVING SUM(visits) > 0",
                SQL(" UNION ALL ").join(parts),
            )
        ):
            spreads.setdefault(row["stage_id"], {})[row["minutes"]] = row["visits"]
        return spreads

    @api.model
    def _get_rows(self, code, scope):
        domain = [
            ("company_id", "=", scope.company_id),
            ("left_on", ">=", scope.date_from),
            ("left_on", "<=", scope.date_to),
        ]
        processes = scope.processes(self.env)
        if processes is not None:
            domain.append(("stage_id.process_id", "in", processes))
        if scope.department_id:
            domain.append(("department_id", "=", scope.department_id))
        return "sop.visit", domain + ([("deadline", "!=", False)] if code == "sla" else [])
