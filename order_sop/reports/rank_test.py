"""Whether some values are larger than others, and whether that is more than noise: by ranks, so that one wild value
says no more than any other (Mann and Whitney's test in its normal approximation, with the correction for ties)."""

from bisect import bisect_right
from dataclasses import dataclass
from math import sqrt

LEAST = 20
"""With fewer values on either side nothing is said."""
RATIO = 1.5
CERTAIN = 4.0
"""So many standard deviations away from chance: many groups are looked at, and hardly ever one is by chance."""


def deviation(ranks, count, total, ties):
    """Return by how many standard deviations ``count`` of ``total`` values are larger than the others.

    :param ranks: the sum of their ranks, from 1; equal values share the mean of theirs
    :param ties: the sum of n³ - n over all groups of n equal values
    """
    variance = count * (total - count) / 12 * (total + 1 - ties / (total * (total - 1)))
    return (ranks - count * (total + 1) / 2) / sqrt(variance) if variance > 0 else 0.0


@dataclass(frozen=True)
class Difference:
    """``count`` values have the median ``median``, the ``other_count`` others ``other_median``."""

    count: int
    median: float
    other_count: int
    other_median: float

    @property
    def ratio(self):
        """How many times as large the values are."""
        return self.median / max(self.other_median, 1)


class Ranked:
    """``values`` in ascending order, groups of which are compared with the rest."""

    def __init__(self, values):
        self.values, self.ranks, self.ties = values, [], 0
        while len(self.ranks) < len(values):
            start = len(self.ranks)
            same = bisect_right(values, values[start], lo=start) - start
            self.ranks += [start + (same + 1) / 2] * same
            self.ties += same**3 - same

    def compare(self, group):
        """Return the :class:`Difference` of the values at ``group`` (their places, ascending) from all others, or None
        unless they are clearly larger: ``RATIO`` times in the median, and more than noise."""
        total, count = len(self.values), len(group)
        others = total - count
        if min(count, others) < LEAST:
            return None
        if deviation(sum(self.ranks[place] for place in group), count, total, self.ties) < CERTAIN:
            return None
        middle = (others - 1) // 2  # of the others, and as many places further as there are of the group before it
        before = bisect_right(range(count), middle, key=lambda index: group[index] - index)
        median, other_median = self.values[group[(count - 1) // 2]], self.values[middle + before]
        difference = Difference(count, median, others, other_median)
        return difference if difference.ratio >= RATIO else None


def bands(amounts):
    """Return the round amounts (1, 2 and 5 times powers of ten) that enough of ``amounts`` are over, and enough not."""
    ordered = sorted(amounts)
    rounds = [digit * 10**power for power in range(2, 10) for digit in (1, 2, 5)]
    return [one for one in rounds if LEAST <= len(ordered) - bisect_right(ordered, one) <= len(ordered) - LEAST]
