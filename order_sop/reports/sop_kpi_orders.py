from odoo import api, models
from odoo.tools import SQL

from ..engine.tally_sources import FACT_MEASURES
from .kpi_scope import Figure, amount, average, median, share


class SopKpiOrders(models.AbstractModel):
    """KPIs of whole orders, from ``sop.order.fact``: those finished in the period, unless said otherwise."""

    _name = "sop.kpi.orders"
    _description = "SOP KPIs of orders"
    _inherit = ["sop.kpi.family"]

    @api.model
    def _compute_figures(self, scope):
        done = scope.order_sums(self.env, SQL("f.status = 'done' AND %s", scope.days(SQL("f.ended_on"))))
        sums = SQL(", ").join(SQL("COALESCE(SUM(%(n)s), 0) AS %(n)s", n=SQL.identifier(name)) for name in FACT_MEASURES)
        [row] = self._read(SQL("SELECT %s FROM (%s) f", sums, done))
        [started] = self._read(
            SQL(
                "SELECT COALESCE(SUM(orders), 0) AS begun,"
                " COALESCE(SUM(orders) FILTER (WHERE status = 'cancelled'), 0) AS cancelled FROM (%s) f",
                scope.order_sums(self.env, scope.days(SQL("f.begun_on"))),
            )
        )
        spreads = self._read_spreads(scope)
        worked, elapsed = spreads.get("worked", {}), spreads.get("elapsed", {})
        return {
            "orders_done": amount(row["orders"]),
            "orders_begun": amount(started["begun"]),
            "processing_hours": median(worked, 60),
            "processing_hours_p80": median(worked, 60, 80),
            "processing_hours_p95": median(worked, 60, 95),
            "elapsed_days": median(elapsed, 24),
            "on_time_orders": share(row["on_time"], row["promised"]),
            "on_time_lines": share(row["lines_on_time"], row["promised_lines"]),
            "in_full": share(row["in_full"], row["with_goods"]),
            "perfect_orders": share(row["perfect"], row["orders"]),
            "first_pass": share(row["first_pass"], row["orders"]),
            "rework": average(spreads.get("repeated", {})),
            "deviations": share(row["deviating"], row["orders"]),
            "cancelled": share(started["cancelled"], started["begun"]),
            "returned_orders": share(row["returned"], row["with_goods"]),
            "returned_lines": share(row["returned_lines"], row["goods_lines"]),
            "returned_value": Figure(
                100 * float(row["returned_amount"] / row["goods_amount"]) if row["goods_amount"] else None,
                int(row["with_goods"]),
            ),
            "satisfaction": average(spreads.get("rating", {}), 100),
        }

    @api.model
    def _read_spreads(self, scope):
        """Return ``{basis: {value: orders}}`` of the orders finished in the period, see ``sop.order.spread``."""
        rows = self._read(
            SQL(
                "SELECT basis, value, SUM(orders)::int AS orders FROM (%s) f GROUP BY 1, 2 HAVING SUM(orders) > 0",
                scope.order_spreads(self.env),
            )
        )
        spreads = {}
        for row in rows:
            spreads.setdefault(row["basis"], {})[row["value"]] = row["orders"]
        return spreads

    @api.model
    def _get_rows(self, code, scope):
        column = "begun_on" if code in ("orders_begun", "cancelled") else "done_on"
        domain = [("company_id", "=", scope.company_id), (column, ">=", scope.date_from), (column, "<=", scope.date_to)]
        processes = scope.processes(self.env)
        if processes is not None:
            domain.append(("process_id", "in", processes))
        if scope.department_id:
            domain.append(("order_id.sop_visit_ids.department_id", "in", [scope.department_id]))
        domain += [(name, "=", value) for name, value in scope.filters]
        domain += {
            "on_time_orders": [("promised", "=", True)],
            "on_time_lines": [("promised", "=", True)],
            "in_full": [("goods_lines", ">", 0)],
            "returned_orders": [("goods_lines", ">", 0)],
            "returned_lines": [("goods_lines", ">", 0)],
            "returned_value": [("goods_lines", ">", 0)],
            "satisfaction": [("rated", "=", True)],
        }.get(code, [])
        return "sop.order.report", domain
