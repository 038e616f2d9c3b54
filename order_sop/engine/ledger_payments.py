from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .ledger import AGES
from .ledger_shares import divide, to_units

INVOICES = ("out_invoice", "out_refund", "out_receipt", "in_invoice", "in_refund", "in_receipt")


class SopLedgerPayments(models.AbstractModel):
    """What became of the money of invoices by a day: paid, set off, written off, lost or won by exchange, open."""

    _inherit = "sop.ledger"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_settled(self, company, invoices, day):
        """Return ``{invoice id: sums}``: a sum in units for each of ``KINDS`` and of ``AGES``, in the invoice's
        currency and, with ``_company`` behind the name, in the company's."""
        terms = {id_: term for invoice in invoices.values() for id_, term in invoice["terms"].items()}
        partials = self._read_partials(list(terms), day)
        payments = self._read_payments({partial["move_id"] for partial in partials if partial["kind"] == "paid"})
        own_digits = self._get_digits()[company.currency_id.id]
        settled = {id_: defaultdict(int) for id_ in invoices}
        left = {id_: [term["units"], term["units_company"]] for id_, term in terms.items()}
        for partial in partials:
            term = terms[partial["term_id"]]
            digits = invoices[term["move_id"]]["digits"]
            sums = settled[term["move_id"]]
            for position, suffix, value in (
                (0, "", to_units(partial["amount_currency"], digits)),
                (1, "_company", to_units(partial["amount"], own_digits)),
            ):
                units = partial["sign"] * value
                left[term["id"]][position] -= units
                if partial["kind"] == "paid":
                    written_off, debt = payments.get(partial["move_id"], (0, 0))
                    lost = partial["sign"] * divide(value * written_off, -debt) if debt else 0
                    sums[f"written_off{suffix}"] += lost
                    units -= lost
                sums[f"{partial['kind']}{suffix}"] += units
        for id_, units in left.items():
            age = AGES[self._get_age(terms[id_]["due"], day)]
            for value, suffix in zip(units, ("", "_company"), strict=True):
                settled[terms[id_]["move_id"]][f"{age}{suffix}"] += value
        return settled

    @api.model
    def _get_age(self, due, day):
        """Return the place in ``AGES`` of what is due on ``due``, as of ``day``."""
        late = (day - due).days
        return next((place for place, limit in enumerate((0, 30, 60, 90)) if late <= limit), 4)

    @api.model
    def _read_partials(self, ids, day):
        """Return the reconciliations up to ``day`` of the receivable lines ``ids`` with posted entries, as dicts with
        the ``kind`` that the entry on the other side makes of each."""
        sides = (("debit", "credit", 1), ("credit", "debit", -1))
        query = SQL(" UNION ALL ").join(
            SQL(
                """SELECT p.%(own)s AS term_id, %(sign)s AS sign, p.%(amount)s AS amount_currency, p.amount,
                          m.id AS move_id,
                          CASE WHEN EXISTS (SELECT FROM account_partial_reconcile e WHERE e.exchange_move_id = m.id)
                                   THEN 'exchange'
                               WHEN m.move_type IN %(invoices)s THEN 'offset'
                               WHEN m.origin_payment_id IS NOT NULL OR m.statement_line_id IS NOT NULL THEN 'paid'
                               ELSE 'written_off' END AS kind
                     FROM account_partial_reconcile p
                     JOIN account_move_line o ON o.id = p.%(other)s
                     JOIN account_move m ON m.id = o.move_id
                    WHERE p.%(own)s = ANY(%(ids)s) AND p.max_date <= %(day)s AND m.state = 'posted'""",
                own=SQL.identifier(f"{own}_move_id"),
                other=SQL.identifier(f"{other}_move_id"),
                amount=SQL.identifier(f"{own}_amount_currency"),
                sign=sign,
                invoices=INVOICES,
                ids=ids,
                day=day,
            )
            for own, other, sign in sides
        )
        return self.env.execute_query_dict(query)

    @api.model
    def _read_payments(self, ids):
        """Return ``{entry id: (what is written off on it, what it has of receivables and payables)}`` in units."""
        if not ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT l.move_id, l.company_currency_id,
                          COALESCE(SUM(l.balance) FILTER (
                              WHERE a.account_type NOT IN
                                    ('asset_receivable', 'liability_payable', 'asset_cash', 'liability_credit_card')
                                AND l.account_id IS DISTINCT FROM j.default_account_id
                                AND l.account_id IS DISTINCT FROM j.suspense_account_id
                                AND l.account_id IS DISTINCT FROM p.outstanding_account_id
                          ), 0),
                          COALESCE(SUM(l.balance) FILTER (
                              WHERE a.account_type IN ('asset_receivable', 'liability_payable')), 0)
                     FROM account_move_line l
                     JOIN account_account a ON a.id = l.account_id
                     JOIN account_move m ON m.id = l.move_id
                     JOIN account_journal j ON j.id = m.journal_id
                     LEFT JOIN account_payment p ON p.id = m.origin_payment_id
                    WHERE l.move_id = ANY(%s)
                    GROUP BY l.move_id, l.company_currency_id""",
                list(ids),
            )
        )
        digits = self._get_digits()
        return {
            move_id: (to_units(written_off, digits[currency]), to_units(debt, digits[currency]))
            for move_id, currency, written_off, debt in rows
        }
