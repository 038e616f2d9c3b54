from odoo import api, models
from odoo.tools import SQL

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
        stock = (before + after) / 2 if min(before, after) >= 0 else 0.0  # more had left than ever came in
        return {
            "dso": Figure(receivable / sales * days if sales > 0 else None, int(bool(sales))),
            "stock_turnover": Figure(cost / stock if stock > 0 else None, int(bool(stock))),
        }

    @api.model
    def _get_receivable(self, scope):
        """Return what customers owe by the books as the period ends, in the company's currency.

        All that is open today, less what was booked since: reading all entries ever booked would take long.
        """
        [row] = self._read(
            SQL(
                """
                SELECT COALESCE((
                    SELECT SUM(l.amount_residual) FROM account_move_line l
                     WHERE l.account_id = ANY(%(accounts)s) AND l.parent_state = 'posted'
                       AND l.company_id = %(company)s AND l.reconciled IS NOT TRUE), 0)
                     - COALESCE((
                    SELECT SUM(l.balance) FROM account_move_line l
                     WHERE l.account_id = ANY(%(accounts)s) AND l.parent_state = 'posted'
                       AND l.company_id = %(company)s AND l.date > %(end)s), 0) AS owed
                """,
                accounts=self._get_accounts(scope),
                company=scope.company_id,
                end=scope.date_to,
            )
        )
        return float(row["owed"])

    @api.model
    def _get_accounts(self, scope):
        accounts = self.env["account.account"].sudo()  # ids alone
        company = self.env["res.company"].browse(scope.company_id)
        domain = [("account_type", "=", "asset_receivable"), ("company_ids", "parent_of", company.ids)]
        return accounts.with_context(active_test=False).search(domain).ids

    @api.model
    def _get_sales(self, scope):
        """Return what was invoiced in the period, taxes included, less credit notes, in the company's currency."""
        [row] = self._read(
            SQL(
                "SELECT COALESCE(SUM(amount_total_signed), 0) AS sales FROM account_move WHERE company_id = %s"
                " AND state = 'posted' AND move_type IN ('out_invoice', 'out_refund') AND %s",
                scope.company_id,
                scope.days("date"),
            )
        )
        return float(row["sales"])

    @api.model
    def _get_stock(self, scope):
        """Return ``(cost, before, after)`` in the company's currency: what the goods cost that left for customers in
        the period, less what came back, and what the stock was worth as it began and ended, by the values of moves."""
        start, end = scope.moments(self.env)
        # apart: all that was before the period is most of it, and one sum of that is quicker than three
        [row] = self._read(
            SQL(
                """
                SELECT COALESCE((SELECT SUM(%(value)s) FROM stock_move m WHERE %(valued)s AND m.date < %(start)s), 0)
                       AS before, p.*
                  FROM (SELECT COALESCE(SUM(%(value)s), 0) AS added,
                               COALESCE(-SUM(%(value)s) FILTER (WHERE m.sale_line_id IS NOT NULL), 0) AS cost
                          FROM stock_move m
                         WHERE %(valued)s AND m.date >= %(start)s AND m.date < %(end)s) p
                """,
                value=SQL("CASE WHEN m.is_in THEN m.value ELSE -m.value END"),
                valued=SQL("m.company_id = %s AND m.state = 'done' AND (m.is_in OR m.is_out)", scope.company_id),
                start=start,
                end=end,
            )
        )
        before = float(row["before"])
        return float(row["cost"]), before, before + float(row["added"])

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
