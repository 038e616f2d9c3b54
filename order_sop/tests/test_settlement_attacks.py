"""The settlement from outside: who gets nothing over JSON-RPC and /json/2, and what garbage ends in."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common_http import Refused, SopHttpCase

MODELS = ("sop.settlement.line", "sop.settlement.order", "sop.tie.out")
DENIED = "odoo.exceptions.AccessError"


@tagged("post_install", "-at_install")
class TestSettlementAttacks(SopHttpCase):
    """An order that is invoiced, and everybody who should not see what it came to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["employee"] = new_test_user(cls.env, login="sop_employee", groups="base.group_user")
        cls.users["portal"] = new_test_user(cls.env, login="sop_portal", groups="base.group_portal")
        cls.order = cls.make_order(lines=[(cls.service, 1, 50.0)])
        cls.order.action_confirm()
        cls.order._create_invoices().action_post()
        cls.line = cls.order.order_line

    def test_only_finance_and_auditors_read(self):
        for model in MODELS:
            for user in ("finance", "auditor"):
                self.assertTrue(self.rpc(model, "web_search_read", [], {"id": {}}, user=user)["records"])
            for user in ("sales", "warehouse", "officer", "manager", "employee", "portal"):
                for method, arguments in (
                    ("search_read", ([],)),
                    ("web_search_read", ([], {"id": {}})),
                    ("formatted_read_group", ([], ["company_id"], ["__count"])),
                    ("web_read_group", ([], ["company_id"])),
                    ("search_count", ([],)),
                    ("read", ([self.line.id],)),
                ):
                    with self.subTest(model=model, user=user, method=method):
                        self.assert_refused(lambda: self.rpc(model, method, *arguments, user=user), name=DENIED)  # noqa: B023

    def test_only_finance_and_auditors_press_buttons(self):
        for user in ("sales", "manager", "employee", "portal"):
            for name in ("order", "deliveries", "invoices", "payments"):
                call = lambda user=user, name=name: self.rpc(  # noqa: E731
                    "sop.settlement.line", f"action_open_{name}", [self.line.id], user=user
                )
                self.assert_refused(call, name=DENIED)
            call = lambda user=user: self.json2("sop.tie.out", "action_open_entries", user, ids=[1])  # noqa: E731
            with self.assertRaises(Refused):
                call()
        with self.assertRaises(Refused):
            self.rpc("sop.settlement.day", "create", {"day": "2025-01-01", "model": "sop.tie.out"}, user="manager")

    def test_the_ledger_is_no_api(self):
        for method in ("_get_rows", "_iter_rows", "_get_lines", "_compute_rows"):
            for call in (
                lambda method=method: self.rpc("sop.ledger", method, [self.line.id], user="finance"),
                lambda method=method: self.json2("sop.ledger", method, "finance", ids=[self.line.id]),
            ):
                with self.assertRaises(Refused):
                    call()

    def test_nothing_is_written(self):
        vals = {"paid": 1.0, "name": "x", "partner_id": self.consumer.id}
        for model in MODELS:
            for method, arguments in (
                ("create", ([vals],)),
                ("write", ([self.line.id], vals)),
                ("web_save", ([self.line.id], vals, {})),
                ("unlink", ([self.line.id],)),
                ("copy", ([self.line.id],)),
                ("load", (["name"], [["x"]])),
            ):
                with self.subTest(model=model, method=method):
                    try:
                        answer = self.rpc(model, method, *arguments, user="finance")
                    except Refused:
                        continue
                    self.assertFalse(answer and answer.get("ids"))

    def test_days_that_are_none(self):
        for day in ("yesterday", "2025-02-30", 7, [1], "'; DROP TABLE sale_order; --"):
            for model in MODELS:
                call = lambda day=day, model=model: self.rpc(  # noqa: E731
                    model, "search_read", [], ["id"], user="finance", context={"sop_day": day}
                )
                self.assert_refused(call, name="odoo.exceptions.ValidationError")

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.users["auditor"]
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for model in MODELS:
            self.assertFalse(self.rpc(model, "search_read", [], ["id"], user="auditor"))
        context = {"allowed_company_ids": [self.company.id, other.id]}
        with self.assertRaises(Refused):
            self.rpc("sop.settlement.line", "search_read", [], ["id"], user="auditor", context=context)
        with self.assertRaises(Refused):
            self.rpc("sop.settlement.line", "read", [self.line.id], ["paid"], user="auditor")
        # a record that is made up, with the other company's line as its origin, has no figures
        specification = {"outstanding": {}, "partner_id": {"fields": {}}}
        try:
            answer = self.rpc("sop.settlement.line", "onchange", [self.line.id], {}, [], specification, user="auditor")
        except Refused:
            return
        self.assertFalse(answer["value"].get("outstanding"))
        self.assertFalse(answer["value"].get("partner_id"))
