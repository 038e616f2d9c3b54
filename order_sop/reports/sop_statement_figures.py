from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.ledger import AGES
from ..engine.ledger_invoices import SALES
from ..engine.ledger_shares import divide, to_decimal, to_units

VERSION = 1
KINDS = {"out_invoice": "invoice", "out_receipt": "invoice", "out_refund": "credit_note"}
SPOKEN = ("invoice", "credit_note", "receipt")
"""Kinds whose reference is meant for the customer."""


class SopStatementFigures(models.AbstractModel):
    """What a customer statement says: from the receivable entries of the general ledger, in each currency.

    ``docs/settlement.md`` says what each figure is. No method here checks who asks.
    """

    _name = "sop.statement.figures"
    _description = "Figures of Customer Statements"

    @api.model
    def _get_figures(self, partners, company, date_from, date_to):
        """Return the figures of customers for a period, in a number of queries that does not depend on how many.

        :param partners: ``res.partner`` records, commercial ones
        :return: ``{partner id: figures}``, plain values fit for JSON with amounts as text; the list of ``currencies``
            is empty where nothing was open and nothing happened
        """
        for model in ("account.move", "account.move.line", "account.partial.reconcile"):
            self.env[model].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        sums = {partner.id: defaultdict(_Sums) for partner in partners}
        for row in self._read_entries(partners, company, date_from, date_to):
            sums[row["partner_id"]][row["currency_id"]].add(row)
        for row in self._read_ages(partners, company, date_to):
            age = AGES[self.env["sop.ledger"]._get_age(row["due"], date_to)]
            sums[row["partner_id"]][row["currency_id"]].ages[age] += row["open"]
        self._split_receipts(company, [row for of in sums.values() for one in of.values() for row in one.rows])
        currencies = self.env["res.currency"].sudo().with_context(active_test=False)  # their names and decimals
        head = {"version": VERSION, "from": fields.Date.to_string(date_from), "to": fields.Date.to_string(date_to)}
        head |= {"company_id": company.id, "company_currency": company.currency_id.name}
        found = {}
        for partner in partners:
            parts = [
                one.get_figures(currencies.browse(id_), company.currency_id) for id_, one in sums[partner.id].items()
            ]
            parts = sorted(filter(None, parts), key=lambda part: part["currency"])
            found[partner.id] = head | {"partner_id": partner.id, "partner": partner.display_name, "currencies": parts}
        return found

    @api.model
    def _read_entries(self, partners, company, date_from, date_to):
        """Return what each document up to ``date_to`` makes of what the customer owes, those before ``date_from`` as
        one sum for each customer and currency, as dicts."""
        query = SQL(
            """SELECT e.partner_id, e.currency_id, e.day < %(start)s AS opening,
                      CASE WHEN e.day >= %(start)s THEN e.key END AS key,
                      CASE WHEN e.day >= %(start)s THEN e.move_id END AS move_id,
                      CASE WHEN e.day >= %(start)s THEN e.day END AS day,
                      CASE WHEN e.day >= %(start)s THEN e.kind END AS kind,
                      CASE WHEN e.day >= %(start)s THEN e.due END AS due,
                      SUM(e.amount) AS amount, SUM(e.company) AS company
                 FROM (%(entries)s UNION ALL %(conversions)s) e
                GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
                ORDER BY 1, 2, 3 DESC, 6, 5, 4""",
            start=date_from,
            entries=self._get_entries(partners, company, date_to),
            conversions=SQL(" UNION ALL ").join(
                self._get_conversions(partners, company, date_to, own, other, sign)
                for own, other, sign in (("debit", "credit", -1), ("credit", "debit", 1))
            ),
        )
        rows = self.env.execute_query_dict(query)
        moves = self.env["account.move"].sudo().browse({row["move_id"] for row in rows if row["move_id"]})  # as below
        names = {move.id: (move.name, move.ref) for move in moves.exists()}  # callers may read what they state
        for row in rows:
            row["name"], row["ref"] = names.get(row["move_id"], (None, None))
        return rows

    @api.model
    def _get_entries(self, partners, company, date_to):
        """Return a query for the receivable entries, one row for a document's in one currency."""
        return SQL(
            """SELECT p.commercial_partner_id AS partner_id, l.currency_id, l.date AS day, m.id AS move_id,
                      m.id::text || '/' || l.currency_id AS key, MAX(l.date_maturity) AS due,
                      CASE WHEN m.move_type IN %(sales)s THEN m.move_type
                           WHEN EXISTS (SELECT FROM account_partial_reconcile x WHERE x.exchange_move_id = m.id)
                               THEN 'exchange'
                           WHEN m.origin_payment_id IS NOT NULL OR m.statement_line_id IS NOT NULL THEN 'receipt'
                           ELSE 'other' END AS kind,
                      SUM(l.amount_currency) AS amount, SUM(l.balance) AS company
                 FROM account_move_line l
                 JOIN account_move m ON m.id = l.move_id
                 JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
                 JOIN res_partner p ON p.id = l.partner_id
                WHERE p.commercial_partner_id = ANY(%(partners)s) AND l.company_id = %(company)s
                  AND m.state = 'posted' AND l.date <= %(end)s
                GROUP BY 1, 2, 3, 4, 5, 7""",
            sales=SALES,
            partners=partners.ids,
            company=company.id,
            end=date_to,
        )

    @api.model
    def _get_conversions(self, partners, company, date_to, own, other, sign):
        """Return a query for what was settled with an entry in another currency: it leaves the one, and comes to the
        other."""
        return SQL(
            """SELECT p.commercial_partner_id, o.currency_id, r.max_date, NULL::int,
                      'r' || r.id || %(side)s, NULL::date, 'converted', %(sign)s * r.%(amount)s, %(sign)s * r.amount
                 FROM account_partial_reconcile r
                 JOIN account_move_line o ON o.id = r.%(own)s AND o.parent_state = 'posted'
                 JOIN account_move_line x ON x.id = r.%(other)s AND x.parent_state = 'posted'
                 JOIN account_account a ON a.id = o.account_id AND a.account_type = 'asset_receivable'
                 JOIN res_partner p ON p.id = o.partner_id
                 JOIN res_partner q ON q.id = x.partner_id AND q.commercial_partner_id = p.commercial_partner_id
                WHERE p.commercial_partner_id = ANY(%(partners)s) AND o.company_id = %(company)s
                  AND x.company_id = o.company_id AND o.currency_id <> x.currency_id AND r.max_date <= %(end)s""",
            side=own[0],
            sign=sign,
            amount=SQL.identifier(f"{own}_amount_currency"),
            own=SQL.identifier(f"{own}_move_id"),
            other=SQL.identifier(f"{other}_move_id"),
            partners=partners.ids,
            company=company.id,
            end=date_to,
        )

    @api.model
    def _read_ages(self, partners, company, date_to):
        """Return what is open on each instalment of invoices on ``date_to``, with its due date, as dicts."""
        settled = SQL(" + ").join(
            SQL(
                """COALESCE((SELECT SUM(%(sign)s * r.%(amount)s) FROM account_partial_reconcile r
                               JOIN account_move_line o ON o.id = r.%(other)s AND o.parent_state = 'posted'
                              WHERE r.%(own)s = l.id AND r.max_date <= %(end)s), 0)""",
                sign=sign,
                amount=SQL.identifier(f"{own}_amount_currency"),
                own=SQL.identifier(f"{own}_move_id"),
                other=SQL.identifier(f"{other}_move_id"),
                end=date_to,
            )
            for own, other, sign in (("debit", "credit", 1), ("credit", "debit", -1))
        )
        self.env.cr.execute(
            SQL(
                """SELECT p.commercial_partner_id AS partner_id, l.currency_id,
                          COALESCE(l.date_maturity, m.invoice_date_due, l.date) AS due,
                          l.amount_currency - (%(settled)s) AS open
                     FROM account_move_line l
                     JOIN account_move m ON m.id = l.move_id
                     JOIN account_account a ON a.id = l.account_id AND a.account_type = 'asset_receivable'
                     JOIN res_partner p ON p.id = l.partner_id
                    WHERE p.commercial_partner_id = ANY(%(partners)s) AND l.company_id = %(company)s
                      AND m.state = 'posted' AND l.date <= %(end)s AND m.move_type IN %(sales)s
                      AND l.display_type = 'payment_term'""",
                settled=settled,
                partners=partners.ids,
                company=company.id,
                end=date_to,
                sales=SALES,
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _split_receipts(self, company, rows):
        """Name the part of each receipt that its entry writes off, as the ledger has it."""
        receipts = [row for row in rows if row["kind"] == "receipt"]
        payments = self.env["sop.ledger"]._read_payments({row["move_id"] for row in receipts})
        for row in receipts:
            row["lost"] = payments.get(row["move_id"], (0, 0))


class _Sums:
    """What a customer owes in one currency: before, document by document, and by age."""

    def __init__(self):
        self.opening = {"amount": 0.0, "company": 0.0}
        self.rows = []
        self.ages = dict.fromkeys(AGES, 0.0)

    def add(self, row):
        if row["opening"]:
            self.opening = {"amount": row["amount"], "company": row["company"]}
        else:
            self.rows.append(row)

    def get_figures(self, currency, own):
        """Return the figures in ``currency``; None where there is nothing to tell."""
        digits, own_digits = currency.decimal_places, own.decimal_places

        def text(units):
            return str(to_decimal(units, digits))

        opening = balance = to_units(self.opening["amount"], digits)
        company = to_units(self.opening["company"], own_digits)
        start, rows, debit, credit = company, [], 0, 0
        for row in self.rows:
            company += to_units(row["company"], own_digits)
            for kind, units in self.split(row, to_units(row["amount"], digits)):
                balance += units
                debit, credit = debit + max(units, 0), credit - min(units, 0)
                rows.append(
                    {
                        "key": row["key"] + ("w" if kind == "written_off" else ""),
                        "move_id": row["move_id"],
                        "kind": kind,
                        "date": fields.Date.to_string(row["day"]),
                        "due": fields.Date.to_string(row["due"]) if kind == "invoice" and row["due"] else None,
                        "name": row["name"],
                        "ref": row["ref"] if kind in SPOKEN else None,
                        "debit": text(max(units, 0)),
                        "credit": text(-min(units, 0)),
                        "balance": text(balance),
                    }
                )
        ages = {age: to_units(amount, digits) for age, amount in self.ages.items()}
        if not (rows or opening or any(ages.values()) or start or company):
            return None
        return {
            "currency": currency.name,
            "currency_id": currency.id,
            "opening": text(opening),
            "opening_company": str(to_decimal(start, own_digits)),
            "rows": rows,
            "debit": text(debit),
            "credit": text(credit),
            "closing": text(balance),
            "closing_company": str(to_decimal(company, own_digits)),
            "ages": {age: text(units) for age, units in ages.items()}
            | {"unapplied": text(balance - sum(ages.values()))},
        }

    def split(self, row, units):
        """Return ``[(kind, units)]``: a receipt less what its entry writes off, and that; nothing for nothing."""
        kind = KINDS.get(row["kind"], row["kind"])
        written_off, debt = row.get("lost", (0, 0))
        lost = divide(units * written_off, -debt) if debt else 0
        return [(kind, units) for kind, units in ((kind, units - lost), ("written_off", lost)) if units]
