"""Paid online: captured money is never lost. What a gate stops is held, explained and told to somebody."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestGatePayment(GateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env.ref("payment.payment_provider_transfer")
        cls.provider.write({"state": "enabled", "is_published": True})
        cls.env["account.payment.method.line"].create(
            {
                "name": "Paid online",
                "payment_method_id": cls.env.ref("account.account_payment_method_manual_in").id,
                "journal_id": cls.env["account.journal"].search([("type", "=", "bank")], limit=1).id,
                "payment_provider_id": cls.provider.id,
            }
        )
        cls.provider.invalidate_recordset()
        cls.env["ir.config_parameter"].set_param("sale.automatic_invoice", False)

    def setUp(self):
        super().setUp()
        self.order = self.make_gated(require_payment=True)

    def pay(self, orders=None, amount=None, **vals):
        """Return a transaction whose payment has been captured, not processed yet."""
        orders = self.order if orders is None else orders
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.provider.payment_method_ids[:1].id,
                "reference": f"TX-{orders[:1].name}-{len(orders.transaction_ids)}",
                "amount": amount or sum(orders.mapped("amount_total")),
                "currency_id": self.company.currency_id.id,
                "partner_id": self.customer.id,
                "operation": "online_redirect",
                "sale_order_ids": orders.ids,
                **vals,
            }
        )
        self.commit()
        transaction._set_done()
        return transaction

    def assert_kept(self, transaction):
        """Assert that the money is on record: done, processed, with its payment."""
        self.assertEqual((transaction.state, transaction.is_post_processed), ("done", True))
        self.assertTrue(transaction.payment_id, "the payment is in the books")

    def assert_told(self, order, hold_type):
        """Assert that the order bears one hold of the type, explained, and an activity for its salesperson."""
        hold = order.sop_hold_ids.filtered(lambda hold: not hold.released_at)
        self.assertEqual((hold.type_id.code, order.sop_status), (hold_type, "on_hold"))
        self.assertTrue(hold.reason)
        activity = order.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref("order_sop.mail_activity_hold")
        )
        self.assertEqual(activity.user_id, order.user_id)
        return hold

    def test_an_open_gate_confirms(self):
        self.tick(self.order, "Reviewed")
        transaction = self.pay()
        transaction._post_process()
        self.assert_kept(transaction)
        self.assertEqual((self.order.state, self.order.sop_hold_ids.ids), ("sale", []))

    def test_a_closed_gate_holds_the_order_until_somebody_confirms(self):
        transaction = self.pay()
        transaction._post_process()
        self.assert_kept(transaction)
        hold = self.assert_told(self.order, "payment")
        self.assertIn("Reviewed", hold.reason)
        self.assertEqual(self.order.state, "draft")
        self.assert_closed(self.order.action_confirm, "Reviewed")
        self.tick(self.order, "Reviewed")
        self.order.with_user(self.users["sales"]).action_confirm()
        self.assertEqual((self.order.state, self.order.sop_status), ("sale", "running"))
        self.assertEqual(hold.released_by_id, self.users["sales"])

    def test_processed_twice_it_is_held_once(self):
        transaction = self.pay()
        transaction._post_process()
        transaction._post_process()
        self.pay(amount=1)._post_process()
        self.assertEqual(len(self.order.sop_hold_ids), 1)

    def test_authorized_money_is_kept_too(self):
        self.provider.support_manual_capture = "full_only"
        transaction = self.pay()
        transaction.state = "authorized"
        transaction._post_process()
        self.assertTrue(transaction.is_post_processed)
        self.assert_told(self.order, "payment")

    def test_cash_on_delivery_confirms_before_it_is_paid(self):
        self.provider.custom_mode = "cash_on_delivery"
        transaction = self.pay()
        transaction.state = "pending"
        transaction._post_process()
        self.assertTrue(transaction.is_post_processed)
        self.assert_told(self.order, "payment")
        ready = self.make_reviewed()
        transaction = self.pay(ready)
        transaction.state = "pending"
        transaction._post_process()
        self.assertEqual(ready.state, "sale")

    def test_partly_paid_or_legacy_it_is_as_in_odoo(self):
        transaction = self.pay(amount=1)
        transaction._post_process()
        self.assert_kept(transaction)
        self.assertEqual((self.order.state, self.order.sop_hold_ids.ids), ("draft", []))
        legacy = self.make_order()
        self.pay(legacy)._post_process()
        self.assertEqual(legacy.state, "sale")

    def test_the_cron_goes_on_with_the_others(self):
        legacy = self.make_order()
        transactions = self.pay() | self.pay(legacy)
        with self.enter_registry_test_mode():
            self.env.ref("payment.cron_post_process_payment_tx").method_direct_trigger()
        for transaction in transactions:
            self.assert_kept(transaction)
        self.assertEqual((self.order.state, legacy.state), ("draft", "sale"))
        self.assert_told(self.order, "payment")

    def test_whoever_is_to_be_told_may_have_left(self):
        self.departments["sales"].lead_id = self.users["manager"]
        self.users["sales"].active = False
        transaction = self.pay()
        transaction._post_process()
        self.assert_kept(transaction)
        self.assertEqual(self.order.activity_ids.user_id, self.users["manager"])

    def test_whatever_became_of_the_type_of_hold(self):
        hold_type = self.env.ref("order_sop.hold_type_payment")
        hold_type.active = False
        self.pay()._post_process()
        self.assert_told(self.order, "payment")
        with self.assertRaisesRegex(UserError, "archive it"):
            self.env["sop.hold.type"].search([("code", "=", "signature")]).unlink()
        with self.assertRaisesRegex(UserError, "code has to stay"):
            hold_type.code = "other"

    def test_an_automatic_invoice_waits_for_its_gate(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", True)
        self.tick(self.order, "Reviewed")
        transaction = self.pay()
        transaction._post_process()
        self.assert_kept(transaction)
        self.assertEqual((self.order.state, self.order.invoice_ids.ids), ("sale", []))
        hold = self.assert_told(self.order, "invoice")
        self.tick(self.order, "Packed")
        self.tick(self.order, "Receipt proven")
        invoice = self.order._create_invoices()
        self.tick(self.order, "Amount agrees")
        invoice.action_post()
        self.assertTrue(hold.released_at)
        self.assertNotEqual(self.order.sop_status, "on_hold")

    def test_an_automatic_invoice_that_has_to_be_checked_stays_a_draft(self):
        """Its own check can only be made once it is there."""
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", True)
        process = self.make_process(
            self.stage("Settle", "invoice", {"name": "Amount agrees", "scope": "invoice"}), code="INVOICE"
        )
        order = self.make_gated(process, require_payment=True)
        transaction = self.pay(order)
        transaction._post_process()
        self.assert_kept(transaction)
        self.assertEqual((order.state, order.invoice_ids.mapped("state")), ("sale", ["draft"]))
        self.assert_told(order, "invoice")
        self.tick(order, "Amount agrees")
        order.invoice_ids.action_post()
        self.assertIn(order.invoice_ids.payment_state, ("paid", "in_payment"))

    def test_the_down_payment_of_a_part_is_invoiced(self):
        self.env["ir.config_parameter"].set_param("sale.automatic_invoice", True)
        self.tick(self.order, "Reviewed")
        self.order.prepayment_percent = 0.5
        transaction = self.pay(amount=self.order.amount_total / 2)
        transaction._post_process()
        self.assert_kept(transaction)
        self.assertEqual((self.order.state, self.order.invoice_ids.state), ("sale", "posted"))

    def test_other_errors_are_still_odoos(self):
        self.tick(self.order, "Reviewed")
        self.order.order_line.product_id = False
        with self.assertRaisesRegex(UserError, "missing a product"):
            self.pay()._post_process()
