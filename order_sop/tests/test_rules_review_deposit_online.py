"""Rule of order review: deposit, paid online."""

from odoo import Command
from odoo.tests import tagged

from .test_rules_review_deposit import DepositCase


@tagged("post_install", "-at_install")
class TestRuleDepositOnline(DepositCase):
    """``deposit``: a share of the order is captured online, and counted once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["payment.provider"].create(
            {"name": "Provider", "code": "none", "state": "test", "company_id": cls.company.id}
        )
        cls.method = cls.env["payment.method"].search([], limit=1)

    def _transaction(self, orders, amount, state="done"):
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "reference": f"{orders[:1].name} {amount} {self.env['payment.transaction'].search_count([])}",
                "amount": amount,
                "currency_id": orders[:1].currency_id.id,
                "partner_id": orders[:1].partner_id.id,
                "sale_order_ids": [Command.set(orders.ids)],
            }
        )
        # by SQL: Odoo refuses “authorized” unless the provider's own module says that it can do that
        self.env.cr.execute("UPDATE payment_transaction SET state = %s WHERE id = %s", (state, transaction.id))
        transaction.invalidate_recordset(["state"])
        return transaction

    def _book(self, transaction):
        """Return the posted payment of ``transaction``, as post-processing makes it."""
        outstanding = self.env["account.account"].create(
            {"name": "Outstanding", "code": f"OUT{transaction.id}", "account_type": "asset_current", "reconcile": True}
        )
        self.bank.inbound_payment_method_line_ids[:1].payment_account_id = outstanding
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound" if transaction.amount > 0 else "outbound",
                "partner_type": "customer",
                "partner_id": transaction.partner_id.id,
                "amount": abs(transaction.amount),
                "currency_id": transaction.currency_id.id,
                "journal_id": self.bank.id,
                "payment_method_line_id": self.bank.inbound_payment_method_line_ids[:1].id,
                "outstanding_account_id": outstanding.id,
            }
        )
        payment.action_post()
        self.assertTrue(payment.move_id)
        transaction.payment_id = payment
        return payment

    def test_only_captured_payments_count(self):
        order = self._order(confirm=False)
        for state in ("draft", "pending", "authorized", "cancel", "error"):
            self._transaction(order, 100, state)
        self.assert_received(order, 0)
        self._transaction(order, 120)
        self.assert_received(order, 120)

    def test_booked_payment_counts_once_before_and_after_it_meets_the_invoice(self):
        order = self._order()
        payment = self._book(self._transaction(order, 300))
        self.assert_received(order, 300)
        deposit = self.deposit(order, 20)
        receivable = (payment.move_id | deposit).line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        receivable.reconcile()
        self.assertEqual(deposit.amount_residual, 0)
        self.assert_received(order, 300)  # 200 on the invoice, 100 still free

    def test_cancelled_payment_does_not_count(self):
        order = self._order()
        self._book(self._transaction(order, 300)).action_cancel()
        self.assert_received(order, 0)

    def test_refund_is_deducted(self):
        order = self._order()
        transaction = self._transaction(order, 300)
        refund = transaction._create_child_transaction(100, is_refund=True)
        self.assert_received(order, 300)
        refund.state = "done"
        self.assert_received(order, 200)

    def test_partial_captures_count_instead_of_their_source(self):
        order = self._order()
        transaction = self._transaction(order, 300, "authorized")
        transaction._create_child_transaction(100).state = "done"
        self.assert_received(order, 100)
        transaction._create_child_transaction(200).state = "cancel"
        transaction.state = "done"
        self.assert_received(order, 100)

    def test_refund_of_a_capture_is_deducted(self):
        order = self._order()
        capture = self._transaction(order, 300, "authorized")._create_child_transaction(200)
        capture.state = "done"
        capture._create_child_transaction(50, is_refund=True).state = "done"
        self.assert_received(order, 150)

    def test_one_payment_for_two_orders_is_shared(self):
        small, large = self._order(100.0), self._order(300.0)
        self._transaction(small | large, 200)
        self.assert_received(small, 50)
        self.assert_received(large, 150)

    def test_batch(self):
        orders = self.make_orders(20, lines=[(self.service, 1, 1000.0)])
        for order in orders:
            self.pay(self.deposit(order, 10))
            self._book(self._transaction(order, 50))
        self.assert_batch_cost("deposit", orders, rule_percent=50)
