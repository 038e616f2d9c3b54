"""Rules of order receipt about single lines: quantity, discount."""

from odoo import Command
from odoo.tests import tagged

from .test_rules_receipt import ReceiptCase


@tagged("post_install", "-at_install")
class TestRuleQuantity(ReceiptCase):
    """``quantity``: positive, whole where it is counted, and not absurd."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.kilo = cls.env.ref("uom.product_uom_kgm")
        cls.rice = cls.env["product.product"].create({"name": "Rice", "uom_id": cls.kilo.id, "list_price": 2.0})

    def test_whole_units_and_parts_of_a_kilo_hold(self):
        self.assertIsNone(self.judge("quantity", self.make_order(lines=[(self.product, 3, 1), (self.rice, 2.75, 1)])))

    def test_zero_and_less_are_wrong(self):
        order = self.make_order(lines=[(self.product, 0, 1), (self.other_product, -1, 1), (self.service, 1, 1)])
        code, text = self.judge("quantity", order)
        self.assertEqual(code, "not_positive")
        self.assertIn(f"{order.name} has lines without a positive quantity: Chair × 0 Units, Table × -1 Units.", text)

    def test_less_than_the_precision_is_zero(self):
        order = self.make_order(lines=[(self.rice, 0.001, 1)])
        self.assertEqual(self.judge("quantity", order)[0], "not_positive")

    def test_part_of_a_unit_is_wrong(self):
        code, text = self.judge("quantity", self.make_order(lines=[(self.product, 1.5, 1)]))
        self.assertEqual(code, "not_whole")
        self.assertIn("Chair × 1.5 Units", text)

    def test_part_of_a_dozen_is_wrong_though_the_pieces_are_whole(self):
        order = self.make_order()
        order.order_line.write({"product_uom_id": self.dozen.id, "product_uom_qty": 1.5})
        self.assertEqual(self.judge("quantity", order)[0], "not_whole")
        order.order_line.product_uom_qty = 2
        self.assertIsNone(self.judge("quantity", order))

    def test_maximum_is_in_the_products_own_unit(self):
        order = self.make_order()
        order.order_line.write({"product_uom_id": self.dozen.id, "product_uom_qty": 2})
        self.assertIsNone(self.judge("quantity", order, rule_quantity=24))
        code, text = self.judge("quantity", order, rule_quantity=23)
        self.assertEqual(code, "too_many")
        self.assertIn("highest quantity of 23: Chair × 2 Dozens", text)

    def test_no_maximum(self):
        self.assertIsNone(self.judge("quantity", self.make_order(lines=[(self.product, 1000000, 1)])))

    def test_what_is_no_product_line_does_not_count(self):
        order = self.make_order()
        order.order_line = [
            Command.create({"display_type": "line_note", "name": "Thank you"}),
            Command.create({"product_id": self.service.id, "is_downpayment": True, "product_uom_qty": 0}),
        ]
        self.assertIsNone(self.judge("quantity", order))

    def test_batch(self):
        orders = self.make_orders(lines=[(self.product, 1.5, 1), (self.rice, 2, 1)])
        self.assert_batch_cost("quantity", orders, rule_quantity=10)


@tagged("post_install", "-at_install")
class TestRuleDiscount(ReceiptCase):
    """``discount``: no line and no order goes below the limit."""

    def _discounted(self, *discounts):
        order = self.make_order(lines=[(self.product, 1, 100.0)] * len(discounts))
        for line, discount in zip(order.order_line, discounts, strict=True):
            line.discount = discount
        return order

    def _take_off_order(self, order, percent):
        self.env["sale.order.discount"].create(
            {"sale_order_id": order.id, "discount_type": "so_discount", "discount_percentage": percent / 100}
        ).action_apply_discount()

    def test_up_to_the_limit_holds(self):
        self.assertIsNone(self.judge("discount", self._discounted(0, 10), rule_percent=10))

    def test_lines_above_it_are_named(self):
        order = self._discounted(10, 10.01, 100)
        code, text = self.judge("discount", order, rule_percent=10)
        self.assertEqual(code, "line")
        self.assertIn(f"{order.name} has lines with a discount above 10.00 %: Chair (10.01 %), Chair (100.00 %)", text)

    def test_without_a_limit_nothing_is_given_away(self):
        self.assertEqual(self.judge("discount", self._discounted(0.01))[0], "line")

    def test_discount_on_the_whole_order_is_no_way_round(self):
        order = self._discounted(0, 0)
        self._take_off_order(order, 25)
        self.assertEqual(order.amount_untaxed, 150)
        self.assertIsNone(self.judge("discount", order, rule_percent=25))
        code, text = self.judge("discount", order, rule_percent=24)
        self.assertEqual(code, "order")
        self.assertIn(f"{order.name} come to 25.00 %, above the limit of 24.00 %", text)

    def test_discounts_on_lines_and_order_add_up(self):
        order = self._discounted(10, 10)
        self._take_off_order(order, 10)
        self.assertIsNone(self.judge("discount", order, rule_percent=19))
        self.assertEqual(self.judge("discount", order, rule_percent=18)[0], "order")

    def test_rounding_of_small_amounts_is_no_discount(self):
        order = self.make_order(lines=[(self.product, 1, 0.15)])
        self._take_off_order(order, 10)
        self.assertEqual(order.amount_untaxed, 0.13)
        self.assertIsNone(self.judge("discount", order, rule_percent=10))

    def test_batch(self):
        orders = self.make_orders()
        for order in orders:
            self._take_off_order(order, 25)
        self.assert_batch_cost("discount", orders, rule_percent=10)
