"""Real requests of people who want work, or to be rid of it, in ways that they may not."""

from odoo.tests import new_test_user, tagged

from .common_http import SopHttpCase
from .common_work import WorkFixture

ACCESS = "odoo.exceptions.AccessError"


@tagged("post_install", "-at_install")
class TestWorkAttacks(WorkFixture, SopHttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_work()
        cls.users["seller"] = new_test_user(cls.env, login="sop_seller", groups="sales_team.group_sale_manager")
        cls.users["portal"] = new_test_user(cls.env, login="sop_portal", groups="base.group_portal")

    def setUp(self):
        super().setUp()
        self.order = WorkFixture.make_orders.__func__(type(self), 1)
        self.env.flush_all()
        self.packing = self.env["sop.work"].search(
            [("order_id", "=", self.order.id), ("department_id", "=", self.house.id)]
        )

    def assert_untouched(self):
        self.env.invalidate_all()
        self.assertFalse(self.order.sop_user_id)
        self.assertFalse(self.order.sop_check_ids.assigned_id)
        self.assertEqual(set(self.order.sop_check_ids.mapped("state")), {"pending"})

    def both(self, model, method, ids, user, **kwargs):
        """Yield the same call by JSON-RPC and by ``/json/2``."""
        yield lambda: self.rpc(model, method, ids, user=user, **kwargs)
        yield lambda: self.json2(model, method, user=user, ids=ids, **kwargs)

    def test_taking_and_handing_over_without_a_right(self):
        hand = {"receiver_id": self.users["anna"].id, "reason": "Because"}
        for user in ("finance", "seller", "portal", "auditor", "officer", "legal"):
            for call in (
                *self.both("sop.work", "action_take", self.packing.ids, user),
                *self.both("sop.work", "action_hand_over", self.packing.ids, user, **hand),
                *self.both("sop.work", "action_do", self.packing[:1].ids, user),
            ):
                self.assert_refused(call, name=ACCESS)
        self.assert_untouched()

    def test_writing_it_directly(self):
        check, visit = self.order.sop_check_ids[0], self.order.sop_visit_id
        anna = self.users["anna"].id
        for model, record, field in (
            ("sale.order", self.order, "sop_user_id"),
            ("sop.check", check, "assigned_id"),
            ("sop.visit", visit, "user_id"),
        ):
            for user in ("anna", "manager", "sales"):
                for call in (
                    *self.both(model, "write", record.ids, user, vals={field: anna}),
                    *self.both(model, "web_save", record.ids, user, vals={field: anna}, specification={}),
                ):
                    self.assert_refused(call, name=ACCESS)
        self.assert_refused(
            lambda: self.rpc("sale.order", "web_save", self.order.ids, user="manager", specification={},
                             vals={"sop_check_ids": [[1, check.id, {"assigned_id": anna}]]}),
            name=ACCESS,
        )  # fmt: skip
        self.assert_untouched()

    def test_garbage(self):
        for arguments in (
            {"receiver_id": "1", "reason": "x"},
            {"receiver_id": 99999999, "reason": "x"},
            {"receiver_id": [self.users["anna"].id, self.users["bert"].id], "reason": "x"},
            {"receiver_id": self.users["anna"].id, "reason": {"a": 1}},
            {"receiver_id": self.users["anna"].id},
            {"receiver_id": self.users["portal"].id, "reason": "x"},
            {"receiver_id": self.users["finance"].id, "reason": "x"},
        ):
            for call in self.both("sop.work", "action_hand_over", self.packing.ids, "anna", **arguments):
                with self.assertRaises(Exception) as caught:
                    call()
                self.assertIn("odoo.exceptions", caught.exception.name)
        for ids in ([0], [-3], [2**40], []):
            with self.assertRaises(Exception) as caught:
                self.rpc("sop.work", "action_take", ids, user="anna")
            self.assertIn("odoo.exceptions", caught.exception.name)
        self.assert_untouched()

    def test_the_context_gives_no_right(self):
        context = {"sop_engine": True, "sop_unattended": True, "uid": 1, "active_test": False}
        call = lambda: self.rpc("sop.work", "action_take", self.packing.ids, user="legal", context=context)  # noqa: E731
        self.assert_refused(call, name=ACCESS)
        self.assert_untouched()

    def test_rules_are_for_managers(self):
        vals = {"department_id": self.house.id, "user_id": self.users["anna"].id}
        for user in ("anna", "warehouse", "officer", "seller", "portal"):
            self.assert_refused(lambda user=user: self.rpc("sop.route", "create", [vals], user=user), name=ACCESS)
        self.assertTrue(self.rpc("sop.route", "create", [vals], user="manager"))

    def test_what_is_read(self):
        """My Work tells nobody of orders that he does not see."""
        for user in ("legal", "purchasing", "seller", "portal"):
            call = lambda user=user: self.rpc("sop.work", "search_read", [], ["order_id"], user=user)  # noqa: E731
            if user in ("seller", "portal"):
                self.assert_refused(call, name=ACCESS)
            else:
                self.assertEqual(call(), [])
        self.assertEqual(len(self.rpc("sop.work", "search_read", [], ["name", "missing", "time_left"], user="anna")), 3)

    def test_dialogs_of_others(self):
        wizard = self.rpc("sop.handover", "create", [{"user_id": self.users["bert"].id, "reason": "x"}], user="manager")
        for user in ("anna", "seller"):
            self.assert_refused(
                lambda user=user: self.rpc("sop.handover", "action_confirm", wizard, user=user), name=ACCESS
            )
        self.assert_refused(
            lambda: self.rpc("sop.handover.line", "create", [{"handover_id": wizard[0]}], user="manager"), name=ACCESS
        )
