"""More real requests of people who want an approval: records through others, imports, absences, dialogs of others."""

from odoo import fields
from odoo.tests import tagged

from .common_approvals_http import ApprovalHttpCase
from .common_http import Refused

ACCESS = "odoo.exceptions.AccessError"


@tagged("post_install", "-at_install")
class TestApprovalForgeries(ApprovalHttpCase):
    def test_records_through_others(self):
        approval = {"checkpoint_id": self.approval.checkpoint_id.id, "state": "approved", "needed": 1}
        decision = {"decision": "approve", "user_id": self.users["clerk"].id, "date": "2026-01-01 00:00:00"}
        for model, record_id, vals in (
            ("sop.check", self.check_id, {"approval_ids": [[0, 0, approval]]}),
            ("sop.check", self.check_id, {"approval_ids": [[5, 0, 0]]}),
            ("sop.check", self.check_id, {"decision_ids": [[0, 0, decision]]}),
            ("sop.approval", self.approval.id, {"decision_ids": [[0, 0, decision]]}),
            ("sop.approval", self.approval.id, {"guest_ids": [[4, self.users["sales"].id, 0]]}),
            ("sop.approval", self.approval.id, {"delegate_ids": [[6, 0, [self.users["sales"].id]]]}),
            ("sale.order", self.order.id, {"sop_check_ids": [[0, 0, {"state": "passed"}]]}),
            ("sale.order", self.order.id, {"sop_files": [], "sop_seller_ids": []}),
        ):
            for user in ("sales", "manager"):
                for call in (
                    *self.both(model, "write", [record_id], user, vals=vals),
                    *self.both(model, "web_save", [record_id], user, vals=vals, specification={}),
                ):
                    self.assert_refused(call, name=ACCESS)
        self.assert_waiting()

    def test_made_by_web_save_and_defaults(self):
        for model, vals in (
            ("sop.approval", {"check_id": self.check_id, "state": "approved"}),
            ("sop.decision", {"approval_id": self.approval.id, "decision": "approve"}),
        ):
            defaults = {f"default_{name}": value for name, value in vals.items()}
            for context, values in (({}, vals), (defaults, {})):
                self.assert_refused(
                    lambda m=model, c=context, v=values: self.rpc(m, "web_save", [], v, specification={}, context=c),
                    name=ACCESS,
                )
        self.assert_waiting()

    def test_imported(self):
        """A file that is imported over the order, its checks and its approvals."""
        for model, record_id, name, value in (
            ("sale.order", self.order.id, "sop_changed_by_id/.id", str(self.users["head"].id)),
            ("sale.order", self.order.id, "sop_check_ids/state", "Passed"),
            ("sop.check", self.check_id, "state", "Passed"),
            ("sop.approval", self.approval.id, "state", "Approved"),
            ("sop.approval", self.approval.id, "user_ids/.id", str(self.users["sales"].id)),
        ):
            for user in ("sales", "manager"):
                answer = self.rpc(model, "load", [".id", name], [[str(record_id), value]], user=user)
                self.assertFalse(answer["ids"], (model, name, user))
        self.assert_waiting()

    def test_an_absence_of_somebody_else(self):
        """Sales sends the clerk away and stands in for him."""
        self.users["sales"].group_ids += self.env.ref("order_sop.group_finance")
        clerk, sales, today = self.users["clerk"].id, self.users["sales"].id, str(fields.Date.today())
        dates = {"date_from": today, "date_to": today}
        vals = {"user_id": clerk, "delegate_id": sales, **dates}
        own = self.rpc("sop.delegation", "create", {"delegate_id": clerk, **dates}, user="sales")
        defaults = {"default_user_id": clerk}
        for call in (
            lambda: self.rpc("sop.delegation", "create", vals, user="sales"),
            lambda: self.rpc("sop.delegation", "web_save", [], vals, specification={}, user="sales"),
            lambda: self.rpc(
                "sop.delegation", "create", {"delegate_id": sales, **dates}, user="sales", context=defaults
            ),
            lambda: self.rpc("sop.delegation", "write", [own], vals, user="sales"),
            lambda: self.json2("sop.delegation", "create", vals_list=[vals], user="sales"),
        ):
            with self.assertRaises(Refused) as caught:
                call()
            self.assertIn(caught.exception.name, (ACCESS, "odoo.exceptions.ValidationError"))
        [result] = self.rpc("sop.approval", "action_decide", [self.approval.id], "approve", user="sales")
        self.assertTrue(result["reason"])
        self.assert_waiting()

    def test_the_dialog_of_somebody_else(self):
        dialog_id = self.rpc("sop.approval", "action_open_dialog", [self.approval.id], user="clerk")["res_id"]
        line_id = self.env["sop.approval.dialog"].browse(dialog_id).line_ids.id
        for user in ("sales", "manager"):
            for call in (
                lambda u=user: self.rpc("sop.approval.dialog", "read", [dialog_id], user=u),
                lambda u=user: self.rpc("sop.approval.dialog", "write", [dialog_id], {"comment": "Mine"}, user=u),
                lambda u=user: self.rpc("sop.approval.dialog", "unlink", [dialog_id], user=u),
                lambda u=user: self.rpc("sop.approval.dialog", "action_confirm", [dialog_id], user=u),
                lambda u=user: self.rpc("sop.approval.dialog.line", "read", [line_id], user=u),
                lambda u=user: self.rpc("sop.approval.dialog.line", "write", [line_id], {"seen": "x"}, user=u),
            ):
                self.assert_refused(call, name=ACCESS)
        self.assert_waiting()

    def test_the_activity_instead(self):
        """Marked as done, written over, deleted: all of it over RPC, none of it decides anything."""
        self.env["sop.engine.teller"]._tell(self.approval.sudo())
        mine = self.order.activity_ids.filtered(lambda activity: activity.user_id == self.users["clerk"])
        forged = {"sop_approval_id": False}
        self.assert_refused(lambda: self.rpc("mail.activity", "write", [mine.id], forged, user="clerk"), name=ACCESS)
        self.rpc("mail.activity", "action_feedback", [mine.id], feedback="Approved", user="clerk")
        self.assert_waiting()

    def test_companies_switched(self):
        """The clerk belongs to another company now, and asks for the one that he left."""
        other = self.env["res.company"].create({"name": "Other company"})
        self.users["clerk"].write({"company_ids": [[6, 0, other.ids]], "company_id": other.id})
        for companies in ([self.company.id], [self.company.id, other.id]):
            with self.assertRaises(Refused):
                self.rpc(
                    "sop.approval",
                    "action_decide",
                    [self.approval.id],
                    "approve",
                    user="clerk",
                    context={"allowed_company_ids": companies},
                )
        [result] = self.rpc("sop.approval", "action_decide", [self.approval.id], "approve", user="clerk")
        self.assertTrue(result["reason"])
        self.assert_waiting()

    def test_an_empty_group(self):
        process = self.make_approvals({"approver_kind": "group", "group_id": self.board.id}, code="BOARD")
        self.board.user_ids = False
        order = self.make_waiting(process)
        approval = self.approvals(order)
        self.assertEqual((approval.user_ids.ids, approval.needed), ([], 1))
        self.env["sop.engine.teller"]._tell(approval.sudo())
        self.assertEqual(order.activity_ids.user_id, self.users["head"], "the lead is told")
        for user in ("board1", "clerk", "manager", "head"):
            [result] = self.rpc("sop.approval", "action_decide", [approval.id], "approve", user=user)
            self.assertTrue(result["reason"])
        self.assertEqual(self.check_of(order).state, "pending")
        with self.assertRaisesRegex(Exception, "there are 0"):
            self.make_approvals({"approver_kind": "group", "group_id": self.board.id}, code="EMPTY")
