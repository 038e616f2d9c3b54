"""Real requests of people who want goods, dates or prices that are not theirs to decide: RPC, dialogs, forgery."""

from odoo.tests import new_test_user, tagged

from .common_http import Refused, SopHttpCase
from .common_stock import StockFixture

ACCESS = "odoo.exceptions.AccessError"


@tagged("post_install", "-at_install")
class TestStockAttacks(StockFixture, SopHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_stock()
        cls.users["portal"] = new_test_user(cls.env, login="sop_portal", groups="base.group_portal")
        cls.users["employee"] = new_test_user(cls.env, login="sop_employee", groups="base.group_user")
        cls.users["rival"] = new_test_user(cls.env, login="sop_rival", groups="order_sop.group_sales")

    def setUp(self):
        super().setUp()
        self.add_stock(self.table, 3)
        self.order = self.make_confirmed(5)
        self.line = self.order.order_line.id
        self.commit()

    def both(self, model, method, user, ids, **kwargs):
        """Yield the same call by JSON-RPC and by ``/json/2``."""
        yield lambda: self.rpc(model, method, ids, user=user, **kwargs)
        yield lambda: self.json2(model, method, user=user, ids=ids, **kwargs)

    def assert_untouched(self):
        self.assertFalse(self.order.sop_remedy_ids)
        self.assertEqual((self.order.order_line.product_uom_qty, len(self.order.picking_ids)), (5, 1))

    def test_who_may_decide_what(self):
        contract = ("reschedule", "substitute", "cancel_line")
        refused = {
            "employee": ("replenish", "parts", "take", *contract),
            "portal": ("replenish", "parts", "take", *contract),
            "rival": ("replenish", "parts", *contract),
            "sales": ("take",),
            "warehouse": contract,
            "purchasing": contract,
            "finance": ("replenish", "parts", "take", *contract),
            "auditor": ("replenish", "parts", "take", *contract),
            "officer": ("replenish", "parts", "take", *contract),
        }
        for user, kinds in refused.items():
            for kind in kinds:
                wishes = {"new_date": "2031-01-01 00:00:00", "substitute_id": self.bench.id}
                for call in self.both(
                    "sop.stock.line", "action_decide", user, [self.line], kind=kind, reason="Because", wishes=wishes
                ):
                    with self.subTest(user=user, kind=kind):
                        self.assert_refused(call, name=ACCESS)
        self.assert_untouched()
        context = {"sop_engine": True, "sop_promise_reason": "forged", "sop_figures": {}}
        call = {"user": "warehouse", "kind": "reschedule", "reason": "x", "context": context}
        self.assert_refused(lambda: self.rpc("sop.stock.line", "action_decide", [self.line], **call), name=ACCESS)
        self.rpc("sop.stock.line", "action_decide", [self.line], user="purchasing", kind="replenish", reason="Low")
        self.assertEqual(self.order.sop_remedy_ids.state, "done")

    def test_forging_records(self):
        remedy = self.decide("warehouse", self.order, "parts")
        vals = {"order_id": self.order.id, "company_id": self.company.id, "product_id": self.table.id}
        vals |= {"kind": "parts", "state": "done", "decided_at": "2026-01-01 00:00:00"}
        promise = {"order_id": self.order.id, "company_id": self.company.id, "changed_at": "2026-01-01 00:00:00"}
        for call in (
            lambda: self.rpc("sop.remedy", "create", [vals]),
            lambda: self.json2("sop.remedy", "create", vals_list=[vals]),
            lambda: self.rpc("sop.remedy", "copy", remedy.ids),
            lambda: self.rpc("sop.remedy", "unlink", remedy.ids),
            lambda: self.rpc("sop.remedy", "write", remedy.ids, {"state": "draft"}),
            lambda: self.rpc("sop.remedy", "web_save", remedy.ids, {"answer": "agreed"}, {}),
            lambda: self.rpc("sop.promise", "create", [promise]),
            lambda: self.rpc("sop.stock.line", "create", [{"order_id": self.order.id}]),
            lambda: self.rpc("sop.stock.line", "write", [self.line], {"product_id": self.bench.id}),
            lambda: self.rpc("sop.stock.line", "unlink", [self.line]),
            lambda: self.rpc("sale.order", "write", self.order.ids, {"sop_remedy_ids": [[1, remedy.id, {"qty": 1}]]}),
            lambda: self.rpc("sale.order", "write", self.order.ids, {"sop_promise_ids": [[0, 0, promise]]}),
        ):
            self.assert_refused(call, name=ACCESS)
        self.assertEqual((remedy.state, remedy.answer), ("asked", False))
        for method in ("_answer", "_apply", "_propose"):
            with self.assertRaises(Refused):
                self.rpc("sop.engine.remedy", method, remedy.ids, user="manager")

    def test_other_peoples_questions(self):
        remedy = self.decide("warehouse", self.order, "parts")
        for user in ("rival", "employee", "portal", "finance", "auditor"):
            for method, kwargs in (
                ("action_cancel", {}),
                ("action_carry_out", {}),
                ("action_answer", {"answer": "agreed", "note": "He said so"}),
            ):
                for call in self.both("sop.remedy", method, user, remedy.ids, **kwargs):
                    self.assert_refused(call, name=ACCESS)
        early = self.both("sop.remedy", "action_carry_out", "warehouse", remedy.ids)
        for call in early:
            self.assert_refused(call, "not answered yet")
        self.assertEqual(remedy.state, "asked")

    def test_what_is_seen(self):
        for user, count in (("warehouse", 1), ("sales", 1), ("rival", 0), ("auditor", 1)):
            for model in ("sop.stock.line", "sop.remedy", "sop.promise"):
                self.order.commitment_date = self.in_days(33)
                self.order.sop_remedy_ids or self.decide("warehouse", self.order, "parts")
                found = self.rpc(model, "search_read", [("order_id", "=", self.order.id)], ["order_id"], user=user)
                self.assertEqual(bool(found), bool(count), f"{user} {model}")
        for user in ("portal", "employee"):
            for model in ("sop.stock.line", "sop.remedy", "sop.promise"):
                self.assert_refused(lambda m=model, u=user: self.rpc(m, "search_read", [], user=u), name=ACCESS)
        short = self.rpc("sop.stock.line", "search_count", [("short", ">", 0)], user="rival")
        self.assertEqual(short, 0, "searching by figures tells nothing of others' orders")

    def test_garbage(self):
        def decide(**kwargs):
            kwargs = {"kind": "parts", "reason": "Because", **kwargs}
            return lambda: self.rpc("sop.stock.line", "action_decide", [self.line], user="warehouse", **kwargs)

        calls = (
            decide(kind="steal"),
            decide(kind=None),
            decide(kind={"x": 1}),
            decide(reason=" \n"),
            decide(reason=["x"]),
            decide(wishes="all"),
            decide(wishes=[1]),
            decide(wishes={"state": "done"}),
            decide(kind="replenish", wishes={"qty": -5}),
            decide(kind="replenish", wishes={"qty": "many"}),
            decide(kind="replenish", wishes={"qty": 1e30}),
            decide(kind="take", wishes={"other_line_id": "x"}),
            decide(kind="take", wishes={"other_line_id": 0x7FFFFFFF}),
            decide(wishes={"new_date": "someday"}),
            decide(seen="stale"),
            lambda: self.rpc("sop.stock.line", "action_decide", ["x"], "parts", user="warehouse"),
            lambda: self.rpc("sop.stock.line", "action_decide", [0x7FFFFFFF], "parts", user="warehouse"),
            lambda: self.rpc("sop.stock.line", "action_decide", [], "parts", user="warehouse"),
            lambda: self.rpc("sop.stock.line", "search", [("short", "=", "x")], user="warehouse"),
        )
        for number, call in enumerate(calls):
            with self.subTest(number=number):
                with self.assertRaises(Refused) as caught:
                    call()
                self.assertRegex(caught.exception.name, "odoo.exceptions|ValueError|builtins")
        self.assert_untouched()

    def test_somebody_elses_dialog(self):
        action = self.rpc("sop.stock.line", "action_open_dialog", [self.line], user="warehouse")
        dialog = [action["res_id"]]
        self.rpc("sop.remedy.dialog", "write", dialog, {"kind": "parts", "reason": "x"}, user="warehouse")
        for user in ("rival", "purchasing", "manager"):
            self.assert_refused(
                lambda u=user: self.rpc("sop.remedy.dialog", "action_confirm", dialog, user=u), name=ACCESS
            )
        vals = {"line_id": self.line, "kind": "parts", "reason": "x"}
        forged = self.rpc("sop.remedy.dialog", "create", [vals], user="rival")
        self.assert_refused(lambda: self.rpc("sop.remedy.dialog", "action_confirm", forged, user="rival"), name=ACCESS)
        names = ["figures", "preview", "candidate_ids"]
        [read] = self.rpc("sop.remedy.dialog", "read", forged, names, user="rival")
        self.assertEqual([read[name] for name in names], [False, False, []])
        self.assert_untouched()
        self.rpc("sop.remedy.dialog", "action_confirm", dialog, user="warehouse")
        self.assertEqual(self.order.sop_remedy_ids.state, "asked")
        self.assert_refused(
            lambda: self.rpc("sop.remedy.dialog", "action_confirm", dialog, user="warehouse"), "Look again"
        )

    def test_a_forged_reason_of_a_date(self):
        """A date that somebody writes carries no reason, whatever his context says."""
        self.rpc(
            "sale.order",
            "write",
            self.order.ids,
            {"commitment_date": "2031-01-01 00:00:00"},
            user="sales",
            context={"sop_promise_reason": "The customer wanted it"},
        )
        [promise] = self.order.sop_promise_ids
        self.assertEqual((promise.reason, promise.changed_by_id), (False, self.users["sales"]))
