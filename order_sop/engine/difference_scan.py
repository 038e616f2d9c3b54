from datetime import timedelta
from itertools import permutations

from odoo import api, fields, models
from odoo.tools import SQL

from .guard import as_engine
from .isolation import isolated

AT_ONCE = 2_000
MARGIN = timedelta(days=1)
"""How much earlier than the last search activity counts: what was written then may have been committed later."""


class SopEngineDifferenceScan(models.AbstractModel):
    """The nightly search for differences: orders with activity since the last one, those of which something is open and
    those with a difference, some thousands a transaction. Where it is stopped it goes on the next time.

    Nothing is marked as documents change: orders are found by when their documents were written.
    """

    _name = "sop.engine.difference.scan"
    _description = "SOP engine: the search for differences"

    @api.model
    def _cron_look(self):
        """Look at the orders of all companies, for a cron: those that the round that was stopped has left, else all."""
        cron, scans = self.env["ir.cron"], self._get_scans()
        cron._commit_progress(remaining=len(scans))
        for number, scan in enumerate(scans):
            left = len(scans) - number
            while ids := self._get_active(scan.company_id, scan.since, scan.last_order, AT_ONCE):
                isolated(self.env["sale.order"].browse(ids), self.env["sop.engine.difference"]._look)
                as_engine(scan).write({"last_order": ids[-1]})
                self.env.flush_all()
                if not cron._commit_progress(1, remaining=left):
                    return
                self.env.invalidate_all()
            as_engine(scan).write({"done_at": fields.Datetime.now()})
            if not cron._commit_progress(1, remaining=left - 1):
                return

    @api.model
    def _get_scans(self):
        """Return the searches that are not done, one a company; where all are, they begin anew."""
        scans = self.env["sop.difference.scan"].search([("done_at", "=", False)], order="id")
        if scans:
            return scans
        now = fields.Datetime.now()
        known = scans.search([])  # pylint: disable=no-search-all; one a company
        for scan in known:
            as_engine(scan).write({"since": scan.began_at - MARGIN, "began_at": now, "done_at": False, "last_order": 0})
        new = self.env["res.company"].search([("id", "not in", known.company_id.ids)])
        as_engine(scans).create([{"company_id": company.id, "began_at": now} for company in new])
        return scans.search([], order="id")  # pylint: disable=no-search-all; one a company

    @api.model
    def _get_active(self, company, since, after, limit, closing=None):
        """Return ids of orders of ``company``, in order, of whose documents something was written since then, or takes
        effect since then, or is open; without ``since`` of all that are more than a quotation.

        :param since: naive UTC or False
        :param after: an order's id; those behind it
        :param closing: only those that it signed, or would sign today; None: all
        """
        self.env.flush_all()
        signed = SQL("SELECT order_id FROM sop_closing_line WHERE closing_id = %s", closing.id if closing else 0)
        active = SQL(
            "(o.state = 'sale' OR o.invoice_status IN ('invoiced', 'to invoice') OR %s OR o.id IN (%s))",
            self._has_document(),
            signed,
        )
        if since:
            active = SQL("o.id IN (%s)", SQL(" UNION ALL ").join(self._get_activity(company, since)))
        mine = SQL("TRUE")
        if closing and closing.partner_id:
            mine = SQL(
                "(o.partner_id IN (SELECT id FROM res_partner WHERE commercial_partner_id = %s) OR o.id IN (%s))",
                closing.partner_id.commercial_partner_id.id,
                signed,
            )
        query = SQL(
            "SELECT o.id FROM sale_order o WHERE o.company_id = %s AND o.id > %s AND %s AND %s ORDER BY o.id LIMIT %s",
            company.id,
            after or 0,
            mine,
            active,
            limit,
        )
        return [id_ for [id_] in self.env.execute_query(query)]

    @api.model
    def _has_document(self):
        return SQL(
            """EXISTS (SELECT FROM sale_order_line l JOIN stock_move m ON m.sale_line_id = l.id AND m.state = 'done'
                        WHERE l.order_id = o.id)
               OR EXISTS (SELECT FROM sale_order_line l JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
                           WHERE l.order_id = o.id)"""
        )

    @api.model
    def _get_activity(self, company, since):
        """Return queries for the ids of orders with activity."""
        invoiced = SQL(
            """SELECT l.order_id FROM account_move_line i
                 JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = i.id
                 JOIN sale_order_line l ON l.id = r.order_line_id
                WHERE i.display_type = 'product' AND i.move_id"""
        )
        return (
            SQL("SELECT id FROM sale_order WHERE write_date >= %s", since),
            SQL("SELECT order_id FROM sale_order_line WHERE write_date >= %s", since),
            SQL("SELECT order_id FROM sop_difference WHERE state <> 'gone' AND company_id = %s", company.id),
            SQL(
                """SELECT l.order_id FROM stock_move m JOIN sale_order_line l ON l.id = m.sale_line_id
                    WHERE m.write_date >= %s OR m.date >= %s""",
                since,
                since,
            ),
            SQL(
                """SELECT l.order_id FROM sop_proof f JOIN stock_move m ON m.picking_id = f.picking_id
                     JOIN sale_order_line l ON l.id = m.sale_line_id
                    WHERE f.create_date >= %s OR f.void_at >= %s""",
                since,
                since,
            ),
            SQL(
                "%s IN (SELECT id FROM account_move WHERE write_date >= %s OR date >= %s)",
                invoiced,
                since,
                since.date(),
            ),
            SQL(
                """%s IN (SELECT a.move_id FROM account_move_line a
                           WHERE a.company_id = %s AND a.display_type = 'payment_term' AND a.parent_state = 'posted'
                             AND NOT a.reconciled AND a.date_maturity IS NOT NULL)""",
                invoiced,
                company.id,
            ),
            SQL(
                """%s IN (SELECT a.move_id FROM account_partial_reconcile p
                            JOIN account_move_line a ON a.id IN (p.debit_move_id, p.credit_move_id)
                           WHERE p.write_date >= %s OR p.max_date >= %s)""",
                invoiced,
                since,
                since.date(),
            ),
            # a payment reset to draft stays reconciled
            *(
                SQL(
                    """%(invoiced)s IN (SELECT a.move_id FROM account_move m
                                          JOIN account_move_line o ON o.move_id = m.id
                                          JOIN account_partial_reconcile p ON p.%(other)s = o.id
                                          JOIN account_move_line a ON a.id = p.%(own)s
                                         WHERE m.write_date >= %(since)s OR m.state <> 'posted')""",
                    invoiced=invoiced,
                    own=SQL.identifier(own),
                    other=SQL.identifier(other),
                    since=since,
                )
                for own, other in permutations(("debit_move_id", "credit_move_id"))
            ),
        )
