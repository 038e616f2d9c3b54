"""Money in whole smallest units of its currency: rounding and sharing out to the last of them."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate, pairwise

NOISE = 9  # decimals of a quantity behind which there is nothing but the error of floats


def to_units(amount, digits):
    """Return a float that Odoo rounded to ``digits`` decimals as a whole number of smallest units."""
    return round((amount or 0.0) * 10**digits)


def to_decimal(units, digits):
    """Return ``units`` of a currency with ``digits`` decimals as the amount that they are."""
    return Decimal(units).scaleb(-digits)


def to_decimals(units, names, digits):
    """Return ``{name: amount}`` for ``names`` out of ``units`` by name, of a currency with ``digits`` decimals."""
    nothing = to_decimal(0, digits)
    return {name: to_decimal(units[name], digits) if units[name] else nothing for name in names}


def nearest(value):
    """Return the whole number nearest to a Decimal, half away from zero."""
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def divide(numerator, denominator):
    """Return the quotient of two whole numbers, rounded half away from zero; exact however large they are."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def share_out(amount, weights):
    """Return ``amount`` (units) in parts by ``weights`` (whole numbers), which sum up to it.

    Where the weights sum up to 0 their absolute values count; where all of them are 0 the first takes all.
    """
    if len(weights) == 1:
        return [amount]
    if not amount:
        return [0] * len(weights)
    total = sum(weights)
    if not total:
        weights = [abs(weight) for weight in weights]
        total = sum(weights)
        if not total:
            return [amount] + [0] * (len(weights) - 1)
    bounds = [0, *(divide(amount * weight, total) for weight in accumulate(weights))]
    return [upper - lower for lower, upper in pairwise(bounds)]


def spread(columns, weights):
    """Return the amounts ``columns`` (units), each in parts by ``weights``, as a list for each weight.

    The parts of one amount sum up to it, those of one weight to its part of the sum of all amounts.
    """
    if len(weights) == 1:
        return [list(columns)]
    bounds = [share_out(amount, weights) for amount in accumulate(columns)]
    return [
        [upper - lower for lower, upper in pairwise([0, *(bound[index] for bound in bounds)])]
        for index in range(len(weights))
    ]
