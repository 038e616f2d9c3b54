"""What the addon costs in queries, found by comparing batch sizes: few, and none for each further order of a batch."""

from odoo.tests import tagged

from .common_life import MOST, STEPS, LifeCase

# With SOME orders, all that the engine writes fits in one INSERT or UPDATE: Odoo's ORM splits them at 100 rows.
FEW, SOME = 2, 6
ALLOWED_SLOPE = 0.1
# What the addon may take for a whole batch, from entry to payment: it creeps up unseen, a query at a time.
BUDGET = 85


@tagged("post_install", "-at_install")
class TestQuerySlope(LifeCase):
    def measure(self, partners, process):
        """Walk batches of all sizes; return ``{size: queries added in all}`` and ``{size: {step: queries asked}}``."""
        totals, asked = {}, {}
        for active in (False, True):
            self.walk(FEW, partners, active)  # warm what stays in memory between requests
            # without statistics PostgreSQL takes a second and more for one of core's questions about payments
            self.env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile, account_payment")
            for size in (FEW, SOME, MOST):
                self.walk(size, partners, active)
                totals[size, active] = sum(self.queries.values())
                asked[size] = self.asked
        self.assertEqual(self.records["orders"].sop_process_id, self.env.ref(process))
        return {size: totals[size, True] - totals[size, False] for size in (FEW, SOME, MOST)}, asked

    def assert_no_slope(self, partners, process):
        """Fail if the process takes queries for each further order of a batch, over those that Odoo itself takes."""
        added, asked = self.measure(partners, process)
        if steep := self.get_steep(asked):
            # a query that fills a cache may fall to any walk; one for each order is there a second time
            added, asked = self.measure(partners, process)
            steep = [step for step in self.get_steep(asked) if step in steep]
        self.assertFalse(steep, f"queries that the addon asks for in a step, by batch size: {asked}")
        slope = (added[MOST] - added[FEW]) / (MOST - FEW)
        self.assertLessEqual(slope, ALLOWED_SLOPE, f"queries added to all steps, by batch size: {added}")
        self.assertLessEqual(added[FEW], BUDGET, f"queries added to all steps, by batch size: {added}")

    def get_steep(self, asked):
        """Return the steps in which the addon asks for more, the more orders there are; ``asked``: see ``measure``."""
        slopes = {step: (asked[SOME][step] - asked[FEW][step]) / (SOME - FEW) for step in STEPS}
        return [step for step, slope in slopes.items() if slope > ALLOWED_SLOPE]

    def test_business_orders_have_no_slope(self):
        self.assert_no_slope(self.businesses, "order_sop.process_b2b")

    def test_consumer_orders_have_no_slope(self):
        self.assert_no_slope(self.consumers, "order_sop.process_b2c")

    def test_orders_without_a_process_cost_nothing(self):
        """Neither the engine nor a rule asks the database anything, and no table of the addon is touched."""
        for _warm_up in range(2):
            self.walk(FEW, self.businesses, False)
        self.assertEqual(self.own_queries, {step: [] for step in STEPS})
        self.walk(FEW, self.businesses, True)
        self.assertTrue(all(self.own_queries.values()), "this test would see them")
