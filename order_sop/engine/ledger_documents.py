from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .ledger import AGES
from .ledger_shares import share_out, to_units


class SopLedgerDocuments(models.AbstractModel):
    """What the ledger's figures are made of, document by document: for differences."""

    _inherit = "sop.ledger"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_invoice_parts(self, company, bases, day):
        """Return ``{(line id, invoice id): (invoice, part)}`` for the lines ``bases`` (as :meth:`_read_lines` has them)
        of ``company``. A part has ``paid`` and the other kinds of money and the ages, in units of the order's currency
        and, with ``_company`` behind the name, of the company's."""
        parts = {}
        for base, invoice, line, index, rate in self._iter_billed(company, bases, day):
            key = base["id"], invoice["id"]
            if key not in parts:
                parts[key] = invoice, defaultdict(int)
            self._add_part(base, parts[key][1], invoice, line, index, rate)
        return parts

    @api.model
    def _get_order_shares(self, company, move_ids, day):
        """Return ``{invoice id: {order id: units}}`` of the posted invoices of ``company`` among ``move_ids``: what of
        their totals, in its currency, is of which order; what is of none is under None."""
        invoices = self._read_invoices(company, SQL("m.id = ANY(%s)", list(move_ids)), day)
        self._measure_invoices(company, invoices)
        lines = [line for invoice in invoices.values() for line in invoice["lines"]]
        # the ledger reads whole orders
        bases = self.env["sale.order.line"].sudo().browse({id_ for line in lines for id_ in line["order_lines"]})
        owners = {base.id: base.order_id.id for base in bases}  # no more than which order it is
        shares = {id_: defaultdict(int) for id_ in invoices}
        for line in lines:
            ids = line["order_lines"] or [None]
            for id_, units in zip(ids, share_out(line["total_company"], [1] * len(ids)), strict=True):
                shares[line["move_id"]][owners.get(id_)] += units
        return shares

    @api.model
    def _get_open(self, part, suffix=""):
        """Return what is open of ``part``, in units."""
        return sum(part[f"{age}{suffix}"] for age in AGES)

    @api.model
    def _get_overdue(self, part, suffix=""):
        """Return what of ``part`` is due before the day, in units."""
        return sum(part[f"{age}{suffix}"] for age in AGES[1:])

    @api.model
    def _get_left_over(self, company, invoice_ids, day):
        """Return ``{entry id: (order id, currency id, amount, amount in company currency)}``: what is left of payments
        that paid some of the invoices ``invoice_ids``, for the latest order that each of them paid; in units."""
        rows = self.env.execute_query(
            SQL(
                """WITH payments AS (
                       SELECT DISTINCT o.move_id AS id
                         FROM account_move_line t
                         JOIN account_partial_reconcile p ON p.debit_move_id = t.id AND p.max_date <= %(day)s
                         JOIN account_move_line o ON o.id = p.credit_move_id
                         JOIN account_move m ON m.id = o.move_id AND m.state = 'posted'
                              AND (m.origin_payment_id IS NOT NULL OR m.statement_line_id IS NOT NULL)
                        WHERE t.move_id = ANY(%(invoices)s) AND t.display_type = 'payment_term'
                   ), rest AS (
                       SELECT a.move_id, a.currency_id,
                              -SUM(a.amount_currency + COALESCE(s.amount_currency, 0)) AS amount,
                              -SUM(a.balance + COALESCE(s.amount, 0)) AS amount_company
                         FROM payments
                         JOIN account_move_line a ON a.move_id = payments.id AND a.balance < 0
                         JOIN account_account c ON c.id = a.account_id AND c.account_type = 'asset_receivable'
                         LEFT JOIN LATERAL (
                                  SELECT SUM(p.amount) AS amount, SUM(p.credit_amount_currency) AS amount_currency
                                    FROM account_partial_reconcile p
                                    JOIN account_move_line d ON d.id = p.debit_move_id AND d.parent_state = 'posted'
                                   WHERE p.credit_move_id = a.id AND p.max_date <= %(day)s
                              ) s ON TRUE
                        GROUP BY a.move_id, a.currency_id
                       HAVING SUM(a.balance + COALESCE(s.amount, 0)) < 0
                   )
                   SELECT rest.*, x.order_id
                     FROM rest
                     JOIN LATERAL (
                              SELECT MAX(l.order_id) AS order_id
                                FROM account_move_line a
                                JOIN account_partial_reconcile p ON p.credit_move_id = a.id AND p.max_date <= %(day)s
                                JOIN account_move_line t ON t.id = p.debit_move_id
                                JOIN account_move_line i ON i.move_id = t.move_id AND i.display_type = 'product'
                                JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = i.id
                                JOIN sale_order_line l ON l.id = r.order_line_id AND l.company_id = %(company)s
                               WHERE a.move_id = rest.move_id
                          ) x ON x.order_id IS NOT NULL""",
                day=day,
                invoices=list(invoice_ids),
                company=company.id,
            )
        )
        digits = self._get_digits()
        own_digits = digits[company.currency_id.id]
        return {
            id_: (order_id, currency_id, to_units(amount, digits[currency_id]), to_units(amount_company, own_digits))
            for id_, currency_id, amount, amount_company, order_id in rows
        }
