"""Payments, write-offs and the like of invoices: the paragraph *Money* of docs/settlement.md."""

from collections import defaultdict
from fractions import Fraction

from .oracle_ageing import AGES, age_of
from .oracle_books import rounded

KINDS = ("paid", "offset", "written_off", "exchange")
INVOICES = ("out_invoice", "out_receipt")
CREDIT_NOTES = ("out_refund",)
DOCUMENTS = (*INVOICES, *CREDIT_NOTES)
LIQUID_TYPES = ("asset_cash", "liability_credit_card")
OPEN_TYPES = ("asset_receivable", "liability_payable")


class Money:
    """The reconciliations by the end of ``day``, and what they are."""

    def __init__(self, books, day):
        self.books, self.day = books, day
        self.partials = self._dated_partials()
        self.exchange_moves = {
            partial.exchange_move_id for partial in books.account_partial_reconcile.values() if partial.exchange_move_id
        }

    def _dated_partials(self):
        """Return ``{entry line id: [reconciliation]}`` between posted entries whose later one is dated by the day."""
        partials = defaultdict(list)
        for partial in self.books.account_partial_reconcile.values():
            sides = (partial.debit_move_id, partial.credit_move_id)
            moves = [self.books.account_move[self.books.account_move_line[id_].move_id] for id_ in sides]
            if partial.max_date <= self.day and all(move.state == "posted" for move in moves):
                partials[partial.debit_move_id].append(partial)
                partials[partial.credit_move_id].append(partial)
        return partials

    def of_invoice(self, ends, unit, company_unit):
        """Return what each kind of reconciliation lessens an invoice by and how much is open of which age.

        Both in the invoice's currency, then both in the company's.
        """
        money, company_money = dict.fromkeys(KINDS, Fraction(0)), dict.fromkeys(KINDS, Fraction(0))
        ages, company_ages = dict.fromkeys(AGES, Fraction(0)), dict.fromkeys(AGES, Fraction(0))
        for end in ends:
            age = age_of(end.date_maturity, self.day)
            ages[age] += end.amount_currency
            company_ages[age] += end.balance
            for partial in self.partials[end.id]:
                debit = partial.debit_move_id == end.id
                other = self.books.account_move_line[partial.credit_move_id if debit else partial.debit_move_id]
                amount = partial.debit_amount_currency if debit else partial.credit_amount_currency
                for sums, aged, value, step in (
                    (money, ages, amount, unit),
                    (company_money, company_ages, partial.amount, company_unit),
                ):
                    for kind, part in self._kinds(self.books.account_move[other.move_id], value, step).items():
                        sums[kind] += part if debit else -part
                    aged[age] -= value if debit else -value
        return (money, ages), (company_money, company_ages)

    def _kinds(self, other, amount, unit):
        """Return a reconciled amount by kind, by the entry on the other side."""
        if other.id in self.exchange_moves:
            return {"exchange": amount}
        if other.move_type in DOCUMENTS:
            return {"offset": amount}
        if not (other.origin_payment_id or other.statement_line_id):
            return {"written_off": amount}
        written_off = rounded(amount * self._written_off_part(other), unit)
        return {"paid": amount - written_off, "written_off": written_off}

    def _written_off_part(self, move):
        """Return which part of a payment's receivable lines its other lines are."""
        books = self.books
        journal, payment = books.account_journal[move.journal_id], books.account_payment.get(move.origin_payment_id)
        liquid = {journal.default_account_id, journal.suspense_account_id}
        liquid.add(payment.outstanding_account_id if payment else None)
        others = receivable = Fraction(0)
        for line in books.lines_of[move.id]:
            account_type = books.account_account[line.account_id].account_type if line.account_id else None
            if account_type in OPEN_TYPES:
                receivable += line.balance
            elif account_type not in LIQUID_TYPES and line.account_id not in liquid:
                others += line.balance
        return others / -receivable if receivable else Fraction(0)
