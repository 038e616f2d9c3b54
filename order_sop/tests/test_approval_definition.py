"""What an approval can be made of, and what keeps a process with approvals from being published."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_approvals import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalDefinition(ApprovalCase):
    def users_step(self, *names, **vals):
        return {"approver_kind": "users", "user_ids": [Command.set([self.users[name].id for name in names])], **vals}

    def test_people_of_each_kind(self):
        self.users["sales"].sale_team_id.user_id = self.users["second"]
        team = self.env["crm.team"].create({"name": "Team", "user_id": self.users["second"].id})
        steps = (
            {"approver_kind": "department"},
            {"approver_kind": "lead"},
            {"approver_kind": "group", "group_id": self.board.id},
            self.users_step("clerk", "board1"),
            {"approver_kind": "field", "user_field": "team_id.user_id"},
        )
        process = self.make_approvals(*steps, checkpoint={"approval_order": "parallel"})
        order = self.make_waiting(process, team_id=team.id)
        approvals = self.approvals(order)
        self.assertEqual(set(approvals.mapped("state")), {"open"}, "side by side")
        found = [self.names(approval.user_ids) for approval in approvals]
        self.assertEqual(
            found, [["clerk", "second"], ["head"], ["board1", "board2", "board3"], ["board1", "clerk"], ["second"]]
        )

    def test_all_have_to_agree(self):
        process = self.make_approvals({"approver_kind": "group", "group_id": self.board.id, "quorum": "all"})
        order = self.make_waiting(process)
        for name in ("board1", "board2"):
            self.assertFalse(self.decide(order, name))
            self.assertEqual(self.check_of(order).state, "pending")
        self.assertFalse(self.decide(order, "board3"))
        self.assertEqual(self.check_of(order).state, "passed")

    def test_steps_by_amount_in_the_companys_currency(self):
        process = self.make_approvals(
            {"name": "Clerk"},
            {"name": "Head", "approver_kind": "lead", "order_domain": "[('sop_amount_company', '>=', 1000)]"},
        )
        self.assertEqual(self.approvals(self.make_waiting(process)).step_id.mapped("name"), ["Clerk"])
        large = self.make_waiting(process, lines=[(self.product, 10, 100.0)])
        self.assertEqual(self.approvals(large).step_id.mapped("name"), ["Clerk", "Head"])
        eur = self.env.ref("base.EUR") if self.company.currency_id.name != "EUR" else self.env.ref("base.USD")
        eur.active = True
        self.env["res.currency.rate"].create({"currency_id": eur.id, "rate": 2.0, "company_id": self.company.id})
        pricelist = self.env["product.pricelist"].create({"name": "Foreign", "currency_id": eur.id})
        foreign = self.make_waiting(process, lines=[(self.product, 15, 100.0)], pricelist_id=pricelist.id)
        self.assertEqual((foreign.amount_total, foreign.sop_amount_company), (1500, 750))
        self.assertEqual(self.approvals(foreign).step_id.mapped("name"), ["Clerk"])
        found = self.env["sale.order"].search([("id", "in", (large | foreign).ids), ("sop_amount_company", ">=", 1000)])
        self.assertEqual(found, large, "searched as it is judged")

    def test_conditions_on_the_first_order(self):
        process = self.make_approvals({"order_domain": "[('sop_first_order', '=', True)]"})
        first = self.make_waiting(process)
        self.assertTrue(self.approvals(first))
        self.decide(first, "clerk")
        first.action_confirm()
        second = self.make_waiting(process)
        self.assertFalse(self.approvals(second))
        self.assertEqual(self.check_of(second).state, "not_applicable")
        found = self.env["sale.order"].search([("id", "in", (first | second).ids), ("sop_first_order", "=", True)])
        self.assertEqual(found, first, "no other order was confirmed before it")

    def test_without_steps_any_member_approves(self):
        order = self.make_waiting(self.make_approvals())
        self.assertEqual(self.names(self.approvals(order).user_ids), ["clerk", "second"])
        self.assertFalse(self.decide(order, "second"))
        self.assertEqual(self.check_of(order).state, "passed")

    def test_a_process_is_not_published_before_its_approvals_can_be_given(self):
        self.departments["legal"].lead_id = False
        for step, text in (
            ({"approver_kind": "lead"}, "needs 1 people who may approve, and there are 0"),
            (self.users_step("clerk", quorum="count", minimum=2), "needs 2 people who may approve, and there are 1"),
        ):
            with self.assertRaisesRegex(UserError, text):
                self.make_approvals(step, checkpoint={"department_id": self.departments["legal"].id})
        self.users["clerk"].active = False
        with self.assertRaisesRegex(UserError, "there are 0"):
            self.make_approvals(self.users_step("clerk"))

    def test_nobody_fills_two_steps_by_plan(self):
        with self.assertRaisesRegex(UserError, "nobody counts twice"):
            self.make_approvals(self.users_step("clerk"), self.users_step("clerk"))
        with self.assertRaisesRegex(UserError, "nobody counts twice"):
            self.make_approvals(self.users_step("clerk", "second"), self.users_step("clerk"), self.users_step("second"))
        self.make_approvals(self.users_step("clerk", "second"), self.users_step("clerk"))

    def test_a_field_has_to_lead_to_a_user(self):
        for path in ("team_id", "no_such", "order_line.product_id", "partner_id.user_id.name"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.make_approvals({"approver_kind": "field", "user_field": path})

    def test_steps_and_watches_of_a_published_process_stay(self):
        process = self.make_approvals(*self.chain(), checkpoint={"watch_ids": [Command.create({"fact": "amount"})]})
        checkpoint = process.stage_ids.checkpoint_ids.filtered("step_ids")
        for action in (
            lambda: checkpoint.step_ids[0].write({"quorum": "all"}),
            lambda: checkpoint.step_ids[0].sudo().unlink(),
            lambda: checkpoint.watch_ids.write({"tolerance_percent": 100}),
            lambda: checkpoint.watch_ids.unlink(),
            lambda: self.env["sop.watch"].create({"checkpoint_id": checkpoint.id, "fact": "customer"}),
            lambda: self.env["sop.approval.step"].create({"checkpoint_id": checkpoint.id, "name": "More"}),
        ):
            with self.assertRaisesRegex(UserError, "can no longer be changed"):
                action()
        draft = self.env["sop.process"].browse(process.action_new_version()["res_id"])
        copied = draft.stage_ids.checkpoint_ids.filtered("step_ids")
        self.assertEqual(copied.step_ids.mapped("name"), ["Clerk", "Head", "Board"])
        self.assertEqual(copied.watch_ids.fact, "amount")
