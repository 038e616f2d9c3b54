"""How likely a difference is by mere chance."""

from odoo.tests import BaseCase, tagged

from ..reports.kpi_noise import even, likelihood
from ..reports.kpi_scope import Figure, median


@tagged("post_install", "-at_install")
class TestKpiNoise(BaseCase):
    """Against figures worked out by hand, and tables."""

    def test_shares(self):
        # 80 of 100 against 60 of 100: z = 0.2 / sqrt(0.7 * 0.3 * 0.02) = 3.086
        self.assertAlmostEqual(likelihood(Figure(80, 100, 80), Figure(60, 100, 60)), 0.00203, 5)
        self.assertEqual(likelihood(Figure(100, 50, 50), Figure(100, 50, 50)), 1.0)
        self.assertIsNone(likelihood(Figure(50, 2, 1), Figure(0, 2, 0)))

    def test_medians(self):
        same = dict.fromkeys(range(20), 1)
        self.assertAlmostEqual(likelihood(Figure(1, 20, None, same), Figure(1, 20, None, same)), 1.0)
        # all of ten below all of ten: U = 0, mean 50, variance 175: z = 3.78
        low, high = dict.fromkeys(range(10), 1), dict.fromkeys(range(10, 20), 1)
        self.assertAlmostEqual(likelihood(Figure(1, 10, None, low), Figure(1, 10, None, high)), 0.000157, 6)
        ties = {1: 10}
        self.assertEqual(likelihood(Figure(1, 10, None, ties), Figure(1, 10, None, ties)), 1.0)

    def test_percentiles_by_their_tails(self):
        """The whole has become faster, its slowest have not: that says nothing of the 95th percentile."""
        fast, slow = {5: 95, 42: 5}, {10: 95, 40: 5}
        self.assertLess(likelihood(median(fast), median(slow)), 1e-6)
        # both together: the 190th of 200 is 10; above it 5 of 100 each
        self.assertEqual(likelihood(median(fast, 1, 95), median(slow, 1, 95)), 1.0)
        # 30 of 100 against 10 above the 80th of both: z = 0.2 / sqrt(0.2 * 0.8 * 0.02)
        late, soon = {1: 70, 9: 30}, {1: 90, 9: 10}
        self.assertAlmostEqual(likelihood(median(late, 1, 80), median(soon, 1, 80)), 0.000407, 6)
        few = {1: 15, 9: 4}
        self.assertIsNone(likelihood(median(few, 1, 80), median(few, 1, 80)))

    def test_counts_of_as_many_days(self):
        """100 in 30 days after 150 in 90: twice as many, not a third fewer."""
        now, before = Figure(100, 100, counts=True), Figure(150, 150, counts=True)
        self.assertEqual(even(now, before, (30, 90)), 50)
        self.assertLess(likelihood(now, before, (30, 90)), 1e-6)
        self.assertEqual(even(Figure(5, 10), Figure(6, 10), (30, 90)), 6, "an average is one of any period")

    def test_counts(self):
        many, few = Figure(120, 120, counts=True), Figure(80, 80, counts=True)
        # 120 of 200 where 100 are expected: z = 20 / sqrt(50)
        self.assertAlmostEqual(likelihood(many, few), 0.00468, 5)
        self.assertAlmostEqual(likelihood(many, Figure(240, 240, counts=True), (10, 20)), 1.0)
