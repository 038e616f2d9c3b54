"""Nobody's word counts twice, and nobody approves his own: makers, sellers, changers, stand-ins, second sessions."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_approvals import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalFourEyes(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.make_approvals({"name": "Clerk"}, {"name": "Head", "approver_kind": "lead"})

    def away(self, name, stand_in, **vals):
        """Let ``stand_in`` decide for ``name`` today."""
        today = fields.Date.today()
        delegation = self.env["sop.delegation"].create(
            {
                "user_id": self.users[name].id,
                "delegate_id": self.users[stand_in].id,
                "date_from": today,
                "date_to": today,
                **vals,
            }
        )
        self.run_cron("approver_cron")
        return delegation

    def test_the_maker_and_the_seller(self):
        maker, seller = self.users["clerk"], self.users["second"]
        for user in (maker, seller):
            user.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        order = (
            self.env["sale.order"]
            .with_user(maker)
            .create(
                {
                    "partner_id": self.customer.id,
                    "user_id": seller.id,
                    "order_line": [Command.create({"product_id": self.product.id, "price_unit": 100.0})],
                }
            )
        )
        order = order.with_env(self.env)
        self.put_under(order, self.process)
        self.commit()
        approval = self.approvals(order, "open")
        self.assertFalse(approval.user_ids, "no clerk is left")
        for name in ("clerk", "second"):
            self.assertIn("somebody else has to decide", self.decide(order, name))
        self.run_teller()
        told = order.activity_ids.filtered("sop_approval_id")
        self.assertEqual((told.user_id, told.summary), (self.users["head"], "Nobody can decide: Clerk"))
        approval.with_user(self.users["head"]).action_transfer(self.users["board1"].id, "Please look at it")
        self.assertFalse(self.decide(order, "board1"))

    def test_whoever_changed_it_last(self):
        order = self.make_waiting(self.process)
        order.with_user(self.users["clerk"]).sudo().write({"client_order_ref": "Mine"})
        self.assertIn("You have changed", self.decide(order, "clerk"))
        order.order_line.with_user(self.users["second"]).sudo().product_uom_qty = 3
        self.assertFalse(self.decide(order, "clerk"), "somebody else has changed it since")

    def test_a_change_in_the_same_transaction(self):
        order = self.make_waiting(self.process)
        approval = self.approvals(order, "open")
        order.order_line.with_user(self.users["clerk"]).sudo().price_unit = 1
        [result] = approval.with_user(self.users["clerk"]).action_decide("approve")
        self.assertIn("You have changed", result["reason"])

    def test_one_person_cannot_fill_two_steps(self):
        self.users["head"].group_ids += self.env.ref("order_sop.group_finance")
        order = self.make_waiting(self.process)
        self.assertFalse(self.decide(order, "head"))
        self.assertEqual(self.check_of(order).state, "pending")
        self.assertIn("already", self.decide(order, "head"))
        self.assertFalse(self.approvals(order, "open").user_ids, "the head is the only one of the second step")
        self.assertEqual(self.check_of(order).state, "pending")

    def test_nor_by_standing_in(self):
        order = self.make_waiting(self.process)
        self.assertFalse(self.decide(order, "clerk"))
        self.away("head", "clerk")
        self.assertIn("already", self.decide(order, "clerk"))
        self.assertEqual(self.check_of(order).state, "pending")

    def test_a_stand_in_for_one_who_may_not(self):
        """The head sold it: neither he nor who stands in for him decides."""
        order = self.make_waiting(self.process)
        self.assertFalse(self.decide(order, "clerk"))
        order.user_id = self.users["head"]
        self.away("head", "board1")
        self.assertTrue(self.decide(order, "board1"))
        self.assertTrue(self.decide(order, "head"))

    def test_a_person_represented_has_spoken(self):
        process = self.make_approvals(
            {"approver_kind": "group", "group_id": self.board.id, "quorum": "all"}, code="ALL"
        )
        order = self.make_waiting(process)
        delegation = self.away("board1", "clerk")
        self.assertFalse(self.decide(order, "clerk"))
        self.assertEqual(self.check_of(order).decision_ids.on_behalf_of_id, self.users["board1"])
        delegation.unlink()
        self.assertIn("already", self.decide(order, "board1"))

    def test_without_four_eyes_by_configuration(self):
        process = self.make_approvals({"name": "Clerk"}, checkpoint={"four_eyes": False}, code="ONE")
        order = self.make_waiting(process)
        order.user_id = self.users["clerk"]
        self.assertFalse(self.decide(order, "clerk"))

    def test_archived_and_moved_approvers(self):
        order = self.make_waiting(self.process)
        approval = self.approvals(order, "open")
        self.users["second"].group_ids -= self.env.ref("order_sop.group_finance")
        self.assertTrue(self.decide(order, "second"), "he has left the department a moment ago")
        self.users["clerk"].active = False
        self.run_cron("approver_cron")
        self.assertFalse(approval.user_ids)
        self.users["board1"].group_ids += self.env.ref("order_sop.group_finance")
        self.run_cron("approver_cron")
        self.assertEqual(approval.user_ids, self.users["board1"], "who is new to the department can decide")

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other company"})
        order = self.make_waiting(self.process)
        clerk = self.users["clerk"]
        clerk.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertTrue(self.decide(order, "clerk"))
        with self.assertRaises(AccessError):
            self.approvals(order).with_user(clerk).with_context(
                allowed_company_ids=[self.company.id, other.id]
            ).action_decide("approve")

    def test_delegations_are_refused_where_nobody_would_be_there(self):
        today = fields.Date.today()
        self.away("clerk", "second")
        for user, stand_in, text in (
            ("clerk", "clerk", "himself"),
            ("second", "clerk", "for each other"),
        ):
            with self.assertRaisesRegex(Exception, text), self.env.cr.savepoint():
                self.away(user, stand_in)
        self.away("second", "head")
        with self.assertRaisesRegex(UserError, "for each other"), self.env.cr.savepoint():
            self.away("head", "clerk")
        self.away("head", "clerk", date_from=today + timedelta(days=9), date_to=today + timedelta(days=10))
        outsider = self.env["res.users"].create({"name": "Outsider", "login": "outsider"})
        self.users["outsider"] = outsider
        with self.assertRaisesRegex(UserError, "cannot stand in"), self.env.cr.savepoint():
            self.away("clerk", "outsider")

    def test_only_managers_send_others_away(self):
        delegation = {"user_id": self.users["head"].id, "delegate_id": self.users["clerk"].id}
        with self.assertRaises(AccessError):
            self.env["sop.delegation"].with_user(self.users["clerk"]).create(delegation)
        own = self.env["sop.delegation"].with_user(self.users["clerk"]).create({"delegate_id": self.users["second"].id})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            own.write(delegation)
        self.assertEqual(own.user_id, self.users["clerk"])
        made = self.env["sop.delegation"].with_user(self.users["manager"]).create(delegation)
        with self.assertRaises(AccessError):
            made.with_user(self.users["clerk"]).date_to = made.date_to + timedelta(days=1)
        made.with_user(self.users["head"]).active = False

    def test_a_stand_in_of_a_stand_in(self):
        self.away("head", "board1")
        self.away("board1", "board2")
        order = self.make_waiting(self.process)
        self.assertFalse(self.decide(order, "clerk"))
        self.assertFalse(self.decide(order, "board2"))
        self.assertEqual(self.check_of(order).decision_ids.sorted("id")[-1].on_behalf_of_id, self.users["head"])
