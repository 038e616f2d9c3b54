from odoo import api, models
from odoo.tools import SQL

from .kpi_scope import Figure, amount, average, median, share


class SopKpiOrders(models.AbstractModel):
    """KPIs of whole orders, from ``sop.order.fact``: those finished in the period, unless said otherwise."""

    _name = "sop.kpi.orders"
    _description = "SOP KPIs of orders"
    _inherit = ["sop.kpi.family"]

    @api.model
    def _compute_figures(self, scope):
        facts, done, begun = scope.facts(self.env), scope.days("done_on"), scope.days("begun_on")
        [row] = self._read(
            SQL(
                """
                SELECT COUNT(*) AS done, COUNT(*) FILTER (WHERE first_pass) AS first_pass,
                       COUNT(*) FILTER (WHERE perfect) AS perfect,
                       COUNT(on_time) AS promised, COUNT(*) FILTER (WHERE on_time) AS on_time,
                       COALESCE(SUM(goods_lines) FILTER (WHERE lines_on_time IS NOT NULL), 0) AS promised_lines,
                       COALESCE(SUM(lines_on_time), 0) AS lines_on_time,
                       COUNT(in_full) AS with_goods, COUNT(*) FILTER (WHERE in_full) AS in_full,
                       COALESCE(SUM(repeated_stages), 0) AS repeated,
                       COUNT(*) FILTER (WHERE waivers > 0) AS deviating,
                       COUNT(*) FILTER (WHERE returned_lines > 0) AS returned,
                       COALESCE(SUM(goods_lines), 0) AS goods_lines, COALESCE(SUM(returned_lines), 0) AS returned_lines,
                       COALESCE(SUM(amount) FILTER (WHERE goods_lines > 0), 0) AS goods_amount,
                       COALESCE(SUM(returned_amount), 0) AS returned_amount,
                       COUNT(rating) AS rated, COALESCE(SUM(rating), 0) AS rating
                  FROM (%s) f WHERE %s
                """,
                facts,
                done,
            )
        )
        [started] = self._read(
            SQL(
                "SELECT COUNT(*) AS begun, COUNT(*) FILTER (WHERE status = 'cancelled') AS cancelled"
                " FROM (%s) f WHERE %s",
                facts,
                begun,
            )
        )
        worked = self._read_spread(SQL("f.minutes"), facts, done)
        elapsed = self._read_spread(SQL("ROUND(f.elapsed / 60)"), facts, done)
        return {
            "orders_done": amount(row["done"]),
            "orders_begun": amount(started["begun"]),
            "processing_hours": median(worked, 60),
            "processing_hours_p80": median(worked, 60, 80),
            "processing_hours_p95": median(worked, 60, 95),
            "elapsed_days": median(elapsed, 1440),
            "on_time_orders": share(row["on_time"], row["promised"]),
            "on_time_lines": share(row["lines_on_time"], row["promised_lines"]),
            "in_full": share(row["in_full"], row["with_goods"]),
            "perfect_orders": share(row["perfect"], row["done"]),
            "first_pass": share(row["first_pass"], row["done"]),
            "rework": average(row["repeated"], row["done"]),
            "deviations": share(row["deviating"], row["done"]),
            "cancelled": share(started["cancelled"], started["begun"]),
            "returned_orders": share(row["returned"], row["with_goods"]),
            "returned_lines": share(row["returned_lines"], row["goods_lines"]),
            "returned_value": Figure(
                100 * float(row["returned_amount"] / row["goods_amount"]) if row["goods_amount"] else None,
                row["with_goods"],
            ),
            "satisfaction": average(row["rating"], row["rated"]),
        }

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
