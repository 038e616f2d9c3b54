"""Rules of order receipt: customer_data, product, discount, requested_date."""

from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common import SopCase
from .common_rules import RuleBatchCase


class ReceiptCase(RuleBatchCase, SopCase):
    """A company at work, with a maker of many orders."""

    @classmethod
    def make_orders(cls, count=20, **kwargs):
        """Return ``count`` quotations alike; arguments as for ``make_order``."""
        return cls.env["sale.order"].union(*(cls.make_order(**kwargs) for _number in range(count)))


@tagged("post_install", "-at_install")
class TestRuleCustomerData(ReceiptCase):
    """``customer_data``: the contacts say all that is needed."""

    def _judge(self, order, **parameters):
        result = self.judge("customer_data", order, **parameters)
        self.assertEqual(result and result[0], "incomplete")
        return result[1]

    def test_complete_holds(self):
        self.assertIsNone(self.judge("customer_data", self.make_order(), rule_flag=True))

    def test_all_that_is_missing_is_named_at_once(self):
        self.customer.write({"phone": False, "email": "nowhere", "city": "  ", "country_id": False, "vat": False})
        order = self.make_order()
        text = self._judge(order, rule_flag=True)
        self.assertIn(order.name, text)
        self.assertIn("Business Customer: Phone or valid e-mail, Tax ID, City, Country.", text)

    def test_phone_or_email_is_enough(self):
        self.customer.write({"phone": "+32 2 123 45 67", "email": False})
        self.assertIsNone(self.judge("customer_data", self.make_order()))
        self.customer.phone = False
        for email in ("Buyer <buyer@example.com>", "nobody, buyer@example.com", "采购@例子.中国"):
            self.customer.email = email
            self.assertIsNone(self.judge("customer_data", self.make_order()), email)

    def test_email_must_be_an_address(self):
        for email in ("buyer", "buyer@", "@example.com", "buyer@localhost", "buyer at example.com"):
            self.customer.write({"phone": False, "email": email})
            self.assertIn("Phone or valid e-mail", self._judge(self.make_order()), email)

    def test_company_answers_for_its_contact(self):
        address = {"street": "Gate 2", "city": "Ghent", "country_id": self.customer.country_id.id}
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id, **address})
        self.assertIsNone(self.judge("customer_data", self.make_order(partner=buyer), rule_flag=True))

    def test_each_address_is_looked_at(self):
        office, gate = self.env["res.partner"].create(
            [
                {"name": "Office", "parent_id": self.customer.id, "type": "invoice"},
                {"name": "Gate", "parent_id": self.customer.id, "type": "delivery", "street": "Dock 1"},
            ]
        )
        (office | gate).write({"city": False, "country_id": False})
        office.street = False
        text = self._judge(self.make_order(partner_invoice_id=office.id, partner_shipping_id=gate.id))
        self.assertIn("Business Customer, Office: Street, City, Country; Business Customer, Gate: City, Country", text)

    def test_tax_id_of_companies_only_and_where_asked(self):
        (self.customer | self.consumer).write({"vat": False})
        self.assertIsNone(self.judge("customer_data", self.make_order(partner=self.consumer), rule_flag=True))
        self.assertIsNone(self.judge("customer_data", self.make_order()))
        self.assertIn("Business Customer: Tax ID", self._judge(self.make_order(), rule_flag=True))

    def test_labels_are_in_the_readers_language(self):
        self.customer.city = False
        [reason] = self.evaluate_rule("customer_data", self.make_order()).values()
        self.env["ir.model.fields"].search([("model", "=", "res.partner"), ("name", "=", "city")]).with_context(
            lang="zh_CN"
        ).field_description = "城市"
        rule = self.env["sop.rule.customer_data"].with_context(lang="zh_CN")
        self.assertIn("城市", rule._reason_text(reason["code"], reason["data"]))

    def test_batch(self):
        self.customer.city = False
        orders = self.make_orders(10) | self.make_orders(10, partner=self.consumer)
        self.assert_batch_cost("customer_data", orders, rule_flag=True)


@tagged("post_install", "-at_install")
class TestRuleProduct(ReceiptCase):
    """``product``: something is sold, and may be."""

    def test_sellable_holds(self):
        self.assertIsNone(self.judge("product", self.make_order(lines=[(self.product, 1, 1), (self.service, 1, 1)])))

    def test_nothing_ordered_is_awaited(self):
        order = self.make_order(lines=[])
        [reason] = self.evaluate_rule("product", order).values()
        self.assertEqual((reason["code"], reason["kind"]), ("no_product", "pending"))

    def test_notes_down_payments_and_delivery_are_no_products(self):
        order = self.make_order(lines=[])
        charge = self.env["product.product"].create({"name": "Freight", "type": "service", "sale_ok": False})
        order.carrier_id = self.env["delivery.carrier"].create({"name": "Lorry", "product_id": charge.id})
        common = {"order_id": order.id, "name": "Line"}
        self.env["sale.order.line"].create(
            [
                {**common, "display_type": "line_section"},
                {**common, "display_type": "line_note"},
                {**common, "is_downpayment": True, "product_uom_qty": 0},
                {**common, "product_id": charge.id, "is_delivery": True},
            ]
        )
        self.assertEqual(self.judge("product", order)[0], "no_product")
        order.carrier_id = False
        self.assertEqual(self.judge("product", order)[0], "not_sellable", "the mark alone proves nothing")

    def test_archived_and_withdrawn_products_are_named(self):
        order = self.make_order(lines=[(self.product, 1, 1), (self.other_product, 1, 1), (self.service, 1, 1)])
        self.product.active = False
        self.other_product.sale_ok = False
        code, text = self.judge("product", order)
        self.assertEqual(code, "not_sellable")
        self.assertIn(f"{order.name} has products that are archived or not for sale: Chair, Table.", text)

    def test_batch(self):
        orders = self.make_orders(lines=[(self.product, 1, 1), (self.service, 1, 1)])
        self.product.active = False
        self.assert_batch_cost("product", orders)


@tagged("post_install", "-at_install")
class TestRuleRequestedDate(ReceiptCase):
    """``requested_date``: what is asked for can still be done."""

    def test_no_wish_holds(self):
        self.assertIsNone(self.judge("requested_date", self.make_order()))

    def test_today_holds_and_yesterday_does_not(self):
        order = self.make_order(commitment_date=datetime(2025, 3, 10, 8))
        with freeze_time("2025-03-10 15:00:00"):
            self.assertIsNone(self.judge("requested_date", order))
        with freeze_time("2025-03-11 09:00:00"):
            code, text = self.judge("requested_date", order)
        self.assertEqual(code, "past")
        self.assertIn(f"2025-03-10 of order {order.name}", text)

    @freeze_time("2025-03-10 20:00:00")
    def test_the_day_is_that_of_the_company(self):
        order = self.make_order(commitment_date=datetime(2025, 3, 10, 15))
        self.company.partner_id.tz = "America/New_York"
        self.assertIsNone(self.judge("requested_date", order))
        self.company.partner_id.tz = "Asia/Shanghai"  # the 11th already; the wish was for the 10th, 23:00
        self.assertEqual(self.judge("requested_date", order)[0], "past")
        self.env.user.tz = "America/New_York"  # whoever asks
        self.assertEqual(self.judge("requested_date", order)[0], "past")

    def test_confirmed_orders_are_not_asked(self):
        order = self.make_order(commitment_date=datetime(2025, 3, 10))
        self.assertEqual(self.judge("requested_date", order)[0], "past")
        order.action_confirm()
        self.assertIsNone(self.judge("requested_date", order))

    def test_batch(self):
        self.assert_batch_cost("requested_date", self.make_orders(commitment_date=datetime(2025, 3, 10)))
