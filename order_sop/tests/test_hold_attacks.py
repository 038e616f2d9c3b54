"""Holds, blocks and waivers over real JSON-RPC: each role, garbage, forged contexts, records of others."""

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import DEPARTMENTS
from .common_http import Refused, SopHttpCase

CLEAN = {f"odoo.exceptions.{name}" for name in ("UserError", "AccessError", "ValidationError", "MissingError")}
NO_IDS = ("abc", ["abc"], [0], [-5], [1.5], [[1]], [{"id": 1}], [999999999], [True], {"id": 1})
NO_TEXTS = (5, ["x"], {"a": 1}, True)
NO_TIMES = (5, "tomorrow", ["x"], {"a": 1}, True, "2020-01-01 00:00:00")
SETS = {
    "address": {"customer_service", "sales", "warehouse", "logistics"},
    "fraud": {"customer_service", "sales", "finance", "legal"},
}
RELEASES = {"address": {"customer_service", "sales"}, "fraud": {"finance"}}


@tagged("post_install", "-at_install")
class TestHoldAttacks(SopHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["employee"] = new_test_user(cls.env, login="sop_employee", groups="base.group_user")
        cls.users["portal"] = new_test_user(cls.env, login="sop_portal", groups="base.group_portal")
        cls.users["manager"].group_ids = cls.env.ref("order_sop.group_manager")
        for name in DEPARTMENTS:
            cls.users[name].group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.types = {
            code: cls.env.ref(f"order_sop.hold_type_{code}") for code in ("address", "fraud", "blocked", "quality")
        }

    def granted(self, name, model, method, *args, **kwargs):
        """Tell whether the request is granted; one that is refused for another reason than rights is an error."""
        try:
            self.rpc(model, method, *args, user=name, **kwargs)
        except Refused as refused:
            self.assertEqual(refused.name, "odoo.exceptions.AccessError", refused.message)
            return False
        return True

    def assert_clean(self, model, method, *args, **kwargs):
        with self.subTest(method=method, args=args):
            with self.assertRaises(Refused) as caught:
                self.rpc(model, method, *args, **kwargs)
            self.assertIn(caught.exception.name, CLEAN, caught.exception.message)

    def test_each_role_sets_and_releases_what_is_his(self):
        for code, type_ in (("address", self.types["address"]), ("fraud", self.types["fraud"])):
            for name in self.users:
                order = self.make_gated()
                sets = self.granted(name, "sale.order", "action_sop_hold", order.ids, type_.id, "Because")
                self.assertEqual(sets, name in SETS[code] | {"manager"}, (code, name))
                hold = order.sop_hold_ids or self.env["sop.engine.holds"]._set(order, code)
                releases = self.granted(name, "sop.hold", "action_release", hold.ids, "Because")
                self.assertEqual(releases, name in RELEASES[code] | {"manager"}, (code, name))
                self.assertEqual(bool(hold.released_at), releases)

    def test_only_finance_blocks_customers(self):
        for name in self.users:
            partner = self.env["res.partner"].create({"name": "Somebody", "is_company": True})
            may = name in ("finance", "manager")
            self.assertEqual(self.granted(name, "res.partner", "action_sop_block", partner.ids, "Because"), may, name)
            blocks = self.env["sop.block"].search([("partner_id", "=", partner.id)])
            self.assertEqual(bool(blocks), may, name)
            if may:
                self.assertTrue(self.granted(name, "res.partner", "action_sop_unblock", partner.ids, "Because"))

    def test_the_block_is_no_field_to_write(self):
        self.users["sales"].group_ids += self.env.ref("base.group_partner_manager")
        self.customer.with_user(self.users["manager"]).action_sop_block("Never pays")
        block = self.env["sop.block"].search([("partner_id", "=", self.customer.id)])
        for name in ("sales", "finance", "manager"):
            for context in ({}, {"sop_engine": True}, {"sop_engine": {}}):
                for args in (
                    ("sop.block", "write", block.ids, {"lifted_at": "2026-01-01 00:00:00"}),
                    ("sop.block", "create", {"partner_id": self.consumer.id, "company_id": 1, "set_at": "2026-01-01"}),
                    ("sop.block", "unlink", block.ids),
                ):
                    self.assert_clean(*args, user=name, context=context)
            try:
                self.rpc("res.partner", "write", self.customer.ids, {"sop_blocked": False}, user=name)
            except Refused as refused:
                self.assertIn(refused.name, CLEAN)
            self.assertTrue(self.customer.sop_blocked and not block.lifted_at)

    @mute_logger("odoo.http")
    def test_garbage(self):
        order = self.make_gated()
        fraud, check = self.types["fraud"], self.check(order, "Reviewed")
        hold = self.env["sop.engine.holds"]._set(order, "address")
        for value in NO_IDS:
            self.assert_clean("sale.order", "action_sop_hold", value, fraud.id, "Because")
            self.assert_clean("sale.order", "action_sop_hold", order.ids, value, "Because")
            self.assert_clean("sale.order", "action_sop_hold", order.ids, self.types["quality"].id, "Because", value)
            self.assert_clean("sop.hold", "action_release", value, "Because")
            self.assert_clean("res.partner", "action_sop_block", value, "Because")
        for value in NO_TEXTS:
            self.assert_clean("sale.order", "action_sop_hold", order.ids, fraud.id, value)
            self.assert_clean("sop.hold", "action_release", hold.ids, value)
            self.assert_clean("res.partner", "action_sop_block", self.customer.ids, value)
            self.assert_clean("sop.check", "action_waive", check.ids, "Because", value)
        for value in NO_TIMES:
            self.assert_clean("sale.order", "action_sop_hold", order.ids, fraud.id, "Because", None, value)
            self.assert_clean("sop.check", "action_waive", check.ids, "Because", "check", value)
        self.assertEqual((order.sop_hold_ids, hold.released_at, check.state), (hold, False, "pending"))
        self.assertFalse(self.customer.sop_blocked)

    def test_what_one_cannot_see_one_does_not_hold(self):
        """A list with orders of others: what is one's own is held, and of the rest not even the name is told."""
        self.users["sales"].group_ids -= self.env.ref("sales_team.group_sale_salesman_all_leads")
        mine, foreign = self.make_gated(), self.make_gated(user_id=self.users["officer"].id)
        type_id = self.types["fraud"].id
        results = self.rpc("sale.order", "action_sop_hold", (mine | foreign).ids, type_id, "Because", user="sales")
        self.assertEqual(
            [(line["name"], bool(line["reason"])) for line in results], [(mine.name, False), (False, True)]
        )
        self.assertEqual((mine.sop_status, foreign.sop_status), ("on_hold", "running"))
        lines = foreign.order_line.ids
        args = (mine.ids, self.types["quality"].id, "Because", lines)
        self.assert_refused(
            lambda: self.rpc("sale.order", "action_sop_hold", *args, user="sales"), name="odoo.exceptions.AccessError"
        )

    def test_dialogs_are_ones_own_and_take_no_more(self):
        order = self.make_gated()
        vals = {"operation": "hold", "order_ids": [[6, 0, order.ids]], "type_id": self.types["fraud"].id, "reason": "X"}
        for name in ("warehouse", "purchasing"):
            dialog = self.rpc("sop.hold.dialog", "create", vals, user=name)
            self.assert_clean("sop.hold.dialog", "action_confirm", [dialog], user=name)
        mine = self.rpc("sop.hold.dialog", "create", vals, user="finance")
        self.assert_clean("sop.hold.dialog", "action_confirm", [mine], user="legal")
        self.assertFalse(order.sop_hold_ids)
        self.rpc("sop.hold.dialog", "action_confirm", [mine], user="finance")
        self.assertEqual(order.sop_hold_ids.set_by_id, self.users["finance"])

    def test_types_are_for_managers_to_change(self):
        for name in set(self.users) - {"manager"}:
            vals = {"close_ship": False, "release_department_ids": [[6, 0, self.departments["sales"].ids]]}
            self.assertFalse(self.granted(name, "sop.hold.type", "write", self.types["fraud"].ids, vals), name)
