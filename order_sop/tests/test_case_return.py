from odoo.exceptions import UserError, ValidationError

from .common_case import CaseCase


class TestCaseReturn(CaseCase):
    """Goods come back: all, a part, before they are billed, in another currency; what was paid is given back."""

    def test_story(self):
        """Two of three chairs come back after they were paid: one to stock, one is scrap; both are credited."""
        self.product.taxes_id = self.tax
        order = self.sell(lines=[(self.product, 3, 200.0)])
        order.order_line.discount = 0
        stock = self.product.qty_available
        case = self.open_case(order, qty=2, cause="carrier")
        self.assertEqual(case.refund_amount, 480.0, "taxes included")
        self.assess(case)
        self.assertEqual(case.sop_stage_id.name, "Goods back")
        with self.assertRaisesRegex(UserError, "Solve the case"):
            case.action_solve()
        transfer = self.take_back(case, receive=False)
        self.assertEqual((transfer.move_ids.product_uom_qty, transfer.state), (2, "assigned"))
        with self.assertRaisesRegex(UserError, "expected already"):
            case.action_expect_goods()
        self.ship(transfer)
        self.commit()
        self.assertEqual(case.sop_stage_id.name, "Inspection")
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.inspect(case, restock_qty=1, scrap_qty=1)
        self.assertEqual(self.product.qty_available, stock + 1)
        self.assertEqual(case.sop_stage_id.name, "Solution")
        note = self.solve(case).move_id
        self.assertEqual((note.move_type, note.state, note.amount_total), ("out_refund", "draft", 480.0))
        self.assertEqual(note.invoice_line_ids.sale_line_ids, order.order_line)
        with self.assertRaisesRegex(UserError, "nothing to be made"):
            case.action_solve()
        self.assertEqual(case.sop_stage_id.name, "Solution", "it is a draft yet")
        note.with_user(self.users["finance"]).action_post()
        self.commit()
        self.assertEqual(case.sop_stage_id.name, "Conclusion")
        self.assertEqual(order.order_line.qty_invoiced, 1)
        self.pay(note)
        self.agree(case)
        self.assertEqual(case.sudo().credit_amount, 400.0)
        self.assert_settled(order)

    def test_before_it_is_billed(self):
        self.product.invoice_policy = "delivery"
        order = self.sell(bill=False)
        case = self.open_case(order, qty=1)
        self.assess(case)
        self.take_back(case)
        self.inspect(case)
        self.assertEqual(case.sop_stage_id.name, "Conclusion", "there is nothing to credit")
        invoice = self.invoice(order)
        self.assertEqual(invoice.invoice_line_ids.quantity, 2)
        self.agree(case)
        self.assert_settled(order)

    def test_approval(self):
        """More than a small amount is given back only after Finance has agreed."""
        order = self.sell(lines=[(self.product, 10, 100.0)])
        case = self.open_case(order, qty=6)
        case.action_sop_complete()
        self.commit()
        self.assertEqual(case.sop_stage_id.name, "Approval")
        with self.assertRaisesRegex(UserError, "Refund approved"):
            case.action_expect_goods()
        check = case.sudo().sop_check_ids.filtered(lambda c: c.kind == "approval")
        self.assertEqual(check.approval_ids.amount_total, 600.0)
        check.with_user(self.users["finance"]).action_approve()
        self.commit()
        self.assertEqual(case.sop_stage_id.name, "Goods back")
        self.take_back(case, receive=False)

    def test_refused(self):
        order = self.sell()
        case = self.open_case(order, cause="customer")
        with self.assertRaisesRegex(UserError, "Say why"):
            case.action_refuse("")
        case.action_refuse("The chair was used")
        self.commit()
        self.assertEqual((case.state, case.sop_stage_id.name), ("refused", "Conclusion"))
        mail = case.message_ids.filtered(lambda message: "The chair was used" in (message.body or ""))
        self.assertTrue(mail.filtered(lambda message: case.partner_id in message.partner_ids), "he is told")
        with self.assertRaisesRegex(UserError, "refused"):
            case.action_expect_goods()
        case.action_agree()
        self.commit()
        self.assertEqual((case.state, case.sop_status), ("refused", "done"))
        case.action_reopen("He sent a photo")
        self.commit()
        self.assertEqual((case.state, case.sop_stage_id.name, case.sop_visit_id.cycle), ("open", "Received", 2))
        self.assertEqual(self.env["sop.engine.log"]._verify(case.ids, "sop.case"), [])

    def test_limits(self):
        order = self.sell()
        first = self.open_case(order, qty=2)
        with self.assertRaisesRegex(ValidationError, "only 1 "), self.cr.savepoint():
            self.open_case(order, qty=2)
        self.open_case(order, qty=1)
        other = self.sell()
        with self.assertRaisesRegex(ValidationError, "no line of"), self.cr.savepoint():
            self.open_case(order, line=other.order_line)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            first.line_ids.qty = 3
        first.action_cancel("Entered twice")
        self.commit()
        self.open_case(order, qty=2)

    def test_window(self):
        """After the return window it needs somebody's word; a repair after the warranty is simply paid."""
        self.product.product_tmpl_id.sop_return_days = -1
        order = self.sell()
        case = self.open_case(order, cause="customer")
        self.assertFalse(case.line_ids.in_window)
        with self.assertRaisesRegex(UserError, "could be returned until"):
            case.action_sop_complete()
        check = case.sudo().sop_check_ids.filtered(lambda c: c.checkpoint_id.rule == "case_window")
        check.with_user(self.users["finance"]).action_waive("A good customer")
        self.commit()
        self.assess(case)
        self.assertEqual(case.sop_stage_id.name, "Goods back")

    def test_in_two_goes(self):
        """One of two chairs comes first: the case waits for the other, which comes by the backorder."""
        order = self.sell()
        case = self.open_case(order, qty=2)
        self.assess(case)
        transfer = self.take_back(case, receive=False)
        self.ship(transfer, 1)
        self.commit()
        self.assertEqual((case.sop_stage_id.name, case.line_ids.sudo().received_qty), ("Goods back", 1))
        with self.assertRaisesRegex(UserError, "expected already"):
            case.action_expect_goods()
        self.ship(transfer.backorder_ids)
        self.commit()
        self.assertEqual((case.sop_stage_id.name, case.line_ids.sudo().received_qty), ("Inspection", 2))
        self.inspect(case)
        note = self.solve(case).move_id
        self.assertEqual(note.amount_total, 200.0)

    def test_the_transfer_is_cancelled(self):
        order = self.sell()
        case = self.open_case(order)
        self.assess(case)
        self.take_back(case, receive=False).action_cancel()
        self.commit()
        self.assertEqual(case.sop_stage_id.name, "Goods back")
        self.take_back(case, receive=False)
        self.assertEqual(len(case.sudo().document_ids), 2)

    def test_no_more_than_was_billed(self):
        order = self.sell()
        for amount in (250.0, 50.0, 1.0):
            case = self.open_case(
                order, kind="complaint", solution="goodwill", goods_back=False, line_vals={"agreed_amount": amount}
            )
            self.assess(case)
            if amount == 1.0:
                with self.assertRaisesRegex(UserError, "can be given back"):
                    case.action_solve()
                return
            self.solve(case).move_id.action_post()
            self.commit()
            self.agree(case)
