"""Which values are clearly larger than others: more than noise, and enough of them."""

import random
from collections import Counter
from math import sqrt

from odoo.tests import TransactionCase, tagged

from ..reports.rank_test import Ranked, bands


@tagged("post_install", "-at_install")
class TestRanks(TransactionCase):
    def compare(self, values, group):
        """Compare the values at ``group``, places in ``values`` in whatever order, with the others."""
        order = sorted(range(len(values)), key=values.__getitem__)
        places = [place for place, index in enumerate(order) if index in group]
        return Ranked([values[index] for index in order]).compare(places)

    def test_it_takes_more_than_noise(self):
        dice = random.Random(3)
        values = [dice.randrange(100, 1000) for _n in range(400)]
        half = set(range(200))
        self.assertIsNone(self.compare(values, half), "the same on both sides")
        self.assertIsNone(self.compare(values, set(range(19))), "too few")
        tripled = [value * 3 if index in half else value for index, value in enumerate(values)]
        difference = self.compare(tripled, half)
        self.assertEqual((difference.count, difference.other_count), (200, 200))
        self.assertGreater(difference.ratio, 2.5)
        self.assertIsNone(self.compare(tripled, set(range(200, 400))), "shorter is no bottleneck")
        slightly = [round(value * 1.3) if index in half else value for index, value in enumerate(values)]
        self.assertIsNone(self.compare(slightly, half), "less than one and a half times")
        wild = [10**9 if index < 3 else 5 for index in range(100)]
        self.assertIsNone(self.compare(wild, set(range(30))), "some wild values are no difference")
        self.assertIsNone(self.compare([5] * 100, set(range(50))), "all the same")

    def test_pairs_one_by_one(self):
        """Both medians, and the test, as counting all pairs of a value and another gives them."""
        dice, found = random.Random(4), 0
        for _round in range(60):
            top, factor = dice.choice((5, 50, 5000)), dice.choice((1, 2, 3, 4))
            values = [dice.randint(1, top) for _n in range(dice.randrange(41, 120))]
            group = set(dice.sample(range(len(values)), dice.randrange(20, len(values) - 20)))
            values = [value * factor if index in group else value for index, value in enumerate(values)]
            own, others = ([v for i, v in enumerate(values) if (i in group) == side] for side in (True, False))
            larger = sum((mine > other) + (mine == other) / 2 for mine in own for other in others)
            total, pairs = len(values), len(own) * len(others)
            ties = sum(count**3 - count for count in Counter(values).values())
            noise = sqrt(pairs / 12 * (total + 1 - ties / (total * (total - 1))))
            medians = [sorted(side)[(len(side) - 1) // 2] for side in (own, others)]
            clear = (larger - pairs / 2) / noise >= 4 and medians[0] >= 1.5 * max(medians[1], 1)
            difference = self.compare(values, group)
            self.assertEqual(bool(difference), clear)
            if difference:
                found += 1
                self.assertEqual([difference.median, difference.other_median], medians)
        self.assertTrue(5 < found < 55, found)

    def test_round_amounts(self):
        self.assertEqual(bands([100] * 30 + [900] * 30), [100, 200, 500])
        self.assertEqual(bands([100] * 90 + [900] * 10), [])
