"""The tie-out of docs/settlement.md computed apart: receivable accounts against what is open, by customer."""

from collections import defaultdict
from fractions import Fraction

from .oracle_money import DOCUMENTS


def tie_out(settlement):
    """Return ``{(company, commercial partner): {balance, orders, no_order, other}}`` of a Settlement, as fractions.

    ``balance`` is of the receivable accounts; the other three must sum up to it.
    """
    books, day = settlement.books, settlement.day
    result = defaultdict(lambda: dict.fromkeys(("balance", "orders", "no_order", "other"), Fraction(0)))
    outstanding = {move_id: dict(parts) for move_id, parts in settlement.outstanding.items()}
    for line in books.account_move_line.values():
        move = books.account_move[line.move_id]
        account = books.account_account.get(line.account_id)
        if not account or account.account_type != "asset_receivable" or move.state != "posted" or move.date > day:
            continue
        sums = result[move.company_id, customer_of(books, line)]
        sums["balance"] += line.balance
        if move.move_type not in DOCUMENTS or line.display_type != "payment_term":
            sums["other"] += line.balance - matched(settlement, line)
        else:
            for name, amount in outstanding.pop(move.id, {}).items():
                sums[name] += amount
    return dict(result)


def customer_of(books, line):
    """Return the commercial partner of an entry's line, or None."""
    return line.partner_id and books.res_partner[line.partner_id].commercial_partner_id


def matched(settlement, line):
    """Return what reconciliations dated by the day took of an entry's line, signed as its balance."""
    return sum(
        (
            partial.amount if partial.debit_move_id == line.id else -partial.amount
            for partial in settlement.money.partials[line.id]
        ),
        Fraction(0),
    )
