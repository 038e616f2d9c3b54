"""Whether some values are larger than others, and whether that is more than noise: by ranks, so that one wild value
says no more than any other."""

from bisect import bisect_right
from dataclasses import dataclass
from math import sqrt

LEAST = 20
"""With fewer values on either side nothing is said."""
RATIO = 1.5
CERTAIN = 4.0
"""So many standard deviations away from chance: many groups are looked at, and hardly ever one is by chance."""


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
    """``values``, whole numbers, that groups of are compared with the rest."""

    def __init__(self, values):
        self.values = values
        self.order = sorted(range(len(values)), key=values.__getitem__)
        ordered = [values[index] for index in self.order]
        self.ranks, ties, start = [0.0] * len(values), 0, 0
        while start < len(ordered):
            end = bisect_right(ordered, ordered[start], lo=start)
            ties += (end - start) ** 3 - (end - start)
            for place in range(start, end):
                self.ranks[self.order[place]] = (start + end + 1) / 2
            start = end
        self.ties = ties

    def compare(self, group):
        """Return the :class:`Difference` of the values at ``group`` (a set of indices) from all others, or None unless
        they are clearly larger: ``RATIO`` times in the median, and more than noise (Mann and Whitney's test)."""
        total, count = len(self.values), len(group)
        others = total - count
        if min(count, others) < LEAST:
            return None
        surplus = sum(self.ranks[index] for index in group) - count * (total + 1) / 2
        variance = count * others / 12 * (total + 1 - self.ties / (total * (total - 1)))
        if variance <= 0 or surplus / sqrt(variance) < CERTAIN:
            return None
        sides = ([], [])
        for index in self.order:
            sides[index not in group].append(self.values[index])
        difference = Difference(count, _median(sides[0]), others, _median(sides[1]))
        return difference if difference.ratio >= RATIO else None


def bands(amounts):
    """Return the round amounts (1, 2 and 5 times powers of ten) that enough of ``amounts`` are over, and enough not."""
    ordered = sorted(amounts)
    rounds = [digit * 10**power for power in range(2, 10) for digit in (1, 2, 5)]
    return [one for one in rounds if LEAST <= len(ordered) - bisect_right(ordered, one) <= len(ordered) - LEAST]


def _median(ordered):
    return ordered[(len(ordered) - 1) // 2]
