"""Rules of order review: payment_term, contract."""

import base64
from datetime import datetime

from odoo import Command
from odoo.tests import tagged

from .common_fulfilment import FulfilmentCase
from .test_rules_receipt import ReceiptCase

PIXEL = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
)


@tagged("post_install", "-at_install")
class TestRulePaymentTerm(ReceiptCase):
    """``payment_term``: terms are set, and are no longer than agreed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.at_once = cls.make_term(0)
        cls.month = cls.make_term(30)
        cls.customer.property_payment_term_id = cls.month

    @classmethod
    def make_term(cls, *days, **vals):
        """Return payment terms of equal instalments after so many ``days``."""
        share = 100 / len(days)
        lines = [Command.create({"value": "percent", "value_amount": share, "nb_days": day, **vals}) for day in days]
        return cls.env["account.payment.term"].create({"name": f"{days} days", "line_ids": lines})

    def _judge(self, term, partner=None, **vals):
        order = self.make_order(partner=partner, payment_term_id=term and term.id, **vals)
        return order, self.judge("payment_term", order)

    def test_as_agreed_or_shorter_holds(self):
        for term in (self.month, self.at_once, self.make_term(0, 30)):
            self.assertIsNone(self._judge(term)[1], term.name)

    def test_none_is_wrong_unless_the_process_allows_it(self):
        order, result = self._judge(False)
        self.assertEqual(result[0], "missing")
        self.assertIn(f"{order.name} has no payment terms. Sales sets those agreed with Business Customer", result[1])
        self.assertIsNone(self.judge("payment_term", order, rule_flag=True))

    def test_longer_than_agreed_is_wrong(self):
        for term, days in ((self.make_term(31), 31), (self.make_term(0, 60), 60)):
            order, result = self._judge(term)
            self.assertEqual(result[0], "too_long")
            self.assertIn(f"“{term.name}” of order {order.name} run {days} days", result[1])
            self.assertIn("Business Customer has “(30,) days” (30 days)", result[1])

    def test_allowing_none_does_not_allow_longer_ones(self):
        order = self._judge(self.make_term(31))[0]
        self.assertEqual(self.judge("payment_term", order, rule_flag=True)[0], "too_long")

    def test_customer_without_agreement_pays_at_once(self):
        self.assertIsNone(self._judge(self.at_once, self.consumer)[1])
        order, result = self._judge(self.month, self.consumer)
        self.assertEqual(result[0], "no_agreement")
        self.assertIn(f"order {order.name} run 30 days, but none are agreed with Consumer", result[1])

    def test_end_of_month_counts_from_the_orders_day(self):
        end_of_month = self.make_term(10, delay_type="days_after_end_of_month")
        self.assertEqual(self._judge(end_of_month, date_order=datetime(2025, 3, 5))[1][0], "too_long")  # 36 days
        self.assertIsNone(self._judge(end_of_month, date_order=datetime(2025, 3, 25))[1])  # 16 days

    def test_agreement_of_the_orders_company_counts(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.customer.with_company(other).property_payment_term_id = self.make_term(90)
        self.assertEqual(self._judge(self.make_term(60))[1][0], "too_long")
        order = self.make_order(company_id=other.id, payment_term_id=self.make_term(60).id, lines=[])
        self.assertIsNone(self.judge("payment_term", order))

    def test_contact_has_the_terms_of_its_company(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        self.assertIsNone(self._judge(self.month, buyer)[1])

    def test_batch(self):
        terms = [self.make_term(day) for day in range(31, 51)]
        orders = self.env["sale.order"].union(*(self.make_order(payment_term_id=term.id) for term in terms))
        self.assert_batch_cost("payment_term", orders)


@tagged("post_install", "-at_install")
class TestRuleContract(FulfilmentCase):
    """``contract``: something shows that the customer has agreed."""

    def _attach(self, orders, name, **vals):
        return self.env["ir.attachment"].create(
            [
                {"name": name % order.name if "%" in name else name, "raw": b"text", "res_model": order._name}
                | {"res_id": order.id, **vals}
                for order in orders
            ]
        )

    def test_nothing_yet_is_awaited(self):
        order = self.make_order()
        [reason] = self.evaluate_rule("contract", order).values()
        self.assertEqual((reason["code"], reason["kind"]), ("none", "pending"))
        self.assertIn(order.name, self.judge("contract", order)[1])

    def test_signature_holds(self):
        order = self.make_order()
        order.signature = PIXEL
        self.assertIsNone(self.judge("contract", order))

    def test_attached_contract_holds(self):
        for name in ("Contract.pdf", "contract.jpg", "Contract %s.pdf", "%s signed.pdf"):
            order = self.make_order()
            self._attach(order, name)
            self.assertIsNone(self.judge("contract", order), name)

    def test_what_odoo_prints_is_no_contract(self):
        order = self.make_order()
        self._attach(order, "%s.pdf")
        self._attach(order, "Quotation - %s.pdf")
        self._attach(order, "PRO-FORMA - %s.pdf")
        self.assertEqual(self.judge("contract", order)[0], "none")
        order.action_confirm()  # the quotation printed before keeps its name
        self._attach(order, "Order - %s.pdf")
        self.assertEqual(self.judge("contract", order)[0], "none")

    def test_what_odoo_prints_in_another_language(self):
        report = self.env.ref("sale.action_report_saleorder")
        report.with_context(lang="zh_CN").print_report_name = "'报价单 - %s' % (object.name)"
        order = self.make_order()
        self._attach(order, "报价单 - %s.pdf")
        self.assertEqual(self.judge("contract", order)[0], "none")

    def test_report_name_that_cannot_be_made_does_not_stop_the_rule(self):
        self.env.ref("sale.action_report_saleorder").print_report_name = "object.no_such_field + 1"
        order = self.make_order()
        self._attach(order, "%s.pdf")
        self.assertEqual(self.judge("contract", order)[0], "none")

    def test_attachments_of_other_documents_do_not_count(self):
        order, delivery = self.confirm()
        self._attach(self.make_order(), "Contract.pdf")
        self._attach(delivery, "Contract.pdf")
        self.assertEqual(self.judge("contract", order)[0], "none")

    def test_batch(self):
        orders = self.make_orders(20)
        self._attach(orders[::2], "Quotation - %s.pdf")
        self._attach(orders[::3], "Contract.pdf")
        self.assert_batch_cost("contract", orders)
