from odoo import api, models
from odoo.tools import SQL

from .kpi_scope import amount, median


class SopKpiBacklog(models.AbstractModel):
    """KPIs of the orders that were open as the period ended, from ``sop.order.fact``."""

    _name = "sop.kpi.backlog"
    _description = "SOP KPIs of open orders"
    _inherit = ["sop.kpi.family"]

    @api.model
    def _compute_figures(self, scope):
        is_open = SQL("f.begun_on <= %(end)s AND (f.ended_on IS NULL OR f.ended_on > %(end)s)", end=scope.date_to)
        rows = self._read(
            SQL(
                "SELECT f.begun_on, SUM(f.orders)::int AS orders FROM (%s) f GROUP BY 1 HAVING SUM(f.orders) > 0",
                scope.order_sums(self.env, is_open),
            )
        )
        ages = {(scope.date_to - row["begun_on"]).days: row["orders"] for row in rows}
        return {"backlog": amount(sum(ages.values()), counts=False), "backlog_age": median(ages)}

    @api.model
    def _get_rows(self, code, scope):
        domain = self.env["sop.kpi.orders"]._get_rows("orders_done", scope)[1]
        domain = [part for part in domain if part[0] != "done_on"]
        is_open = ["|", ("ended_on", "=", False), ("ended_on", ">", scope.date_to)]
        return "sop.order.report", [*domain, ("begun_on", "<=", scope.date_to), *is_open]
