"""Differences and closings from outside: who gets nothing over JSON-RPC and /json/2, and what garbage ends in."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..engine.guard import as_engine
from .common_http import Refused, SopHttpCase

MODELS = (
    "sop.difference",
    "sop.difference.reason",
    "sop.settlement.event",
    "sop.closing",
    "sop.closing.line",
    "sop.late.entry",
)
OUTSIDERS = ("sales", "warehouse", "officer", "manager", "employee", "portal")


@tagged("post_install", "-at_install")
class TestClosingAttacks(SopHttpCase):
    """An order with a difference in a signed month, and everybody who should not touch it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["employee"] = new_test_user(cls.env, login="sop_employee", groups="base.group_user")
        cls.users["portal"] = new_test_user(cls.env, login="sop_portal", groups="base.group_portal")
        cls.order = cls.make_order(lines=[(cls.service, 1, 50.0)])
        cls.order.action_confirm()
        cls.order.date_order = "2025-02-10"
        cls.order._create_invoices().action_post()
        engine = cls.env["sop.engine.difference"]
        cls.difference = engine._dispute(cls.order, 5.0, cls.order.currency_id, "Too dear", cls.customer)
        cls.reason = cls.env.ref("order_sop.difference_reason_agreed")
        cls.closing = cls.env["sop.closing"].with_user(cls.users["finance"]).create({"day": "2025-02-28"}).sudo()
        cls.closing.with_user(cls.users["finance"]).action_sign()
        cls.order.order_line.price_unit = 60.0
        cls.env["sop.engine.late"]._compare(cls.closing, cls.order.ids)
        cls.record = {
            "sop.difference": cls.difference,
            "sop.difference.reason": cls.reason,
            "sop.settlement.event": cls.difference.event_ids[:1],
            "sop.closing": cls.closing,
            "sop.closing.line": cls.closing.line_ids.filtered(lambda line: line.order_id == cls.order),
            "sop.late.entry": cls.closing.late_ids,
        }

    def test_who_reads(self):
        for model in MODELS:
            ids = self.record[model].ids
            self.assertTrue(ids, model)
            for user in ("finance", "auditor"):
                self.assertTrue(self.rpc(model, "read", ids, ["id", "display_name"], user=user))
            for user in OUTSIDERS:
                for method, arguments in (
                    ("search_read", ([],)),
                    ("web_search_read", ([], {"id": {}})),
                    ("formatted_read_group", ([], [], ["__count"])),
                    ("read", (ids,)),
                ):
                    with self.subTest(model=model, user=user, method=method):
                        call = lambda: self.rpc(model, method, *arguments, user=user)  # noqa: B023, E731
                        self.assert_refused(call, name="odoo.exceptions.AccessError")

    def test_who_acts(self):
        calls = [
            ("sop.difference", "action_explain", self.difference.ids, {"reason_id": self.reason.id}),
            ("sop.difference", "action_reopen", self.difference.ids, {}),
            ("sop.difference", "action_assign", self.difference.ids, {}),
            ("sop.difference", "action_look_again", self.difference.ids, {}),
            ("sop.closing", "action_sign", self.closing.ids, {}),
            ("sop.closing", "action_countersign", self.closing.ids, {}),
            ("sop.closing", "action_reopen", self.closing.ids, {"reason": "Because"}),
            ("sop.closing", "action_compare", self.closing.ids, {}),
        ]
        for model, method, ids, params in calls:
            for user in (*OUTSIDERS, "auditor"):
                with self.subTest(method=method, user=user):
                    call = lambda: self.rpc(model, method, ids, user=user, **params)  # noqa: B023, E731
                    self.assert_refused(call, name="odoo.exceptions.AccessError")
                    with self.assertRaises(Refused):
                        self.json2(model, method, user, ids=ids, **params)
        self.assertEqual((self.difference.state, self.closing.state), ("open", "signed"))

    def test_nothing_is_written_past_the_buttons(self):
        vals = {
            "state": "explained",
            "amount": 0.0,
            "note": "x",
            "day": "2025-01-31",
            "paid": 1.0,
            "changes": {},
            "line_ids": [Command.clear()],
            "event_ids": [Command.clear()],
            "code": "signed",
        }
        for model in MODELS:
            if model == "sop.difference.reason":
                continue
            record = self.record[model]
            before = record.read()
            mine = {name: value for name, value in vals.items() if name in record._fields}
            for name, value in mine.items():
                for method, arguments in (
                    ("write", (record.ids, {name: value})),
                    ("web_save", (record.ids, {name: value}, {})),
                    ("unlink", (record.ids,)),
                    ("load", ([".id", name], [[str(record.id), str(value)]])),
                ):
                    with self.subTest(model=model, name=name, method=method):
                        try:
                            answer = self.rpc(model, method, *arguments, user="finance")
                        except Refused:
                            continue
                        self.assertFalse(answer and answer.get("ids"))
            self.env.invalidate_all()
            self.assertEqual(record.read(), before)

    def test_a_draft_is_not_born_signed(self):
        for vals in (
            {"day": "2025-03-31", "state": "signed"},
            {"day": "2025-03-31", "hash": "x"},
            {"day": "2025-03-31", "line_ids": [Command.create({"order_id": self.order.id})]},
        ):
            with self.assertRaises(Refused):
                self.rpc("sop.closing", "create", [vals], user="finance")
        context = {"default_state": "signed", "default_hash": "x"}
        with self.assertRaises(Refused):
            self.rpc("sop.closing", "create", [{"day": "2025-03-31"}], user="finance", context=context)
        [id_] = self.rpc("sop.closing", "create", [{"day": "2025-03-31"}], user="finance")
        draft = self.env["sop.closing"].browse(id_)
        self.assertEqual((draft.state, draft.hash), ("draft", False))
        [copied] = self.rpc("sop.closing", "copy", self.closing.ids, {"day": "2025-04-30"}, user="finance")
        self.assertEqual(self.env["sop.closing"].browse(copied).state, "draft")

    def test_garbage(self):
        for arguments in (
            ({"id": 1},),
            ([self.reason.id, self.reason.id + 10**6],),
            ("x",),
            (-1,),
            (self.reason.id, 7),
        ):
            with self.assertRaises(Refused):
                self.rpc("sop.difference", "action_explain", self.difference.ids, *arguments, user="finance")
        for ids in ([self.difference.id + 10**6], ["x"], [-1]):
            with self.assertRaises(Refused):
                self.rpc("sop.difference", "action_explain", ids, self.reason.id, user="finance")
        with self.assertRaises(Refused):
            self.rpc("sop.closing", "action_reopen", self.closing.ids, {"a": 1}, user="finance")

    def test_a_context_proves_nothing(self):
        context = {"sop_engine": True, "sop_day": "2020-01-01", "active_test": False}
        with self.assertRaises(Refused):
            self.rpc("sop.difference", "write", self.difference.ids, {"amount": 0}, user="finance", context=context)
        self.rpc("sop.closing", "action_compare", self.closing.ids, user="finance", context=context)
        self.assertEqual(self.closing.late_ids.filtered(lambda entry: entry.state == "open").order_id, self.order)

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.users["finance"]
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for model in MODELS:
            if model == "sop.difference.reason":
                continue
            self.assertFalse(self.rpc(model, "search_read", [], ["id"], user="finance"))
            with self.assertRaises(Refused):
                self.rpc(model, "read", self.record[model].ids, ["id"], user="finance")
        for model, method, arguments in (
            ("sop.difference", "action_explain", (self.difference.ids, self.reason.id)),
            ("sop.closing", "action_compare", (self.closing.ids,)),
        ):
            with self.assertRaises(Refused):
                self.rpc(model, method, *arguments, user="finance")
        with self.assertRaises(Refused):
            self.rpc("sop.closing", "create", [{"day": "2025-05-31", "company_id": self.company.id}], user="finance")

    def test_a_reason_in_use_stays(self):
        as_engine(self.difference).write({"reason_id": self.reason.id})
        with self.assertRaises(Refused):
            self.rpc("sop.difference.reason", "unlink", self.reason.ids, user="finance")
        self.rpc("sop.difference.reason", "write", self.reason.ids, {"active": False}, user="finance")
        with self.assertRaises(Refused):
            self.rpc("sop.difference", "action_explain", self.difference.ids, self.reason.id, user="finance")
        with self.assertRaises(Refused):
            self.rpc("sop.difference.reason", "create", [{"name": "x", "kinds": "nonsense"}], user="finance")
