"""Rule of order receipt: price."""

from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .test_rules_receipt import ReceiptCase


@tagged("post_install", "-at_install")
class TestRulePrice(ReceiptCase):
    """``price``: there is one, and it is the pricelist's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.be")
        cls.dollar = cls.env.ref("base.USD") if cls.company.currency_id.name != "USD" else cls.env.ref("base.EUR")
        cls.dollar.active = True
        cls.pricelist = cls.make_pricelist(
            {"applied_on": "3_global", "compute_price": "percentage", "percent_price": 20.0},
            {"applied_on": "1_product", "product_tmpl_id": cls.service.product_tmpl_id.id, "fixed_price": 33.0},
        )

    @classmethod
    def make_pricelist(cls, *rules, **vals):
        return cls.env["product.pricelist"].create(
            {
                "name": "List",
                "currency_id": cls.company.currency_id.id,
                "item_ids": [*map(Command.create, rules)],
                **vals,
            }
        )

    def _order(self, price, product=None, quantity=1, **vals):
        vals = {"pricelist_id": self.pricelist.id, **vals}
        return self.make_order(lines=[(product or self.product, quantity, price)], **vals)

    def assert_deviates(self, order, *texts, percent=5):
        code, text = self.judge("price", order, rule_percent=percent)
        self.assertEqual(code, "off_pricelist")
        for part in (order.name, *texts):
            self.assertIn(part, text)

    def test_any_price_holds_without_a_tolerance(self):
        self.assertIsNone(self.judge("price", self._order(0.01)))

    def test_zero_and_less_are_wrong(self):
        order = self.make_order(lines=[(self.product, 1, 0.0), (self.other_product, 1, -5.0), (self.service, 1, 1.0)])
        code, text = self.judge("price", order)
        self.assertEqual(code, "no_price")
        name = self.company.currency_id.name
        self.assertIn(
            f"{order.name} has lines without a price above zero: Chair (0.00 {name}), Table (-5.00 {name})", text
        )

    def test_free_lines_where_allowed(self):
        self.assertIsNone(self.judge("price", self._order(0.0), rule_flag=True, rule_percent=5))
        self.assertEqual(self.judge("price", self._order(-1.0), rule_flag=True)[0], "no_price")

    def test_tolerance_up_and_down(self):
        for price in (76.0, 80.0, 84.0):
            self.assertIsNone(self.judge("price", self._order(price), rule_percent=5), price)
        currency = self.company.currency_id.name
        self.assert_deviates(self._order(75.9), f"more than 5.00 %: Chair (75.90 {currency} / 80.00 {currency})")
        self.assert_deviates(self._order(84.1))

    def test_rule_of_the_product_comes_before_that_of_all(self):
        self.assertIsNone(self.judge("price", self._order(33.0, self.service), rule_percent=1))

    def test_quantity_and_unit(self):
        self.pricelist.item_ids = [
            Command.create(
                {"applied_on": "3_global", "min_quantity": 24, "compute_price": "percentage", "percent_price": 50.0}
            )
        ]
        self.assert_deviates(self._order(50.0, quantity=23))
        self.assertIsNone(self.judge("price", self._order(50.0, quantity=24), rule_percent=1))
        order = self._order(600.0, quantity=2)
        order.order_line.write({"product_uom_id": self.env.ref("uom.product_uom_dozen").id, "price_unit": 600.0})
        self.assertIsNone(self.judge("price", order, rule_percent=1))

    def test_price_of_the_orders_day(self):
        rule = self.pricelist.item_ids.filtered("percent_price")
        rule.write({"date_start": datetime(2025, 3, 1), "date_end": datetime(2025, 3, 31)})
        self.assertIsNone(self.judge("price", self._order(80.0, date_order=datetime(2025, 3, 10)), rule_percent=1))
        self.assertIsNone(self.judge("price", self._order(100.0, date_order=datetime(2025, 4, 10)), rule_percent=1))
        self.assert_deviates(self._order(80.0, date_order=datetime(2025, 4, 10)))

    def test_pricelist_based_on_another(self):
        vip = self.make_pricelist(
            {
                "applied_on": "3_global",
                "compute_price": "formula",
                "base": "pricelist",
                "base_pricelist_id": self.pricelist.id,
                "price_discount": 10.0,
            }
        )
        self.assertIsNone(self.judge("price", self._order(72.0, pricelist_id=vip.id), rule_percent=1))
        self.assert_deviates(self._order(80.0, pricelist_id=vip.id))

    def test_without_a_pricelist_the_products_price_counts(self):
        self.assertIsNone(self.judge("price", self._order(100.0, pricelist_id=False), rule_percent=1))
        self.assert_deviates(self._order(80.0, pricelist_id=False))

    def test_changed_pricelist_is_noticed(self):
        order = self._order(80.0)
        self.assertIsNone(self.judge("price", order, rule_percent=1))
        order.pricelist_id = self.make_pricelist()
        self.assert_deviates(order)

    def test_discount_shown_beside_the_price_or_folded_into_it(self):
        self.env.user.group_ids += self.env.ref("sale.group_discount_per_so_line")
        self.env.ref("base.group_user").implied_ids += self.env.ref("sale.group_discount_per_so_line")
        shown = self._order(100.0)
        shown.order_line.discount = 20
        folded = self._order(80.0)
        folded.order_line.discount = 0
        more = self._order(100.0)
        more.order_line.discount = (
            30  # the unit price is right; how much may be taken off is the discount rule's matter
        )
        for order in (shown, folded, more):
            self.assertIsNone(self.judge("price", order, rule_percent=1), order.order_line.discount)
        below = self._order(75.0)
        below.order_line.discount = 0
        self.assert_deviates(below)

    def test_foreign_currency_at_the_orders_rate(self):
        self.env["res.currency.rate"].create(
            [
                {"name": day, "company_rate": rate, "currency_id": self.dollar.id, "company_id": self.company.id}
                for day, rate in (("2025-03-01", 2.0), ("2025-04-01", 3.0))
            ]
        )
        dollars = self.make_pricelist(currency_id=self.dollar.id)
        for price, day in ((200.0, datetime(2025, 3, 10)), (300.0, datetime(2025, 4, 10))):
            order = self._order(price, pricelist_id=dollars.id, date_order=day)
            self.assertEqual(order.currency_id, self.dollar)
            self.assertIsNone(self.judge("price", order, rule_percent=1))
        self.assert_deviates(self._order(300.0, pricelist_id=dollars.id, date_order=datetime(2025, 3, 10)))

    def test_what_has_no_pricelist_price_does_not_count(self):
        order = self._order(80.0)
        self.env["sale.order.discount"].create(
            {"sale_order_id": order.id, "discount_type": "so_discount", "discount_percentage": 0.05}
        ).action_apply_discount()
        self.company.sale_discount_product_id = False  # another product is used from now on
        order.carrier_id = self.env["delivery.carrier"].create({"name": "Lorry", "product_id": self.service.id})
        order.order_line = [
            Command.create({"product_id": self.service.id, "is_delivery": True, "price_unit": 7.0}),
            Command.create({"name": "Down payment", "is_downpayment": True, "product_uom_qty": 0}),
            Command.create(
                {"product_id": self.service.id, "is_expense": True, "product_uom_qty": 0, "price_unit": 9.0}
            ),
        ]
        self.assertIsNone(self.judge("price", order, rule_percent=1))

    def test_batch(self):
        chain = self.make_pricelist(
            {"compute_price": "formula", "base": "pricelist", "base_pricelist_id": self.pricelist.id},
            currency_id=self.dollar.id,
        )
        now = fields.Datetime.now()
        orders = self.env["sale.order"].union(
            *(self._order(50.0, pricelist_id=chain.id, date_order=now - timedelta(days=days)) for days in range(20))
        )
        self.assert_batch_cost("price", orders, rule_percent=1)
