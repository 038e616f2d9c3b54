from odoo import api, models
from odoo.tools import SQL

from .kpi_scope import Figure


class SopKpiCosts(models.AbstractModel):
    """KPIs of what after-sales cases cost that were opened in the period, in the company's currency.

    From the rows of ``sop.case.cost``; the cost of a case grows as its documents are posted, until today.
    """

    _name = "sop.kpi.costs"
    _description = "SOP KPIs of costs"
    _inherit = ["sop.kpi.family"]

    @api.model
    def _compute_figures(self, scope):
        rows = SQL(
            "SELECT c.* FROM (%s) c WHERE c.company_id = %s AND %s AND (%s OR %s)",
            self.env["sop.case.cost"]._table_query,
            scope.company_id,
            scope.days(SQL("c.opened_on")),
            scope.of_processes(self.env, SQL("c.order_process_id")),
            scope.of_processes(self.env, SQL("c.process_id")),
        )
        [row] = self._read(
            SQL(
                "SELECT COUNT(*) AS lines, COALESCE(SUM(total_cost), 0) AS cost, COUNT(*) FILTER (WHERE deviating)"
                " AS deviating, COALESCE(SUM(total_cost) FILTER (WHERE deviating), 0) AS deviation_cost FROM (%s) f",
                rows,
            )
        )
        return {
            "case_cost": Figure(float(row["cost"]), row["lines"]),
            "deviation_cost": Figure(float(row["deviation_cost"]), row["deviating"]),
            "case_cost_share": self._get_share(scope, row),
        }

    @api.model
    def _get_share(self, scope, row):
        """Return the figure of what the cases cost as a share of what was invoiced in the period, of the company."""
        invoiced = self._get_invoiced(scope)
        return Figure(100 * float(row["cost"]) / invoiced if invoiced > 0 else None, row["lines"])

    @api.model
    def _get_invoiced(self, scope):
        """Return what was invoiced in the period, without taxes, in the company's currency. What was credited is not
        taken off: it is part of the cost already."""
        [row] = self._read(
            SQL(
                "SELECT COALESCE(SUM(amount_untaxed_signed), 0) AS invoiced FROM account_move WHERE company_id = %s"
                " AND state = 'posted' AND move_type = 'out_invoice' AND %s",
                scope.company_id,
                scope.days("date"),
            )
        )
        return float(row["invoiced"])

    @api.model
    def _get_rows(self, code, scope):
        domain = [
            ("company_id", "=", scope.company_id),
            ("opened_on", ">=", scope.date_from),
            ("opened_on", "<=", scope.date_to),
        ]
        processes = scope.processes(self.env)
        if processes is not None:
            domain += ["|", ("order_process_id", "in", processes), ("process_id", "in", processes)]
        if code == "deviation_cost":
            domain.append(("deviating", "=", True))
        return "sop.case.cost", domain
