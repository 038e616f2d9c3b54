"""Real requests of people who want an alert gone that is not theirs, or closed without a word: RPC, import, dialogs."""

from odoo.tests import tagged

from .common_alerts import AlertFixture
from .common_http import Refused, SopHttpCase

ACCESS = "odoo.exceptions.AccessError"


@tagged("post_install", "-at_install")
class TestAlertAttacks(AlertFixture, SopHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_alerts()

    def setUp(self):
        super().setUp()
        self.order, self.due = self.make_late()
        self.ids = self.due.ids

    def both(self, method, user, **kwargs):
        """Yield the same call on the alert by JSON-RPC and by ``/json/2``."""
        yield lambda: self.rpc("sop.alert", method, self.ids, user=user, **kwargs)
        yield lambda: self.json2("sop.alert", method, user=user, ids=self.ids, **kwargs)

    def assert_open(self):
        self.assertEqual((self.due.state, self.due.user_id, self.due.resolution), ("open", self.lead, False))
        self.assertEqual(self.env["sop.alert"].search_count([("order_id", "=", self.order.id)]), 1)

    def test_writing_it(self):
        for vals in (
            {"state": "closed"},
            {"user_id": self.users["sales"].id},
            {"resolution": "Done"},
            {"key": "another"},
            {"to_tell": False},
        ):
            for user in ("sales", "lead", "manager"):
                for call in (
                    *self.both("write", user, vals=vals),
                    *self.both("web_save", user, vals=vals, specification={}),
                ):
                    self.assert_refused(call, name=ACCESS)
            through = {"sop_alert_ids": [[1, self.due.id, vals]]}
            self.assert_refused(lambda v=through: self.rpc("sale.order", "write", [self.order.id], v), name=ACCESS)
        self.assert_refused(
            lambda: self.rpc("sale.order", "write", [self.order.id], {"sop_alerted": False}), name=ACCESS
        )
        self.assert_open()

    def test_making_and_deleting_one(self):
        vals = {"kind": "breach", "key": "mine", "order_id": self.order.id, "company_id": self.company.id}
        vals |= {"state": "closed", "raised_at": "2026-01-01 00:00:00"}
        for call in (
            lambda: self.rpc("sop.alert", "create", [vals]),
            lambda: self.json2("sop.alert", "create", vals_list=[vals]),
            lambda: self.rpc("sop.alert", "copy", self.ids),
            lambda: self.rpc("sop.alert", "unlink", self.ids),
        ):
            self.assert_refused(call, name=ACCESS)
        self.assertFalse(self.rpc("sop.alert", "load", list(vals), [[str(value) for value in vals.values()]])["ids"])
        self.assert_open()

    def test_other_peoples(self):
        for user in ("sales", "auditor", "officer", "finance"):
            for method, kwargs in (
                ("action_acknowledge", {}),
                ("action_take", {}),
                ("action_reassign", {"user_id": self.users["sales"].id}),
                ("action_close", {"resolution": "Nothing to see here"}),
            ):
                for call in self.both(method, user, **kwargs):
                    self.assert_refused(call, name=ACCESS)
        self.assert_open()

    def test_somebody_elses_dialog(self):
        context = self.rpc("sop.alert", "action_open_dialog", self.ids, user="lead")["context"]
        self.assertEqual(context, {"default_alert_ids": self.ids, "default_operation": "close"})
        dialog = self.rpc("sop.alert.dialog", "create", [{"note": "Done"}], user="lead", context=context)
        self.assert_refused(lambda: self.rpc("sop.alert.dialog", "action_confirm", dialog, user="sales"), name=ACCESS)
        own = self.rpc("sop.alert.dialog", "create", [{"note": "Done"}], user="sales", context=context)
        self.assert_refused(lambda: self.rpc("sop.alert.dialog", "action_confirm", own, user="sales"), name=ACCESS)
        self.assert_open()
        self.rpc("sop.alert.dialog", "action_confirm", dialog, user="lead")
        self.assertEqual((self.due.state, self.due.resolution), ("closed", "Done"))

    def test_garbage(self):
        calls = (
            lambda: self.rpc("sop.alert", "action_close", self.ids, {"x": 1}, user="lead"),
            lambda: self.rpc("sop.alert", "action_close", self.ids, " \n ", user="lead"),
            lambda: self.rpc("sop.alert", "action_close", ["x"], "Done", user="lead"),
            lambda: self.rpc("sop.alert", "action_reassign", self.ids, "everybody", user="lead"),
            lambda: self.rpc("sop.alert", "action_reassign", self.ids, -1, user="lead"),
            lambda: self.rpc("sop.alert", "action_reassign", self.ids, 0, user="lead"),
            lambda: self.rpc("sop.tower", "get_numbers", {"x": 1}, user="manager"),
            lambda: self.rpc("sop.tower", "get_numbers", department_id=[1, "x"], user="manager"),
        )
        for call in calls:
            with self.assertRaises(Refused) as caught:
                call()
            self.assertIn("odoo.exceptions", caught.exception.name)
        self.assert_open()

    def test_the_tower_by_rpc(self):
        for call in (
            lambda: self.rpc("sop.tower", "get_numbers", user="warehouse", mine=True),
            lambda: self.json2("sop.tower", "get_numbers", user="warehouse", mine=True),
        ):
            for number in call()["tiles"]:
                behind = self.rpc(number["model"], "search_count", number["domain"], user="warehouse")
                self.assertEqual(number["count"], behind, number)
        for method in ("_get_orders_domain", "_count_orders"):
            with self.assertRaises(Refused):
                self.rpc("sop.tower", method, [], user="manager")
