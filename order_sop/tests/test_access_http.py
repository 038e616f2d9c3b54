"""Actions called from outside with garbage end in a clear refusal, never in a crash."""

from odoo.tests import tagged

from .common_http import Refused, SopHttpCase

CLEAN = {f"odoo.exceptions.{name}" for name in ("UserError", "AccessError", "ValidationError", "MissingError")}
NO_IDS = ("abc", ["abc"], [None], [0], [-5], [1.5], [[1]], [{"id": 1}], [999999999], [10**12], [True], {"id": 1})
NO_TEXTS = (5, ["x"], {"a": 1}, True, 1.5)


@tagged("post_install", "-at_install")
class TestAccessHttp(SopHttpCase):
    def setUp(self):
        super().setUp()
        process = self.make_process(
            self.stage("First", False, {"name": "Ready"}),
            self.stage(
                "Review", "confirm", {"name": "Reviewed"}, {"name": "Terms", "kind": "approval"}, auto_advance=False
            ),
            code="GARBAGE",
        )
        self.order = self.make_gated(process)
        self.tick(self.order, "Ready")
        self.first = process.stage_ids[0]
        self.look, self.terms = self.check(self.order, "Reviewed"), self.check(self.order, "Terms")
        self.hold = self.env["sop.engine.holds"]._set(self.order, "manual")
        self.users["manager"].group_ids += self.env.ref("order_sop.group_sales")
        self.before = self.state()

    def state(self):
        order = self.order
        return (order.sop_stage_id, order.sop_status, self.look.state, self.terms.state, self.hold.released_at)

    def assert_clean(self, model, method, *args, **kwargs):
        with self.subTest(model=model, method=method, args=args):
            with self.assertRaises(Refused) as caught:
                self.rpc(model, method, *args, **kwargs)
            self.assertIn(caught.exception.name, CLEAN, caught.exception.message)
            self.assertTrue(caught.exception.message)

    def test_garbage_instead_of_records(self):
        for model, methods in (
            ("sop.check", ("action_pass", "action_reset", "action_approve", "action_reject", "action_waive")),
            ("sop.hold", ("action_release",)),
            ("sale.order", ("action_sop_complete", "action_sop_check_again")),
        ):
            for method in methods:
                args = ["Because"] if method in ("action_reject", "action_waive") else []
                for ids in NO_IDS:
                    self.assert_clean(model, method, ids, *args)
        self.assertEqual(self.state(), self.before)

    def test_garbage_instead_of_texts(self):
        for value in NO_TEXTS:
            self.assert_clean("sop.check", "action_pass", self.look.ids, value)
            self.assert_clean("sop.check", "action_approve", self.terms.ids, value)
            self.assert_clean("sop.check", "action_reject", self.terms.ids, value)
            self.assert_clean("sop.check", "action_waive", self.look.ids, value)
            self.assert_clean("sale.order", "action_sop_send_back", self.order.ids, self.first.id, value)
        self.assertEqual(self.state(), self.before)

    def test_garbage_instead_of_a_stage(self):
        for stage in (*NO_IDS, [], False, 0, [self.first.id, self.order.sop_stage_id.id], self.gated.stage_ids[0].id):
            self.assert_clean("sale.order", "action_sop_send_back", self.order.ids, stage, "Because")
        self.assertEqual(self.state(), self.before)

    def test_garbage_instead_of_files(self):
        hidden = self.env["ir.attachment"].create(
            {"name": "secret", "raw": b"x", "res_model": "res.company", "res_id": 1}
        )
        manager_file = self.env["ir.attachment"].with_user(self.users["manager"]).create({"name": "own", "raw": b"x"})
        for files in (*NO_IDS, [manager_file.id]):
            self.assert_clean("sop.check", "action_pass", self.look.ids, "Seen", files, user="sales")
        self.assert_clean("sop.check", "action_pass", self.look.ids, "Seen", [hidden.id + 1000], user="sales")
        self.assertEqual(self.state(), self.before)
        self.assertFalse(self.look.attachment_ids)

    def test_records_of_another_model_or_order(self):
        """The id of something else is the id of nothing that one may touch."""
        legacy = self.make_order()
        self.assert_clean("sale.order", "action_sop_complete", legacy.ids)
        self.assert_clean("sale.order", "action_sop_send_back", legacy.ids, self.first.id, "Because")
        done = self.check(self.order, "Ready")
        self.assert_clean("sop.check", "action_pass", done.ids)
        self.assert_clean("sop.check", "action_pass", (self.look | self.terms).ids)
        self.assertEqual(self.state(), self.before)

    def test_dialogs_take_no_more_than_the_actions(self):
        """The dialogs forward as the user who opened them; theirs is no right of their own."""
        for role in ("warehouse", "legal"):
            self.users[role].group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
            for operation in ("pass", "waive"):
                vals = {"check_id": self.look.id, "operation": operation, "note": "Because"}
                dialog = self.rpc("sop.check.dialog", "create", vals, user=role)
                self.assert_clean("sop.check.dialog", "action_confirm", [dialog], user=role)
            vals = {"order_ids": [[6, 0, self.order.ids]], "stage_id": self.first.id, "reason": "Because"}
            dialog = self.rpc("sop.send.back", "create", vals, user=role)
            self.assert_clean("sop.send.back", "action_confirm", [dialog], user=role)
        self.assertEqual(self.state(), self.before)
        approval = self.terms.approval_ids
        dialog = self.rpc("sop.approval", "action_open_dialog", approval.ids, user="warehouse")["res_id"]
        self.rpc("sop.approval.dialog", "action_confirm", [dialog], user="warehouse")
        self.assertTrue(self.env["sop.approval.dialog"].browse(dialog).line_ids.result, "it tells why it was not done")
        self.assertEqual(self.state(), self.before)
        mine = self.rpc("sop.check.dialog", "create", {"check_id": self.look.id, "operation": "pass"}, user="sales")
        self.assert_clean("sop.check.dialog", "action_confirm", [mine], user="legal")
        self.rpc("sop.check.dialog", "action_confirm", [mine], user="sales")
        self.assertEqual((self.look.state, self.look.user_id), ("passed", self.users["sales"]))
