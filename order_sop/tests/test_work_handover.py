from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common_work import WorkCase, manual
from .replay_log import replay


@tagged("post_install", "-at_install")
class TestWorkHandover(WorkCase):
    """All work of somebody who leaves, and the work of those whose account changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.house.write({"assignment": "user", "assignment_user_id": cls.users["bert"].id})
        cls.orders = cls.make_orders(4)
        cls.house.write({"assignment": "round_robin", "assignment_user_id": False})

    def hand_over(self, name, **vals):
        """Hand over all work of Bert as the user called ``name``; return the wizard."""
        wizard = self.env["sop.handover"].with_user(self.users[name])
        wizard = wizard.create({"user_id": self.users["bert"].id, "reason": "Leaves at noon", **vals})
        wizard.action_confirm()
        return wizard

    # -- the wizard ----------------------------------------------------------------------------------------------------

    def test_to_a_colleague(self):
        with Form(self.env["sop.handover"].with_user(self.users["manager"])) as form:
            form.user_id = self.users["bert"]
            self.assertEqual(form.order_count, 4)
            form.receiver = "user"
            form.receiver_id = self.users["anna"]
            form.reason = "Leaves at noon"
        form.record.action_confirm()
        self.assertEqual(self.orders.sop_user_id, self.users["anna"])
        self.assertEqual(len(form.record.line_ids), 4)
        self.assertEqual(form.record.line_ids.user_id, self.users["anna"])
        messages = self.env["mail.message"].search([("partner_ids", "=", self.users["anna"].partner_id.id)])
        self.assertEqual(len(messages), 1, "one message for all")
        self.assert_logged("handed")

    def test_by_routing_never_to_himself(self):
        self.hand_over("manager", receiver="routing")
        self.assertNotIn(self.users["bert"], self.orders.sop_user_id)
        self.assertEqual(len(self.orders.filtered("sop_user_id")), 4)
        self.assert_logged("routed")

    def test_to_himself_where_he_is_the_one_person(self):
        self.house.write({"assignment": "user", "assignment_user_id": self.users["bert"].id})
        self.hand_over("anna", receiver="routing")
        self.assertNotIn(self.users["bert"], self.orders.sop_user_id)

    def test_one_that_fails_does_not_stop_the_rest(self):
        """Bert also has work of another department, which the colleague cannot do."""
        self.users["bert"].group_ids += self.env.ref("order_sop.group_legal")
        legal = self.departments["legal"]
        process = self.make_process({"department_id": legal.id, "assignment": "user",
            "assignment_user_id": self.users["bert"].id, "checkpoints": [manual("Read")]}, code="LAW")  # fmt: skip
        contract = self.make_orders(1, process)
        wizard = self.hand_over("manager", receiver="user", receiver_id=self.users["anna"].id)
        self.assertEqual(self.orders.sop_user_id, self.users["anna"])
        self.assertEqual(contract.sop_user_id, self.users["bert"])
        refused = wizard.line_ids.filtered("refusal")
        self.assertEqual(refused.order_id, contract)
        self.assertIn("works in Legal", refused.refusal)
        self.assertEqual(len(wizard.line_ids), 5)

    def test_of_some_departments(self):
        wizard = self.hand_over("manager", department_ids=[Command.set(self.departments["legal"].ids)])
        self.assertFalse(wizard.line_ids)
        self.assertEqual(self.orders.sop_user_id, self.users["bert"])

    def test_who_may(self):
        wizard = self.hand_over("finance", receiver="routing")
        self.assertTrue(all(wizard.line_ids.mapped("refusal")), "finance sees the orders, and hands over its own only")
        self.assertFalse(self.hand_over("purchasing", receiver="routing").line_ids, "who does not even see them")
        self.assertEqual(self.orders.sop_user_id, self.users["bert"])
        wizard = (
            self.env["sop.handover"]
            .with_user(self.users["auditor"])
            .create({"user_id": self.users["bert"].id, "reason": "x"})
        )
        wizard.action_confirm()
        self.assertEqual(self.orders.sop_user_id, self.users["bert"])
        with self.assertRaises(AccessError):
            wizard.with_user(self.users["manager"]).line_ids.mapped("refusal")
        with self.assertRaisesRegex(UserError, "Say why"):
            self.hand_over("manager", reason="   ")

    # -- accounts that change ------------------------------------------------------------------------------------------

    def test_out_of_the_department(self):
        self.users["bert"].group_ids = [Command.set([self.env.ref("order_sop.group_legal").id])]
        self.run_cron("assignment_cron")
        self.assertNotIn(self.users["bert"], self.orders.sop_user_id)
        self.assertEqual(len(self.orders.filtered("sop_user_id")), 4)
        self.assert_logged("routed")

    def test_absent_is_not_lost(self):
        self.send_away("bert", "anna")
        self.run_cron("assignment_cron")
        self.assertEqual(self.orders.sop_user_id, self.users["bert"])

    def test_a_lead_who_is_no_member_keeps_what_fell_to_him(self):
        self.house.lead_id = self.users["manager"]
        self.house.assignment = "lead"
        order = self.make_orders(1)
        self.run_cron("assignment_cron")
        self.assertEqual(order.sop_user_id, self.users["manager"])

    def test_nobody_left(self):
        self.house.lead_id = False
        for name in ("anna", "bert", "carl", "warehouse"):
            self.users[name].active = False
        self.run_cron("assignment_cron")
        self.assertFalse(self.orders.sop_user_id, "shared again")
        colleague = new_test_user(self.env, login="sop_new", groups="order_sop.group_warehouse", name="new")
        self.users["new"] = colleague
        self.work("new")[0].action_take()
        self.assertIn(colleague, self.orders.sop_user_id)

    def test_one_poisoned_order_does_not_stop_the_others(self):
        engine = type(self.env["sop.engine.assignment"])
        give, poisoned = engine._give, self.orders[1]

        def broken(self, share, *args):
            if share.order == poisoned:
                raise ValueError("poisoned")
            return give(self, share, *args)

        self.users["bert"].active = False
        self.patch(engine, "_give", broken)
        with self.assertLogs("odoo.addons.order_sop.engine.isolation", "ERROR"):
            self.run_cron("assignment_cron")
        self.assertEqual(poisoned.sop_user_id, self.users["bert"])
        self.assertNotIn(self.users["bert"], (self.orders - poisoned).sop_user_id)

    def assert_logged(self, how):
        """The log alone tells who has the work now."""
        for order in self.orders:
            events = self.env["sop.event"].search([("order_id", "=", order.id)], order="id")
            self.assertEqual(events[-1].data["how"], how)
            told = replay(events)
            self.assertEqual(told.visits[order.sop_visit_id.id].user, order.sop_user_id.id)
            assigned = {check.id: check.assigned_id.id or None for check in order.sop_check_ids}
            self.assertEqual({id_: check.assigned for id_, check in told.checks.items()}, assigned)
