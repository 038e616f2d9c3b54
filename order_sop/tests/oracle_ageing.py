"""How old what is open of an invoice is, by its due dates: the paragraph *Ageing* of docs/settlement.md."""

from fractions import Fraction

from .oracle_books import shares

LATE = (("overdue_30", 30), ("overdue_60", 60), ("overdue_90", 90), ("overdue_older", None))
AGES = ("not_due", *(name for name, _days in LATE))


def age_of(due, day):
    """Return the age on ``day`` of what is due on ``due``."""
    late = (day - due).days
    if late <= 0:
        return "not_due"
    return next(name for name, days in LATE if days is None or late <= days)


def age_lines(open_by_age, outstanding, totals, unit):
    """Share what is open of an invoice out on its lines, age by age: ``{age: [part of each line]}``.

    Each sum of the first ages is shared out by what is outstanding of the lines; where that is nothing in all, by
    their totals, and what is left of a line is not due.
    """
    weights = next((found for found in (outstanding, totals) if sum(found)), [abs(total) for total in totals])
    ages, before, running = {}, [Fraction(0)] * len(totals), Fraction(0)
    for age in AGES:
        running += open_by_age[age]
        until = shares(running, weights, unit)
        ages[age] = [new - old for new, old in zip(until, before, strict=True)]
        before = until
    ages["not_due"] = [
        part + amount - aged for part, amount, aged in zip(ages["not_due"], outstanding, before, strict=True)
    ]
    return ages
