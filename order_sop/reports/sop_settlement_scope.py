from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..engine.ledger_invoices import SALES


class SopSettlementScope(models.AbstractModel):
    """Which order lines and orders there are on a day, found without reading all documents."""

    _inherit = "sop.settlement.mixin"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _list_days(self):
        """Return ``[(company id, day, when it ends)]``: the day asked for, of each company."""
        ledger, days = self.env["sop.ledger"], []
        companies = self.env["res.company"].sudo().with_context(active_test=False)  # the rules of these lines choose
        for company in companies.search([]):  # pylint: disable=no-search-all; they are few
            day = ledger._get_day(company)
            days.append((company.id, day, ledger._get_end(company, day)))
        return days

    @api.model
    def _get_days(self):
        """Return the same as a table: ``(company_id, day, until)``."""
        days = SQL(", ").join(SQL("(%s, %s, %s)", *values) for values in self._list_days())
        return SQL("(SELECT * FROM (VALUES %s) v (company_id, day, until))", days)

    @api.model
    def _get_documents(self):
        """Return the condition that the line ``l`` of order ``o`` was moved or invoiced by the day ``d``.

        Subqueries for one line, or PostgreSQL would read all moves and invoices.
        """
        return SQL(
            """(SELECT TRUE FROM stock_move m
                 WHERE m.sale_line_id = l.id AND m.state = 'done' AND m.date < d.until LIMIT 1)
               OR (SELECT TRUE FROM sale_order_line_invoice_rel r
                     JOIN account_move_line a ON a.id = r.invoice_line_id AND a.display_type = 'product'
                     JOIN account_move m ON m.id = a.move_id
                    WHERE r.order_line_id = l.id AND m.state = 'posted' AND m.date <= d.day
                      AND m.company_id = o.company_id AND m.move_type IN %s LIMIT 1)""",
            SALES,
        )

    @api.model
    def _get_scope(self, has_document):
        """Return the condition that the order ``o``, or its line ``l``, counts as of its day ``d``.

        :param has_document: the condition that it has a document by then
        """
        last = max(until for _id, _day, until in self._list_days())
        early = self._find_early()
        dated = SQL("o.date_order < d.until AND o.date_order < %s", last)
        if early:
            latest = max(date_order for _id, date_order in early)
            ids = [id_ for id_, _date_order in early]
            dated = SQL("(o.date_order < d.until OR o.id = ANY(%s)) AND o.date_order <= %s", ids, max(last, latest))
        return SQL("%s AND (o.state = 'sale' AND o.date_order < d.until OR %s)", dated, has_document)

    @api.model
    def _find_early(self):
        """Return ``[(id, date)]`` of the orders that are dated later than the day and have a document by then.

        They are looked for first: there is hardly one, but a list would ask all that are dated later. Where an order
        was entered after the day, what was made for it has a date before that on which it was made; else it was
        entered by the day and confirmed behind it, or once more.
        """
        for model, names in self._depends.items():
            self.env[model].flush_model(names)
        days = self._list_days()
        return self.env.execute_query(
            SQL(
                """SELECT o.id, o.date_order
                     FROM (SELECT id FROM sale_order
                            WHERE date_order >= %(first)s AND date_order < %(last)s + interval '7 days'
                              AND (create_date < %(last)s) IS NOT FALSE
                           UNION
                           SELECT id FROM sale_order
                            WHERE date_order >= %(first)s AND (date_order < create_date + interval '7 days') IS NOT TRUE
                              AND (create_date < %(last)s) IS NOT FALSE
                           UNION
                           SELECT order_id FROM sale_order_line WHERE id = ANY(ARRAY(%(made_later)s))) s
                     JOIN sale_order o ON o.id = s.id
                     JOIN %(days)s d ON d.company_id = o.company_id
                    WHERE o.date_order >= d.until
                      AND (SELECT TRUE FROM sale_order_line l
                            WHERE l.order_id = o.id AND l.display_type IS NULL AND (%(documents)s) LIMIT 1)""",
                first=min(until for _id, _day, until in days),
                last=max(until for _id, _day, until in days),
                made_later=self._get_made_later(days),
                days=self._get_days(),
                documents=self._get_documents(),
            )
        )

    @api.model
    def _get_made_later(self, days):
        """Return a query for the ids of order lines with a document that has a date up to ``days`` and was made after
        it; those that are dated on these days are among them."""
        invoiced = SQL(
            """SELECT r.order_line_id FROM account_move m
                 JOIN account_move_line a ON a.move_id = m.id
                 JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = a.id
                WHERE m.state = 'posted'"""
        )
        dates = [day for _id, day, _until in days]
        return SQL(
            """SELECT sale_line_id FROM stock_move
                WHERE state = 'done' AND sale_line_id IS NOT NULL AND (date >= create_date) IS NOT TRUE
                  AND date < %(until)s
                UNION ALL %(invoiced)s AND (m.date >= m.create_date::date) IS NOT TRUE AND m.date <= %(last)s
                UNION ALL %(invoiced)s AND m.date BETWEEN %(first)s AND %(last)s""",
            until=max(until for _id, _day, until in days),
            invoiced=invoiced,
            first=min(dates) - timedelta(days=1),
            last=max(dates),
        )
