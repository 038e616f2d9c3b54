"""Which values are clearly larger than others: more than noise, and enough of them."""

import random

from odoo.tests import TransactionCase, tagged

from ..reports.rank_test import Ranked, bands


@tagged("post_install", "-at_install")
class TestRanks(TransactionCase):
    def test_it_takes_more_than_noise(self):
        dice = random.Random(3)
        values = [dice.randrange(100, 1000) for _n in range(400)]
        ranked, half = Ranked(values), set(range(200))
        self.assertIsNone(ranked.compare(half), "the same on both sides")
        self.assertIsNone(ranked.compare(set(range(19))), "too few")
        tripled = Ranked([value * 3 if index in half else value for index, value in enumerate(values)])
        difference = tripled.compare(half)
        self.assertEqual((difference.count, difference.other_count), (200, 200))
        self.assertGreater(difference.ratio, 2.5)
        self.assertIsNone(tripled.compare(set(range(200, 400))), "shorter is no bottleneck")
        slightly = Ranked([round(value * 1.3) if index in half else value for index, value in enumerate(values)])
        self.assertIsNone(slightly.compare(half), "less than one and a half times")
        wild = Ranked([10**9 if index < 3 else 5 for index in range(100)])
        self.assertIsNone(wild.compare(set(range(30))), "some wild values are no difference")
        self.assertIsNone(Ranked([5] * 100).compare(set(range(50))), "all the same")

    def test_round_amounts(self):
        self.assertEqual(bands([100] * 30 + [900] * 30), [100, 200, 500])
        self.assertEqual(bands([100] * 90 + [900] * 10), [])
