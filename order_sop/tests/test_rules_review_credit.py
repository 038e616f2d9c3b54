"""Rule of order review: credit."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_fulfilment import FulfilmentCase


@tagged("post_install", "-at_install")
class TestRuleCredit(FulfilmentCase):
    """``credit``: within the limit, and nothing long overdue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_use_credit_limit = True
        cls.customer.credit_limit = 1000
        cls.today = fields.Date.today()

    def _order(self, amount, confirm=False, **kwargs):
        order = self.make_order(lines=[(self.service, 1, amount)], **kwargs)
        if confirm:
            order.action_confirm()
        return order

    def _bill(self, amount, days_ago=0, **kwargs):
        invoice = self.invoice(self._order(amount, confirm=True, **kwargs), post=False)
        day = self.today - timedelta(days=days_ago)
        invoice.write({"invoice_date": day, "invoice_payment_term_id": False, "invoice_date_due": day})
        invoice.action_post()
        return invoice

    def assert_over_limit(self, order, *amounts, **parameters):
        result = self.judge("credit", order, **parameters)
        self.assertEqual(result and result[0], "over_limit")
        for text in (order.name, *(f"{amount:.2f} {self.company.currency_id.name}" for amount in amounts)):
            self.assertIn(text, result[1])

    # -- limit ---------------------------------------------------------------------------------------------------------

    def test_up_to_the_limit_holds(self):
        self.assertIsNone(self.judge("credit", self._order(1000)))
        self.assert_over_limit(self._order(1000.01), 1000.01, 0, 1000)

    def test_all_that_is_owed_adds_up(self):
        self._bill(300)
        self._order(250, confirm=True)
        self._order(5000)  # another quotation binds nobody
        self.assertIsNone(self.judge("credit", self._order(450)))
        self.assert_over_limit(self._order(450.01), 1000.01, 300, 700.01)

    def test_confirmed_order_is_counted_once(self):
        order = self._order(600, confirm=True)
        self.assertIsNone(self.judge("credit", order))
        self.invoice(order)
        self.assertIsNone(self.judge("credit", order))
        self.assert_over_limit(self._order(401), 1001, 600, 401)

    def test_undelivered_goods_count_too(self):
        self.make_orders(1, lines=[(self.product, 9, 100.0)])
        self.assertIsNone(self.judge("credit", self._order(100)))
        self.assert_over_limit(self._order(101), 1001)

    def test_draft_invoice_is_still_owed_for(self):
        order = self._order(900, confirm=True)
        self.invoice(order, post=False)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assert_over_limit(self._order(101), 1001, 0)

    def test_down_payment_is_counted_once_and_paid_money_frees_credit(self):
        order = self._order(1000, confirm=True)
        deposit = self.deposit(order, 40)
        self.assertIsNone(self.judge("credit", order))
        self.assert_over_limit(self._order(1), 1001, 400, 601)
        self.pay(deposit)
        self.assertIsNone(self.judge("credit", self._order(400)))

    def test_payment_in_advance_frees_credit(self):
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        self.env["account.payment"].create(
            {"partner_id": self.customer.id, "amount": 500, "payment_type": "inbound", "journal_id": journal.id}
        ).action_post()
        self.assertIsNone(self.judge("credit", self._order(1500)))
        self.assert_over_limit(self._order(1501), 1001, -500, 1501)

    def test_credited_invoice_can_be_invoiced_again(self):
        self._bill(400)._reverse_moves([{"invoice_date": self.today}], cancel=True)
        self.assert_over_limit(self._order(601), 1001, 0, 1001)

    def test_result_is_fresh_within_one_transaction(self):
        order = self._order(100)
        self.assertIsNone(self.judge("credit", order))
        self._bill(901)
        self.assert_over_limit(order, 1001)

    def test_no_limit(self):
        order = self._order(1000000, partner=self.consumer)
        self.assertIsNone(self.judge("credit", order))
        code, text = self.judge("credit", order, rule_flag=True)
        self.assertEqual(code, "no_limit")
        self.assertIn(f"Consumer has no credit limit, which order {order.name} needs", text)

    def test_limits_that_the_company_does_not_use(self):
        self.company.account_use_credit_limit = False
        order = self._order(1000000)
        self.assertIsNone(self.judge("credit", order))
        self.assertEqual(self.judge("credit", order, rule_flag=True)[0], "no_limit")

    def test_whom_the_order_is_invoiced_to_owes(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.customer.id})
        self._order(600, confirm=True, partner=buyer)
        self._order(300, confirm=True, partner=self.consumer, partner_invoice_id=self.customer.id)
        self.assert_over_limit(self._order(101, partner=buyer), 1001)
        self.assertIsNone(self.judge("credit", self._order(9999, partner_invoice_id=self.consumer.id)))

    def test_foreign_currency(self):
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("id", "!=", self.company.currency_id.id)], limit=1)
        )
        currency.active = True
        currency.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "company_rate": 4.0, "currency_id": currency.id, "company_id": self.company.id}
        )
        foreign = {"pricelist_id": self.env["product.pricelist"].create({"name": "F", "currency_id": currency.id}).id}
        self._bill(800, **foreign)
        self._order(1200, confirm=True, **foreign)
        self.assertIsNone(self.judge("credit", self._order(2000, **foreign)))
        self.assert_over_limit(self._order(2004, **foreign), 1001, 200, 801)

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Other company", "account_use_credit_limit": True})
        self._bill(900, days_ago=400)
        self._order(900, confirm=True)
        order = self._order(500, company_id=other.id)
        self.customer.with_company(other).credit_limit = 500
        self.assertIsNone(self.judge("credit", order))
        self.customer.with_company(other).credit_limit = 499
        self.assertEqual(self.judge("credit", order)[0], "over_limit")

    # -- overdue -------------------------------------------------------------------------------------------------------

    def test_overdue_within_the_grace_days_holds(self):
        self._bill(100, days_ago=10)
        order = self._order(1)
        self.assertIsNone(self.judge("credit", order, rule_days=10))
        code, text = self.judge("credit", order, rule_days=9)
        self.assertEqual(code, "overdue")
        self.assertIn("Business Customer has not paid invoices that are overdue by more than 9 days: INV/", text)
        self.assertIn(order.name, text)

    def test_due_today_is_not_overdue(self):
        self._bill(100)
        self.assertIsNone(self.judge("credit", self._order(1)))

    def test_paid_invoice_is_not_overdue(self):
        invoice = self._bill(100, days_ago=10)
        self.pay(invoice, amount=60)
        self.assertEqual(self.judge("credit", self._order(1))[0], "overdue")
        self.pay(invoice)
        self.assertIsNone(self.judge("credit", self._order(1)))

    def test_oldest_invoices_are_named_first_and_not_all(self):
        invoices = [self._bill(10, days_ago=days) for days in (2, 9, 4, 8, 5, 7, 6)]
        self.consumer.credit_limit = 1
        text = self.judge("credit", self._order(1))[1]
        shown = [invoices[index].name for index in (1, 3, 5, 6, 4)]
        self.assertIn(f"{', '.join(shown)}, ….", text)
        self.assertIsNone(self.judge("credit", self._order(1, partner=self.consumer)), "others' invoices do not count")

    def test_batch(self):
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {number}", "credit_limit": 100} for number in range(20)]
        )
        for customer in customers:
            self._bill(60, days_ago=5, partner=customer)
            self._order(60, confirm=True, partner=customer)
        orders = self.env["sale.order"].union(*(self._order(60, partner=customer) for customer in customers))
        for days in (2, 10):  # stopped by overdue invoices; by the limit
            self.assert_batch_cost("credit", orders, rule_days=days)
