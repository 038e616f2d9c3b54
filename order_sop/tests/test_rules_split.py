"""One order made into several to stay below the limit: the second one warns, and nothing stops."""

from datetime import timedelta

from odoo.tests import tagged

from .common import SopCase
from .common_rules import RuleBatchCase


@tagged("post_install", "-at_install")
class TestRulesSplit(RuleBatchCase, SopCase):
    def make_of(self, amount, partner=None, **vals):
        return self.make_order(partner, lines=[(self.product, 1, amount)], **vals)

    def split(self, order):
        return self.judge("split", order, rule_amount=1000, rule_days=3)

    def test_two_below_that_reach_it_together(self):
        first, second = self.make_of(600), self.make_of(400)
        code, text = self.split(second)
        self.assertEqual(code, "split")
        for part in (second.name, first.name, "1000.00"):
            self.assertIn(part, text)
        self.assertIsNone(self.judge("split", second, rule_amount=1000.01, rule_days=3))
        self.assertIsNone(self.judge("split", second, rule_amount=0, rule_days=3))

    def test_what_is_no_part(self):
        order = self.make_of(600)
        self.make_of(1000)  # approved for itself
        self.make_of(999, state="cancel")
        self.make_of(999, self.consumer)
        self.make_of(999, date_order=order.date_order - timedelta(days=4))
        self.assertIsNone(self.split(order))
        self.make_of(600, self.customer.copy({"parent_id": self.customer.id, "is_company": False}))
        self.assertEqual(self.split(order)[0], "split", "a contact of the same company")

    def test_an_order_that_is_approved_anyway(self):
        self.make_of(600)
        self.assertIsNone(self.split(self.make_of(1000)))

    def test_a_batch_costs_no_more(self):
        orders = self.env["sale.order"].union(*(self.make_of(100 + number) for number in range(20)))
        self.assert_batch_cost("split", orders, rule_amount=1000, rule_days=3)
