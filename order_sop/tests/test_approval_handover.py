"""Others decide: handed over, one more person before or after, asked by hand, recalled, returned."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_approvals import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalHandover(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.make_approvals({"name": "Clerk"}, {"name": "Head", "approver_kind": "lead"})

    def setUp(self):
        super().setUp()
        self.order = self.make_waiting(self.process)
        self.approval = self.approvals(self.order, "open")

    def as_user(self, name, approval=None):
        return (approval or self.approval).with_user(self.users[name])

    def test_handed_over_to_a_colleague(self):
        self.as_user("clerk").action_transfer(self.users["board1"].id, "I know him privately")
        self.assertEqual(self.names(self.approval.user_ids), ["board1", "second"])
        self.assertIn("to do", self.decide(self.order, "clerk"), "he has given it away")
        self.run_cron("approver_cron")
        self.assertEqual(self.names(self.approval.user_ids), ["board1", "second"], "and does not get it back by itself")
        self.assertFalse(self.decide(self.order, "board1"))
        words = self.approval.decision_ids.sorted("id")
        self.assertEqual(words.mapped("decision"), ["transfer", "approve"])
        self.assertEqual(words[0].target_id, self.users["board1"])

    def test_not_to_everybody_and_not_by_everybody(self):
        self.users["outsider"] = self.env["res.users"].create({"name": "Outsider", "login": "outsider"})
        for giver, receiver, text in (
            ("clerk", "sales", "made, sold or changed"),
            ("clerk", "second", "may decide it already"),
            ("clerk", "outsider", "active colleague"),
            ("sales", "board2", "somebody else has to decide"),
            ("board1", "board2", "not for you"),
            ("auditor", "board2", "for Finance to do"),
        ):
            [result] = self.as_user(giver).action_transfer(self.users[receiver].id)
            self.assertRegex(result["reason"], text)
        self.as_user("head").action_transfer(self.users["board2"].id, "Nobody else is here")
        self.as_user("manager").action_transfer(self.users["board3"].id)
        self.assertEqual(self.names(self.approval.user_ids), ["board2", "board3", "clerk", "second"])

    def test_one_more_before_oneself(self):
        self.as_user("clerk").action_add_approver(self.users["board1"].id, "before", "What does the board say?")
        first, mine, last = self.approvals(self.order)
        self.assertEqual((first.user_ids, first.state), (self.users["board1"], "open"))
        self.assertEqual((mine, mine.state, last.state), (self.approval, "waiting", "waiting"))
        self.assertIn("added by clerk", first.display_name)
        self.assertTrue(self.decide(self.order, "clerk"), "not before the one who was added")
        for name in ("board1", "clerk", "head"):
            self.assertFalse(self.decide(self.order, name))
        self.assertEqual(self.check_of(self.order).state, "passed")

    def test_one_more_after_oneself(self):
        self.as_user("clerk").action_add_approver(self.users["board1"].id, "after")
        self.assertFalse(self.decide(self.order, "clerk"))
        self.assertTrue(self.decide(self.order, "head"), "not before the one who was added")
        for name in ("board1", "head"):
            self.assertFalse(self.decide(self.order, name))
        self.assertEqual(self.check_of(self.order).state, "passed")

    def test_who_is_added_is_under_four_eyes(self):
        with self.assertRaisesRegex(UserError, "made, sold or changed"):
            self.as_user("clerk").action_add_approver(self.users["sales"].id)
        self.as_user("clerk").action_add_approver(self.users["board1"].id, "after")
        self.assertFalse(self.decide(self.order, "clerk"))
        self.order.with_user(self.users["board1"]).sudo().client_order_ref = "Mine"
        self.assertTrue(self.decide(self.order, "board1"))
        with self.assertRaises(UserError):
            self.as_user("clerk").action_add_approver(self.users["board2"].id, "sideways")

    def test_asked_by_hand_and_recalled(self):
        process = self.make_approvals({"name": "Clerk"}, checkpoint={"ask": "hand"}, code="HAND")
        order = self.make_waiting(process)
        check = self.check_of(order)
        self.assertFalse(check.approval_ids)
        self.assertIn("still to be asked for", order.sop_missing)
        with self.assertRaises(UserError):
            check.with_user(self.users["clerk"]).action_approve()
        with self.assertRaises(AccessError):
            check.with_user(self.users["auditor"]).action_ask()
        check.with_user(self.users["sales"]).action_ask()
        approval = self.approvals(order, "open")
        self.assertEqual(
            (approval.asked_by_id, self.names(approval.user_ids)), (self.users["sales"], ["clerk", "second"])
        )
        with self.assertRaisesRegex(UserError, "cannot be asked for"):
            check.with_user(self.users["sales"]).action_ask()
        with self.assertRaisesRegex(AccessError, "asked for by sales"):
            approval.with_user(self.users["clerk"]).action_recall()
        approval.with_user(self.users["sales"]).action_recall("A mistake in it")
        self.assertFalse(self.approvals(order))
        order.client_order_ref = "Mended"
        self.commit()
        self.assertFalse(self.approvals(order), "it waits until somebody asks again")
        check.with_user(self.users["sales"]).action_ask()
        self.assertFalse(self.decide(order, "clerk"))
        self.assertEqual(check.state, "passed")

    def test_recalled_what_was_asked_by_itself(self):
        order = self.make_order(user_id=self.users["sales"].id)
        order.with_user(self.users["sales"]).env["sop.engine.flow"].sudo()._start(
            order.with_user(self.users["sales"]), self.process
        )
        order.with_user(self.users["sales"]).env["sop.engine.evaluation"].sudo()._run(
            order.with_user(self.users["sales"]).sudo()
        )
        approval = self.approvals(order, "open")
        approval.with_user(self.users["sales"]).action_recall()
        self.commit()
        self.assertFalse(self.approvals(order))
        self.assertEqual(self.check_of(order).state, "pending")

    def test_returned_to_an_earlier_stage(self):
        process = self.make_process(
            {"name": "Receipt", "checkpoints": [{"kind": "manual", "name": "Data right"}]},
            {
                "name": "Review",
                "department_id": self.departments["finance"].id,
                "checkpoints": [{"kind": "approval", "name": "Approve it"}],
            },
            code="RETURN",
        )
        order = self.make_waiting(process)
        self.check(order, "Data right").with_user(self.users["sales"]).action_pass()
        first = process.stage_ids[0]
        with self.assertRaisesRegex(UserError, "Say why"):
            self.decide(order, "clerk", "return", "", stage_id=first.id)
        with self.assertRaisesRegex(UserError, "Choose the stage"):
            self.decide(order, "clerk", "return", "Wrong address")
        self.assertIn("cannot go back", self.decide(order, "clerk", "return", "No", stage_id=process.stage_ids[1].id))
        self.assertFalse(self.decide(order, "clerk", "return", "Wrong address", stage_id=first.id))
        self.assertEqual(order.sop_stage_id, first)
        self.assertIn("Wrong address", order.sop_panel["sent_back"])
        self.assertFalse(self.approvals(order).filtered(lambda approval: approval.state == "open"))
        self.check(order, "Data right").with_user(self.users["sales"]).action_pass()
        order.with_user(self.users["sales"]).action_sop_complete()
        self.assertFalse(self.decide(order, "clerk"))
        self.assertEqual(order.sop_status, "done")

    def test_a_change_of_mind(self):
        self.assertFalse(self.decide(self.order, "clerk", "reject", "No"))
        self.assertEqual(self.check_of(self.order).state, "failed")
        self.assertTrue(self.decide(self.order, "head"), "it is not his to overrule")
        self.assertFalse(self.decide(self.order, "clerk"))
        self.assertFalse(self.decide(self.order, "head"))
        self.assertEqual(self.check_of(self.order).state, "passed")
