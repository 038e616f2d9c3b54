"""Whether two figures differ by more than chance: how likely a difference as large as this is, if there is none.

Shares by the two-proportion z-test with pooled variance, medians and averages by the Mann-Whitney U test in its normal
approximation with the correction for ties, other percentiles by how many of each lie above that of both together, plain
counts as Poisson processes over their days. Two-sided.
"""

from collections import Counter
from math import erfc, sqrt

from .kpi_scope import percentile, share
from .rank_test import deviation

SURE = 0.05
FEWEST = 8  # fewer on either side say nothing by these approximations
FEW_ABOVE = 4  # nor do fewer above a percentile


def likelihood(now, before, days=(1, 1)):
    """Return the p-value of two :class:`~.kpi_scope.Figure`; None where there is too little to tell.

    :param days: how many days each is over, for plain counts
    """
    if now.value is None or before.value is None:
        return None
    if now.spread and before.spread:
        return _ranks(now.spread, before.spread) if now.percent == 50 else _tails(now, before)
    if now.hits is not None and before.hits is not None:
        return _shares(now, before)
    if now.counts and before.counts:
        return _counts(now.value, before.value, *days)
    return None


def _two_sided(z):
    return erfc(abs(z) / sqrt(2))


def _shares(now, before):
    if min(now.count, before.count) < FEWEST:
        return None
    pooled = (now.hits + before.hits) / (now.count + before.count)
    variance = pooled * (1 - pooled) * (1 / now.count + 1 / before.count)
    if not variance:
        return 1.0
    return _two_sided((now.hits / now.count - before.hits / before.count) / sqrt(variance))


def _ranks(now, before):
    many, few = sum(now.values()), sum(before.values())
    if min(many, few) < FEWEST:
        return None
    total, ranks, ties, below = many + few, 0.0, 0, 0
    for value in sorted({*now, *before}):
        same = now.get(value, 0) + before.get(value, 0)
        ranks += now.get(value, 0) * (below + (same + 1) / 2)
        ties += same**3 - same
        below += same
    return _two_sided(deviation(ranks, many, total, ties))


def _tails(now, before):
    """Compare the shares of what lies above the percentile of both together: so many that a few are above it."""
    fewest = min(now.count, before.count)
    if fewest * (100 - now.percent) < 100 * FEW_ABOVE:
        return None
    limit = percentile(Counter(now.spread) + Counter(before.spread), now.percent)
    above = [sum(often for value, often in figure.spread.items() if value > limit) for figure in (now, before)]
    return _shares(*(share(hits, figure.count) for hits, figure in zip(above, (now, before), strict=True)))


def even(now, before, days):
    """Return what ``before`` comes to in as many days as ``now`` is over: of plain counts, the others as they are."""
    if before.value is None or not (now.counts and before.counts):
        return before.value
    return before.value * days[0] / days[1]


def _counts(now, before, days_now, days_before):
    """Compare with what each would be if all of both were spread evenly over their days."""
    total = now + before
    if total < 2 * FEWEST:
        return None
    part = days_now / (days_now + days_before)
    return _two_sided((now - total * part) / sqrt(total * part * (1 - part)))
