from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.tools import SQL

from ..engine.books import BOOKS
from .kpi_scope import Figure


class SopKpiMoney(models.AbstractModel):
    """KPIs of the company's books and stock, whatever process, person or customer one looks at."""

    _name = "sop.kpi.money"
    _description = "SOP KPIs of money and stock"
    _inherit = ["sop.kpi.family"]

    @api.model
    def _compute_figures(self, scope):
        days = (scope.date_to - scope.date_from).days + 1
        receivable, sales = self._get_receivable(scope), self._get_sales(scope)
        cost, before, after = self._get_stock(scope)
        stock = (before + after) / 2
        return {
            "dso": Figure(receivable / sales * days if sales > 0 else None, int(bool(sales))),
            "stock_turnover": Figure(cost / stock if stock > 0 else None, int(bool(stock))),
        }

    @api.model
    def _get_receivable(self, scope):
        """Return what customers owe by the books as the period ends, in the company's currency."""
        return self._sum(
            SQL("SELECT SUM(balance) FROM sop_account_tally WHERE account_id = ANY(%s)", self._get_accounts(scope)),
            scope,
            SQL("day <= %s", scope.date_to),
        )

    @api.model
    def _sum(self, query, scope, days):
        [row] = self._read(SQL("%s AND company_id = %s AND %s", query, scope.company_id, days))
        return float(row["sum"] or 0)

    @api.model
    def _get_accounts(self, scope):
        accounts = self.env["account.account"].sudo()  # ids alone
        company = self.env["res.company"].browse(scope.company_id)
        domain = [("account_type", "=", "asset_receivable"), ("company_ids", "parent_of", company.ids)]
        return accounts.with_context(active_test=False).search(domain).ids

    @api.model
    def _get_sales(self, scope):
        """Return what was invoiced in the period, taxes included, less credit notes, in the company's currency."""
        return self._sum(SQL("SELECT SUM(amount) FROM sop_sales_tally WHERE TRUE"), scope, scope.days("day"))

    @api.model
    def _get_stock(self, scope):
        """Return ``(cost, before, after)`` in the company's currency: what the goods cost that left for customers in
        the period, less what came back, and what the stock was worth as it began and ended, by the values of moves."""
        start, end = scope.moments(self.env)
        book = BOOKS["sop.stock.tally"]
        parts = [  # whole days (UTC) as they are kept, of the two that the period begins and ends in the moves
            SQL(
                "SELECT day::timestamp AS date, value, cost FROM sop_stock_tally"
                " WHERE company_id = %s AND day < %s AND day <> %s",
                scope.company_id,
                end.date(),
                start.date(),
            )
        ]
        for first, last in ((_midnight(start), _midnight(start) + timedelta(1)), (_midnight(end), end)):
            names = SQL(", ").join(
                SQL("%s AS %s", SQL(book.tally.measures[name]), SQL.identifier(name))  # pylint: disable=sql-injection
                for name in ("value", "cost")
            )
            parts.append(
                SQL(
                    "SELECT v.date, %s FROM stock_move v"
                    " WHERE %s AND v.company_id = %s AND v.date >= %s AND v.date < %s",
                    names,
                    SQL(book.counts),
                    scope.company_id,
                    first,
                    last,
                )
            )
        [row] = self._read(
            SQL(
                "SELECT COALESCE(SUM(value) FILTER (WHERE date < %(start)s), 0) AS before,"
                " COALESCE(SUM(value), 0) AS after, COALESCE(SUM(cost) FILTER (WHERE date >= %(start)s), 0) AS cost"
                " FROM (%(moves)s) m",
                start=start,
                moves=SQL(" UNION ALL ").join(parts),
            )
        )
        return float(row["cost"]), float(row["before"]), float(row["after"])

    @api.model
    def _get_rows(self, code, scope):
        if code == "dso":
            return "account.move.line", [
                ("company_id", "=", scope.company_id),
                ("account_id", "in", self._get_accounts(scope)),
                ("parent_state", "=", "posted"),
                ("date", "<=", scope.date_to),
            ]
        start, end = scope.moments(self.env)
        return "stock.move", [
            ("company_id", "=", scope.company_id),
            ("state", "=", "done"),
            ("sale_line_id", "!=", False),
            ("date", ">=", start),
            ("date", "<", end),
            "|",
            ("is_in", "=", True),
            ("is_out", "=", True),
        ]


def _midnight(moment):
    return datetime.combine(moment.date(), time.min)
