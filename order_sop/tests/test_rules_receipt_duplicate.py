"""Rule of order receipt: duplicate."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_rules_receipt import ReceiptCase


@tagged("post_install", "-at_install")
class TestRuleDuplicate(ReceiptCase):
    """``duplicate``: the same order is not taken twice."""

    def assert_duplicate(self, order, code, other, **parameters):
        result = self.judge("duplicate", order, **parameters)
        self.assertEqual(result and result[0], code)
        self.assertIn(order.name, result[1])
        self.assertIn(other.name, result[1])

    def _ago(self, days):
        return fields.Datetime.now() - timedelta(days=days)

    # -- same reference ------------------------------------------------------------------------------------------------

    def test_same_reference_blames_the_later_order(self):
        first = self.make_order(client_order_ref="PO 4711")
        second = self.make_order(client_order_ref=" po4711 ", lines=[(self.service, 1, 1.0)])
        self.assertIsNone(self.judge("duplicate", first))
        self.assert_duplicate(second, "same_reference", first)

    def test_both_in_one_batch(self):
        first = self.make_order(client_order_ref="PO 1")
        second = self.make_order(client_order_ref="PO 1")
        result = self.evaluate_rule("duplicate", first | second)
        self.assertIsNone(result[first])
        self.assertEqual(result[second]["data"]["other"], first.name)

    def test_other_contact_of_the_same_customer(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        first = self.make_order(client_order_ref="PO 1")
        self.assert_duplicate(self.make_order(partner=buyer, client_order_ref="PO 1"), "same_reference", first)

    def test_other_customers_references_are_their_own(self):
        self.make_order(client_order_ref="PO 1")
        self.assertIsNone(self.judge("duplicate", self.make_order(partner=self.consumer, client_order_ref="PO 1")))

    def test_empty_references_are_not_the_same(self):
        for reference in (False, "", "  "):
            self.make_order(client_order_ref=reference)
            self.assertIsNone(self.judge("duplicate", self.make_order(client_order_ref=reference)))

    def test_cancelled_order_does_not_count(self):
        first = self.make_order(client_order_ref="PO 1")
        second = self.make_order(client_order_ref="PO 1")
        first._action_cancel()
        self.assertIsNone(self.judge("duplicate", second))

    def test_other_companies_do_not_count(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.make_order(company_id=other.id, client_order_ref="PO 1", lines=[])
        self.assertIsNone(self.judge("duplicate", self.make_order(client_order_ref="PO 1")))

    # -- same content --------------------------------------------------------------------------------------------------

    def test_content_is_not_compared_without_days(self):
        self.make_order()
        self.assertIsNone(self.judge("duplicate", self.make_order()))

    def test_same_content_blames_the_later_order(self):
        first = self.make_order(lines=[(self.product, 2, 100.0), (self.service, 1, 50.0)])
        second = self.make_order(lines=[(self.service, 1, 50.0), (self.product, 1, 90.0), (self.product, 1, 90.0)])
        self.assertIsNone(self.judge("duplicate", first, rule_days=7))
        self.assert_duplicate(second, "same_content", first, rule_days=7)

    def test_other_unit_for_the_same_quantity(self):
        first = self.make_order(lines=[(self.product, 24, 100.0)])
        second = self.make_order()
        second.order_line.write({"product_uom_id": self.env.ref("uom.product_uom_dozen").id, "product_uom_qty": 2})
        self.assert_duplicate(second, "same_content", first, rule_days=7)

    def test_other_quantity_or_product_is_another_order(self):
        self.make_order(lines=[(self.product, 2, 100.0)])
        for lines in ([(self.product, 3, 100.0)], [(self.product, 2, 100.0), (self.service, 1, 1.0)]):
            self.assertIsNone(self.judge("duplicate", self.make_order(lines=lines), rule_days=7))

    def test_delivery_charge_makes_no_difference(self):
        first, second = self.make_order(), self.make_order()
        self.env["sale.order.line"].create({"order_id": second.id, "product_id": self.service.id, "is_delivery": True})
        self.assert_duplicate(second, "same_content", first, rule_days=7)

    def test_days(self):
        first = self.make_order(date_order=self._ago(8))
        second = self.make_order()
        self.assertIsNone(self.judge("duplicate", second, rule_days=7))
        self.assert_duplicate(second, "same_content", first, rule_days=9)

    def test_import_of_old_orders_compares_their_own_days(self):
        self.make_order(date_order=self._ago(300))
        self.assertIsNone(self.judge("duplicate", self.make_order(date_order=self._ago(200)), rule_days=7))
        fourth = self.make_order(date_order=self._ago(202))
        self.assertEqual(self.judge("duplicate", fourth, rule_days=7)[0], "same_content")

    def test_confirmation_does_not_make_an_order_younger(self):
        first = self.make_order()
        self.env.cr.execute("UPDATE sale_order SET create_date = %s WHERE id = %s", (self._ago(20), first.id))
        first.invalidate_recordset(["create_date"])
        first.action_confirm()
        self.assertGreater(first.date_order, self._ago(1))
        self.assertIsNone(self.judge("duplicate", self.make_order(), rule_days=7))

    def test_empty_orders_are_not_alike(self):
        self.make_order(lines=[])
        self.assertIsNone(self.judge("duplicate", self.make_order(lines=[]), rule_days=7))

    def test_latest_of_several_is_named(self):
        self.make_order()
        second = self.make_order()
        self.assert_duplicate(self.make_order(), "same_content", second, rule_days=7)

    def test_batch(self):
        orders = self.make_orders(client_order_ref="PO 1") | self.make_orders(10, partner=self.consumer)
        self.assert_batch_cost("duplicate", orders, rule_days=7)
