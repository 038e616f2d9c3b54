"""Real requests of people who want an approval that they may not give: RPC, import, copies, others' dialogs."""

from odoo import Command
from odoo.tests import tagged

from .common_approvals_http import ApprovalHttpCase
from .common_http import Refused

ACCESS = "odoo.exceptions.AccessError"


@tagged("post_install", "-at_install")
class TestApprovalAttacks(ApprovalHttpCase):
    def test_writing_state_approver_and_date(self):
        forged = {
            "sop.check": (self.check_id, {"state": "passed", "user_id": self.users["head"].id, "asked_at": False}),
            "sop.approval": (
                self.approval.id,
                {"state": "approved", "user_ids": [[6, 0, [self.users["sales"].id]]], "needed": 0, "opened_at": False},
            ),
        }
        for model, (record_id, vals) in forged.items():
            for name, value in vals.items():
                for user in ("sales", "manager", "clerk"):
                    for call in (
                        *self.both(model, "write", [record_id], user, vals={name: value}),
                        *self.both(model, "web_save", [record_id], user, vals={name: value}, specification={}),
                    ):
                        self.assert_refused(call, name=ACCESS)
        self.assert_waiting()

    def test_making_records(self):
        vals = {
            "sop.decision": {"check_id": self.check_id, "decision": "approve", "user_id": self.users["clerk"].id},
            "sop.approval": {"check_id": self.check_id, "order_id": self.order.id, "state": "approved", "needed": 1},
        }
        for model, values in vals.items():
            for call in (
                lambda m=model, v=values: self.rpc(m, "create", [v]),
                lambda m=model, v=values: self.json2(m, "create", vals_list=[v]),
                lambda m=model, v=values: self.rpc(
                    m, "create", [{}], context={f"default_{name}": value for name, value in v.items()}
                ),
            ):
                self.assert_refused(call, name=ACCESS)
            loaded = self.rpc(model, "load", list(values), [[str(value) for value in values.values()]])
            self.assertFalse(loaded["ids"])
        for model, record_id in (("sop.approval", self.approval.id), ("sop.check", self.check_id)):
            self.assert_refused(lambda m=model, r=record_id: self.rpc(m, "copy", [r]), name=ACCESS)
            self.assert_refused(lambda m=model, r=record_id: self.rpc(m, "unlink", [r]), name=ACCESS)
        self.assert_waiting()

    def test_through_the_order(self):
        for vals in (
            {"sop_check_ids": [[1, self.check_id, {"state": "passed"}]]},
            {"sop_check_ids": [[1, self.check_id, {"approval_ids": [[1, self.approval.id, {"state": "approved"}]]}]]},
            {"sop_changed_by_id": False},
            {"sop_seller_ids": []},
        ):
            self.assert_refused(lambda v=vals: self.rpc("sale.order", "write", [self.order.id], v), name=ACCESS)
        self.assert_refused(
            lambda: self.rpc("sale.order", "action_confirm", [self.order.id], user="sales"), "Approve it"
        )
        self.assert_waiting()

    def test_approving_ones_own(self):
        """The seller, the maker, the changer: by the check, by the approval, by a dialog of somebody else."""
        self.users["sales"].group_ids += self.env.ref("order_sop.group_finance")
        for call in self.both("sop.check", "action_approve", [self.check_id], "sales"):
            self.assert_refused(call, "somebody else", name=ACCESS)
        for call in self.both("sop.approval", "action_decide", [self.approval.id], "sales", decision="approve"):
            [result] = call()
            self.assertIn("somebody else", result["reason"])
        action = self.rpc("sop.approval", "action_open_dialog", [self.approval.id], user="clerk")
        for call in self.both("sop.approval.dialog", "action_confirm", [action["res_id"]], "sales"):
            self.assert_refused(call, name=ACCESS)
        self.rpc("sale.order", "write", [self.order.id], {"client_order_ref": "Mine"}, user="clerk")
        [result] = self.rpc("sop.approval", "action_decide", [self.approval.id], "approve", user="clerk")
        self.assertIn("You have changed", result["reason"])
        self.assert_waiting()

    def test_somebody_elses_turn_and_department(self):
        for user in ("warehouse", "auditor", "officer", "manager", "head", "board1"):
            for call in self.both("sop.check", "action_approve", [self.check_id], user):
                self.assert_refused(call, name=ACCESS)
        self.assert_waiting()

    def test_garbage(self):
        """Wrong decisions, ids and contexts end in a clear error or change nothing."""
        calls = (
            lambda: self.rpc("sop.approval", "action_decide", [self.approval.id], "approved", user="clerk"),
            lambda: self.rpc("sop.approval", "action_decide", [self.approval.id], "approve", {"x": 1}, user="clerk"),
            lambda: self.rpc("sop.approval", "action_decide", ["x"], "approve", user="clerk"),
            lambda: self.rpc("sop.approval", "action_transfer", [self.approval.id], "everybody", user="clerk"),
            lambda: self.rpc("sop.approval", "action_add_approver", [self.approval.id], -1, user="clerk"),
            lambda: self.rpc("sop.approval", "action_transfer", [self.approval.id], 0, user="clerk"),
        )
        for call in calls:
            with self.assertRaises(Refused) as caught:
                call()
            self.assertIn("odoo.exceptions", caught.exception.name)
        context = {"sop_engine": True, "sop_four_eyes": False, "active_test": False}
        [result] = self.rpc(
            "sop.approval", "action_decide", [self.approval.id], "approve", user="sales", context=context
        )
        self.assertTrue(result["reason"])
        self.assert_waiting()

    def test_changed_while_he_looked(self):
        action = self.rpc("sop.approval", "action_open_dialog", [self.approval.id], user="clerk")
        self.order.order_line.price_unit = 1
        answer = self.rpc("sop.approval.dialog", "action_confirm", [action["res_id"]], user="clerk")
        self.assertEqual(answer["res_id"], action["res_id"], "the dialog stays and tells")
        line = self.env["sop.approval.dialog"].browse(action["res_id"]).line_ids
        self.assertIn("was changed while", line.result)
        self.assert_waiting()

    def test_outsiders_see_nothing(self):
        self.users["portal"] = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "sop_portal",
                "password": "sop_portal",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                "partner_id": self.customer.id,
            }
        )
        for model in ("sop.approval", "sop.decision", "sop.delegation", "sop.approval.dialog"):
            for call in self.both(model, "search_read", [], "portal"):
                with self.assertRaises(Refused):
                    call()
