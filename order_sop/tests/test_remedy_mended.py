"""What a decision says and does when the world has moved between asking, answering and carrying out."""

from odoo import Command
from odoo.tests import tagged

from .common_stock import StockCase


@tagged("post_install", "-at_install")
class TestRemedyMended(StockCase):
    def setUp(self):
        super().setUp()
        self.engine = self.env["sop.engine.remedy"].sudo()

    def test_the_difference_is_without_included_taxes(self):
        self.add_stock(self.bench, 9)
        tax = self.env["account.tax"].create({"name": "Included", "amount": 25, "price_include_override": "tax_included"})
        self.bench.taxes_id = tax
        order = self.make_confirmed(5)
        order.order_line.write({"tax_ids": [Command.set(tax.ids)], "discount": 10})
        before = order.amount_untaxed
        self.commit()
        remedy = self.decide("sales", order, "substitute", substitute_id=self.bench.id, price_unit=250.0, agreed=True)
        self.assertEqual((remedy.state, remedy.price_difference), ("done", -180.0))
        self.assertEqual(order.amount_untaxed - before, remedy.price_difference, "as it said")
