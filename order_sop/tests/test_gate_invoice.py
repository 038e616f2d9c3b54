"""The invoice gate: what was ordered is billed when settlement allows it; deposits and credit notes go their way."""

from contextlib import suppress

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestGateInvoice(GateCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_delivered()
        self.invoice = self.order._create_invoices()

    def open_gate(self, order=None, invoice=None):
        self.tick(order or self.order, "Receipt proven")
        self.tick(order or self.order, "Amount agrees", invoice or self.invoice)

    def test_closed_until_its_stage_is_complete(self):
        as_finance = self.invoice.with_user(self.users["finance"])
        message = self.assert_closed(as_finance.action_post, self.order.name, "“Receipt proven”", "“Amount agrees”")
        self.assertIn("(Finance)", message, "who can do it")
        self.tick(self.order, "Receipt proven")
        message = self.assert_closed(as_finance.action_post, self.invoice.display_name, "“Amount agrees”")
        self.assertNotIn("Receipt proven", message)
        self.tick(self.order, "Amount agrees")
        as_finance.action_post()
        self.assertEqual(self.invoice.state, "posted")

    def test_an_invoice_has_its_checks_as_soon_as_it_is_there(self):
        self.commit()
        check = self.check(self.order, "Amount agrees")
        self.assertEqual((check.invoice_id, check.state), (self.invoice, "pending"))

    def test_before_its_stage_the_message_tells_where_the_order_is(self):
        order = self.make_confirmed()
        invoice = order._create_invoices()
        self.assert_closed(invoice.action_post, order.name, "Pack", "Settle", "Packed")

    def test_each_invoice_is_asked_for_itself(self):
        self.open_gate()
        self.invoice.action_post()
        self.order.order_line.product_uom_qty = 3
        second = self.order._create_invoices()
        self.tick(self.order, "Packed", self.order.picking_ids.filtered(lambda p: p.state != "done"))
        self.assert_closed(second.action_post, second.display_name, "Amount agrees")
        self.tick(self.order, "Amount agrees", second)
        second.action_post()
        self.assertEqual(second.state, "posted")

    def test_one_invoice_may_go_while_another_may_not(self):
        line = self.invoice.invoice_line_ids
        second = self.invoice.copy({"line_ids": []})
        second.invoice_line_ids = [
            Command.create(
                {"product_id": self.product.id, "quantity": 1, "sale_line_ids": [Command.set(line.sale_line_ids.ids)]}
            )
        ]
        self.open_gate()
        self.assert_closed((self.invoice | second).action_post, second.display_name)
        self.invoice.action_post()
        self.assertEqual((self.invoice.state, second.state), ("posted", "draft"))

    def test_an_invoice_over_two_orders_asks_both(self):
        other = self.make_delivered()
        self.invoice.unlink()
        both = (self.order | other)._create_invoices()
        self.assertEqual(len(both), 1)
        self.open_gate(self.order, both)
        message = self.assert_closed(both.action_post, other.name)
        self.assertNotIn(self.order.name + ":", message)
        self.open_gate(other, both)
        both.action_post()
        self.assertEqual(both.state, "posted")

    def test_a_down_payment_is_not_gated(self):
        order = self.make_confirmed()
        wizard = self.env["sale.advance.payment.inv"].with_context(active_ids=order.ids, active_model="sale.order")
        wizard = wizard.create({"advance_payment_method": "percentage", "amount": 30})
        deposit = wizard._create_invoices(order)
        deposit.action_post()
        self.assertEqual((deposit.state, order.invoice_ids), ("posted", deposit))
        final = order._create_invoices(final=True)
        self.assert_closed(final.action_post, order.name)

    def test_a_credit_note_is_not_gated(self):
        self.open_gate()
        self.invoice.action_post()
        self.order.with_user(self.users["manager"]).action_sop_send_back(self.gated.stage_ids[0].id, "All wrong")
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.invoice.ids
        )
        credit = self.invoice.browse(
            reversal.create({"journal_id": self.invoice.journal_id.id}).refund_moves()["res_id"]
        )
        credit.action_post()
        self.assertEqual((credit.move_type, credit.state), ("out_refund", "posted"))
        again = credit.copy({"move_type": "out_invoice"})
        again.line_ids.sale_line_ids = self.order.order_line
        self.assert_closed(again.action_post, self.order.name)

    def test_a_receipt_bills_as_well(self):
        receipt = self.invoice.copy({"move_type": "out_receipt"})
        receipt.invoice_line_ids.sale_line_ids = self.order.order_line
        self.assert_closed(receipt.action_post, self.order.name)

    def test_other_invoices_go_their_way(self):
        legacy = self.make_order()
        legacy.action_confirm()
        self.ship(legacy.picking_ids)
        billed = legacy._create_invoices()
        by_hand = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [Command.create({"name": "Fee", "price_unit": 5})],
            }
        )
        (billed | by_hand).action_post()
        self.assertEqual((billed | by_hand).mapped("state"), ["posted", "posted"])

    def test_a_forged_state_is_no_way_round(self):
        self.assert_closed(lambda: self.invoice.sudo().write({"state": "posted"}), "Receipt proven")
        self.assert_closed(lambda: self.invoice.write({"state": "posted", "ref": "X"}), "Receipt proven")
        with suppress(UserError):  # as code does that goes on with other invoices
            self.invoice.write({"state": "posted", "ref": "X"})
        self.assertEqual((self.invoice.state, self.invoice.ref), ("draft", self.order.name))
        by_default = self.invoice.with_context(default_state="posted", default_move_type="out_invoice")
        line = Command.create(
            {"product_id": self.product.id, "sale_line_ids": [Command.set(self.order.order_line.ids)]}
        )
        self.assert_closed(
            lambda: by_default.create(
                {"partner_id": self.customer.id, "invoice_date": fields.Date.today(), "invoice_line_ids": [line]}
            ),
            "Receipt proven",
        )

    def test_an_invoice_posted_without_its_order_is_not_given_one(self):
        plain = self.make_order()  # under no process: its invoice may be taken off it
        plain.action_confirm()
        invoice = plain._create_invoices()
        line, sale_line = invoice.invoice_line_ids, self.order.order_line
        self.invoice.unlink()
        line.sale_line_ids = False
        invoice.action_post()
        self.assert_closed(lambda: line.write({"sale_line_ids": [Command.link(sale_line.id)]}), "Receipt proven")
        self.assert_closed(lambda: sale_line.write({"invoice_lines": [Command.link(line.id)]}), "Receipt proven")
        self.assert_closed(
            lambda: self.order.write(
                {"order_line": [Command.update(sale_line.id, {"invoice_lines": [Command.link(line.id)]})]}
            ),
            "Receipt proven",
        )
        self.assertFalse(self.order.invoice_ids)

    def test_auto_post_goes_on_with_the_others(self):
        """The cron leaves what is closed, says so on the invoice, and posts the rest."""
        ready = self.make_delivered()
        invoice = ready._create_invoices()
        self.open_gate(ready, invoice)
        (self.invoice | invoice).write({"auto_post": "at_date", "date": fields.Date.today()})
        (self.invoice | invoice).invoice_date = fields.Date.today()
        self.commit()
        with self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_auto_post_draft_entry").method_direct_trigger()
        self.assertEqual((self.invoice.state, invoice.state), ("draft", "posted"))
        self.assertIn("Receipt proven", self.invoice.message_ids[0].body)
