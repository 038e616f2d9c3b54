"""The ledger against an independent computation, on random lives of orders, to 0.00. At large: ``make ledger``."""

from odoo.tests import tagged

from ..models.sop_difference import KINDS
from .common import SopCase
from .difference_comparison import DifferenceComparison
from .ledger_comparison import report
from .life_of_orders import Lives

ORDERS, SEED = 30, "1"


@tagged("post_install", "-at_install")
class TestLedgerOracle(SopCase):
    """Every column of every line on three days and today; the oracle is held against facts of Odoo as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lives = Lives(cls.env, SEED, ORDERS).play()

    def setUp(self):
        super().setUp()
        self.comparison = DifferenceComparison(self.env, self.lives.orders.order_line)

    def assert_none(self, differences):
        """Fail with a readable list, if anything differs or nothing was compared."""
        self.assertFalse(differences, report(differences))
        self.assertTrue(self.comparison.compared)

    def test_lives_are_lively(self):
        """Chance has done most that it can, and Odoo has refused little of it."""
        acts, refused = self.lives.acts, sum(self.lives.refused.values())
        self.assertGreater(len(+acts), 11, acts)
        self.assertLess(refused, sum(acts.values()) / 10, self.lives.refused)

    def test_ledger(self):
        """The ledger says what the oracle says."""
        self.assert_none(self.comparison.ledger())

    def test_lists(self):
        """The lists say what the oracle says, of the same lines and the same customers."""
        self.assert_none(self.comparison.lists())
        self.assert_none(self.comparison.tie_out_lists())

    def test_differences(self):
        """The search finds what the oracle finds, of each kind that befell these few."""
        self.assert_none(self.comparison.differences_found())
        self.assert_none(self.comparison.differences_kept())
        kinds = {kind for kind, _name in KINDS} - {"disputed", "no_credit_note"}
        self.assertGreaterEqual(self.comparison.kinds.keys(), kinds)

    def test_oracle_quantities(self):
        """The oracle says today what Odoo has on the order's lines."""
        self.assert_none(self.comparison.quantities())
        self.assert_none(self.comparison.deliveries())

    def test_oracle_invoices(self):
        """The oracle says today what Odoo has as residual amounts."""
        self.assert_none(self.comparison.invoices())

    def test_oracle_balances(self):
        """The oracle says today what Odoo reads as the customers' balances."""
        self.assert_none(self.comparison.balances([world.company for world in self.lives.worlds]))

    def test_oracle_ties_out(self):
        """The receivable accounts are on each day what is open of orders, of other invoices and of other entries."""
        self.assert_none(self.comparison.tie_outs())
