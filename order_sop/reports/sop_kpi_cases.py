from odoo import api, models
from odoo.tools import SQL

from .kpi_scope import amount, average, median


class SopKpiCases(models.AbstractModel):
    """KPIs of after-sales cases: opened, answered or closed in the period."""

    _name = "sop.kpi.cases"
    _description = "SOP KPIs of cases"
    _inherit = ["sop.kpi.family"]

    @api.model
    def _compute_figures(self, scope):
        cases = SQL(
            "SELECT * FROM sop_case c WHERE c.company_id = %s AND %s AND %s",
            scope.company_id,
            scope.of_processes(self.env, SQL("c.sop_process_id")),
            self._of_department(scope),
        )
        [row] = self._read(
            SQL("SELECT COUNT(*) AS opened FROM (%s) f WHERE %s", cases, self._within(scope, "create_date"))
        )
        ratings = SQL(
            "SELECT f.closed_at, r.rating FROM (%s) f CROSS JOIN LATERAL (SELECT t.rating FROM rating_rating t"
            " WHERE t.res_model = 'sop.case' AND t.res_id = f.id AND t.consumed ORDER BY t.id DESC LIMIT 1) r"
            " WHERE r.rating > 0",
            cases,
        )
        rated = self._read_spread(SQL("ROUND(f.rating * 100)"), ratings, self._within(scope, "closed_at"))
        return {
            "cases_opened": amount(row["opened"]),
            "first_answer_hours": median(self._read_worked(cases, scope, "answered_at", "answer_worked_hours"), 60),
            "first_answer_elapsed": median(self._read_elapsed(cases, scope, "answered_at"), 60),
            "solution_hours": median(self._read_worked(cases, scope, "closed_at", "solution_worked_hours"), 60),
            "solution_elapsed": median(self._read_elapsed(cases, scope, "closed_at"), 60),
            "case_satisfaction": average(rated, 100),
        }

    @api.model
    def _read_worked(self, cases, scope, column, hours):
        minutes = SQL("ROUND((f.%s * 60)::numeric)", SQL.identifier(hours))
        return self._read_spread(minutes, cases, self._within(scope, column))

    @api.model
    def _read_elapsed(self, cases, scope, column):
        minutes = SQL("ROUND(EXTRACT(EPOCH FROM f.%s - f.create_date) / 60)", SQL.identifier(column))
        return self._read_spread(minutes, cases, self._within(scope, column))

    @api.model
    def _within(self, scope, column):
        start, end = scope.moments(self.env)
        return SQL("f.%(c)s >= %(start)s AND f.%(c)s < %(end)s", c=SQL.identifier(column), start=start, end=end)

    @api.model
    def _of_department(self, scope):
        if not scope.department_id:
            return SQL("TRUE")
        return SQL(
            "EXISTS (SELECT FROM sop_visit v WHERE v.case_id = c.id AND v.department_id = %s)", scope.department_id
        )

    @api.model
    def _get_rows(self, code, scope):
        if code == "case_satisfaction":
            return self._get_rated(scope)
        start, end = scope.moments(self.env)
        answered = dict.fromkeys(("first_answer_hours", "first_answer_elapsed"), "answered_at")
        column = (answered | {"cases_opened": "create_date"}).get(code, "closed_at")
        domain = [("company_id", "=", scope.company_id), (column, ">=", start), (column, "<", end)]
        processes = scope.processes(self.env)
        if processes is not None:
            domain.append(("sop_process_id", "in", processes))
        if scope.department_id:
            domain.append(("sop_visit_ids.department_id", "in", [scope.department_id]))
        return "sop.case", domain

    @api.model
    def _get_rated(self, scope):
        domain = [
            ("company_id", "=", scope.company_id),
            ("closed_on", ">=", scope.date_from),
            ("closed_on", "<=", scope.date_to),
            ("rating", ">", 0),
        ]
        processes = scope.processes(self.env)
        if processes is not None:
            domain.append(("process_id", "in", processes))
        if scope.department_id:
            domain.append(("case_id.sop_visit_ids.department_id", "in", [scope.department_id]))
        return "sop.case.report", domain
