"""Ways to make one word count twice, to get round a rejection, or to leave an approval that nobody can give."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_approvals import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalLoopholes(ApprovalCase):
    def away(self, name, stand_in):
        today = fields.Date.today()
        self.env["sop.delegation"].create(
            {
                "user_id": self.users[name].id,
                "delegate_id": self.users[stand_in].id,
                "date_from": today,
                "date_to": today,
            }
        )

    def board_step(self, **vals):
        return {"name": "Board", "approver_kind": "group", "group_id": self.board.id, **vals}

    def test_two_steps_in_one_call(self):
        self.users["head"].group_ids += self.env.ref("order_sop.group_finance")
        process = self.make_approvals(
            {"name": "Clerk"}, {"name": "Head", "approver_kind": "lead"}, checkpoint={"approval_order": "parallel"}
        )
        order = self.make_waiting(process)
        results = self.approvals(order, "open").with_user(self.users["head"]).action_decide("approve")
        self.assertEqual(sum(bool(result["reason"]) for result in results), 1)
        self.assertEqual(self.check_of(order).state, "pending")
        self.assertIn("already", self.decide(order, "head"))

    def test_a_quorum_by_stand_ins_of_one(self):
        order = self.make_waiting(self.make_approvals(self.board_step(quorum="count", minimum=2)))
        self.assertFalse(self.decide(order, "board1"))
        self.away("board1", "clerk")
        self.assertTrue(self.decide(order, "clerk"), "board1 has spoken for himself")
        self.away("board2", "clerk")
        self.assertFalse(self.decide(order, "clerk"))
        self.assertEqual(self.check_of(order).state, "passed")

    def test_a_peer_does_not_overrule_a_rejection(self):
        order = self.make_waiting(self.make_approvals({"name": "Clerk"}))
        self.assertFalse(self.decide(order, "clerk", "reject", "Too cheap"))
        self.assertTrue(self.decide(order, "second"))
        approval = self.approvals(order)
        approval.check_id.sudo().read()
        with self.assertRaisesRegex((UserError), "rejected|asked for by"):
            approval.with_user(self.users["sales"]).action_recall()
        self.assertEqual(self.check_of(order).state, "failed")
        order.order_line.price_unit = 120
        self.assertFalse(self.decide(order, "second"), "it was mended, and asked for anew")

    def test_who_sells_does_not_choose_his_approver(self):
        order = self.make_waiting(self.make_approvals({"name": "Clerk"}))
        order.user_id = self.users["manager"]
        [result] = self.approvals(order).with_user(self.users["manager"]).action_transfer(self.users["board1"].id)
        self.assertIn("as its salesperson", result["reason"])

    def test_handed_over_and_back(self):
        order = self.make_waiting(self.make_approvals({"name": "Head", "approver_kind": "lead"}))
        approval = self.approvals(order)
        approval.with_user(self.users["head"]).action_transfer(self.users["board1"].id)
        approval.with_user(self.users["board1"]).action_transfer(self.users["head"].id)
        self.assertEqual(approval.user_ids, self.users["head"])
        self.assertFalse(self.decide(order, "head"))

    def test_all_but_one_who_has_left(self):
        order = self.make_waiting(self.make_approvals(self.board_step(quorum="all")))
        for name in ("board1", "board2"):
            self.assertFalse(self.decide(order, name))
        self.users["board3"].active = False
        self.run_cron("approver_cron")
        self.assertEqual(self.check_of(order).state, "passed")

    def test_a_leaver_who_has_approved_stands_in_for_nobody(self):
        order = self.make_waiting(self.make_approvals(self.board_step(quorum="all")))
        self.assertFalse(self.decide(order, "board1"))
        self.users["board1"].active = False
        self.run_cron("approver_cron")
        self.assertFalse(self.decide(order, "board2"))
        self.assertEqual(self.check_of(order).state, "pending")
        self.assertFalse(self.decide(order, "board3"))
        self.assertEqual(self.check_of(order).state, "passed")

    def test_a_step_that_does_not_apply_any_more(self):
        process = self.make_approvals(
            {"name": "Clerk"}, self.board_step(order_domain="[('sop_amount_company', '>=', 1000)]")
        )
        order = self.make_waiting(process, lines=[(self.product, 20, 100.0)])
        order.order_line.product_uom_qty = 2
        self.assertEqual(self.approvals(order).step_id.mapped("name"), ["Clerk"])
        self.assertFalse(self.decide(order, "clerk"))
        self.assertEqual(self.check_of(order).state, "passed")

    def test_what_the_stage_did_not_wait_for_ends_with_it(self):
        process = self.make_approvals({"name": "Clerk"}, checkpoint={"blocking": False})
        order = self.make_waiting(process)
        self.assertEqual(order.sop_stage_id.name, "After")
        self.assertFalse(self.approvals(order, "open"))

    def test_the_first_of_three_steps_comes_to_apply(self):
        large = "[('sop_amount_company', '>=', 1000)]"
        process = self.make_approvals(
            {"name": "Clerk", "order_domain": large}, {"name": "Head", "approver_kind": "lead"}, self.board_step()
        )
        order = self.make_waiting(process)
        self.assertEqual(self.approvals(order, "open").step_id.name, "Head")
        order.order_line.product_uom_qty = 20
        approvals = self.approvals(order)
        self.assertEqual(approvals.step_id.mapped("name"), ["Clerk", "Head", "Board"])
        self.assertEqual(approvals.mapped("state")[0], "open")

    def test_an_approval_is_about_the_order(self):
        with self.assertRaisesRegex(UserError, "only be about the order"):
            self.make_approvals({"name": "Clerk"}, checkpoint={"scope": "invoice"})

    def test_a_better_rate_of_another_day(self):
        """The date of a quotation is the seller's to choose; it does not move him below the limit."""
        usd = self.env.ref("base.EUR") if self.company.currency_id.name != "EUR" else self.env.ref("base.USD")
        usd.active = True
        self.env["res.currency.rate"].create(
            [
                {"currency_id": usd.id, "rate": rate, "company_id": self.company.id, "name": day}
                for rate, day in ((4.0, "2020-01-01"), (1.0, fields.Date.today()))
            ]
        )
        pricelist = self.env["product.pricelist"].create({"name": "Foreign", "currency_id": usd.id})
        process = self.make_approvals({"order_domain": "[('sop_amount_company', '>=', 1000)]"})
        order = self.make_waiting(process, lines=[(self.product, 15, 100.0)], pricelist_id=pricelist.id)
        order.date_order = "2020-06-01 10:00:00"
        self.commit()
        self.assertEqual(order.sop_amount_company, 1500)
        with self.assertRaisesRegex(UserError, "Approve it"):
            order.action_confirm()
        found = self.env["sale.order"].search([("id", "=", order.id), ("sop_amount_company", ">=", 1500)])
        self.assertEqual(found, order)

    def test_the_changes_shown_are_those_since_the_last_word(self):
        order = self.make_waiting(self.make_approvals({"name": "Clerk"}, {"name": "Head", "approver_kind": "lead"}))
        self.assertFalse(self.decide(order, "clerk"))
        for price in (110, 150):
            order.order_line.price_unit = price
            self.commit()
        self.assertIn("Chair 100 → 150", self.approvals(order, "open").changes)
        order.order_line.price_unit = 100
        self.commit()
        self.assertFalse(self.approvals(order, "open").changes)

    def test_seen_when_the_form_was_opened(self):
        order = self.make_waiting(self.make_approvals({"name": "Clerk"}))
        approval = self.approvals(order).with_user(self.users["clerk"])
        seen = approval.seen
        order.order_line.price_unit = 1
        self.commit()
        action = approval.with_context(sop_operation="approve", sop_seen=seen).action_open_dialog()
        dialog = approval.env["sop.approval.dialog"].browse(action["res_id"])
        dialog.action_confirm()
        self.assertIn("was changed while", dialog.line_ids.result)
        self.assertEqual(self.check_of(order).state, "pending")

    def test_dialog_lines_are_not_made_by_hand(self):
        order = self.make_waiting(self.make_approvals({"name": "Clerk"}))
        approval = self.approvals(order)
        outsider = self.env["sop.approval.dialog"].with_user(self.users["sales"])
        dialog = outsider.create({"operation": "approve"})
        for vals in ({"dialog_id": dialog.id, "approval_id": approval.id},):
            with self.assertRaises(AccessError):
                outsider.env["sop.approval.dialog.line"].create(vals)
        with self.assertRaises(AccessError):
            dialog.write({"line_ids": [Command.create({"approval_id": approval.id})]})
        with self.assertRaisesRegex(UserError, "cannot be done"):
            approval.with_user(self.users["clerk"]).with_context(sop_operation="x").action_open_dialog()

    def test_an_escalation_makes_all_no_harder(self):
        process = self.make_approvals(
            self.board_step(quorum="all"), checkpoint={"remind_hours": 1, "escalate_hours": 1}
        )
        order = self.make_waiting(process)
        approval = self.approvals(order)
        self.env["sop.engine.teller"]._escalate(approval.sudo())
        self.assertIn(self.users["head"], approval.user_ids)
        self.assertEqual(approval.needed, 3)
        self.assertLess(approval.opened_at - timedelta(hours=1), fields.Datetime.now())
