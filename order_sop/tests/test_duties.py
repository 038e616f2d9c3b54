"""Segregation of duties: where one person really did both duties of a pair, and who could."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DEPARTMENTS
from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestDuties(GateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.users["warehouse"]
        for department in ("finance", "customer_service"):
            cls.clerk.group_ids += cls.env.ref(f"order_sop.group_{department}")

    def conflicts(self, order, name="auditor"):
        """Return what the report says of ``order``: ``{(name of the person, first duty, second duty)}``."""
        self.commit()
        lines = self.env["sop.duty.conflict"].with_user(self.users[name]).search([("order_id", "=", order.id)])
        return {(line.user_id.name, line.first_duty, line.second_duty) for line in lines}

    def pair(self, first, second):
        return self.env["sop.duty.pair"].create({"first_duty": first, "second_duty": second})

    # -- who did both --------------------------------------------------------------------------------------------------

    def test_who_ships_and_bills_the_same_order(self):
        order = self.make_confirmed()
        self.tick(order, "Packed")
        self.ship(order.picking_ids.with_user(self.clerk))
        invoice = order._create_invoices()
        self.tick(order, "Receipt proven")
        self.tick(order, "Amount agrees")
        self.assertFalse(self.conflicts(order))
        invoice.with_user(self.clerk).action_post()
        self.assertEqual(self.conflicts(order), {("warehouse", "shipped", "invoiced")})
        line = self.env["sop.duty.conflict"].search([("order_id", "=", order.id)])
        gates = {event.data["gate"]: event.date for event in self.events(order) if event.code == "passed_gate"}
        self.assertEqual((line.first_date, line.second_date), (gates["ship"], gates["invoice"]))
        self.assertEqual((line.date, line.company_id), (gates["invoice"], order.company_id))

    def test_two_people_are_no_conflict(self):
        order = self.make_confirmed()
        self.tick(order, "Packed")
        self.ship(order.picking_ids.with_user(self.users["logistics"]))
        invoice = order._create_invoices()
        self.tick(order, "Receipt proven")
        self.tick(order, "Amount agrees")
        invoice.with_user(self.clerk).action_post()
        self.assertFalse(self.conflicts(order))

    def test_who_approves_and_sells_it_afterwards(self):
        """Nobody approves what he sells; who takes the order over once it is approved is found out here."""
        process = self.make_process(self.stage("Review", "confirm", {"name": "Agreed", "kind": "approval"}), code="A")
        order = self.make_gated(process, user_id=self.users["manager"].id)
        self.check(order, "Agreed").with_user(self.users["sales"]).sudo().action_approve()  # sees only own orders
        order.user_id = self.users["sales"]
        self.assertEqual(self.conflicts(order), {("sales", "sold", "approved")})

    def test_ticks_and_waivers_come_from_the_log(self):
        manager = self.users["manager"]
        manager.group_ids += self.env.ref("order_sop.group_sales") + self.env.ref("order_sop.group_finance")
        self.pair("checked", "waived")
        process = self.make_process(self.stage("Look", "confirm", {"name": "One"}, {"name": "Two"}), code="T")
        order = self.make_gated(process)
        self.check(order, "One").with_user(manager).action_pass()
        self.assertFalse(self.conflicts(order))
        self.check(order, "Two").with_user(manager).action_waive("Agreed by phone")
        self.assertEqual(self.conflicts(order), {("manager", "checked", "waived")})
        self.env["sop.engine.flow"]._go_back(order.sudo(), process.stage_ids, {"reason": "x"}, [])
        self.assertTrue(self.conflicts(order), "what was done stays done")

    def test_what_the_system_does_is_nobodys_duty(self):
        self.pair("confirmed", "shipped")
        order = self.make_reviewed()
        order.action_confirm()
        self.tick(order, "Packed")
        self.ship(order.picking_ids)
        self.assertEqual(self.env.uid, 1)
        self.assertFalse(self.conflicts(order))

    def test_each_pair_and_person_has_a_line_of_its_own(self):
        self.pair("confirmed", "shipped")
        order = self.make_reviewed()
        order.with_user(self.clerk).action_confirm()
        self.tick(order, "Packed")
        self.ship(order.picking_ids.with_user(self.clerk))
        self.assertEqual(self.conflicts(order), {("warehouse", "confirmed", "shipped")})
        lines = self.env["sop.duty.conflict"].search([])
        self.assertEqual(len(lines), len(set(lines.ids)))
        form = Form(lines[:1].with_user(self.users["auditor"]), "order_sop.sop_duty_conflict_view_form")
        self.assertEqual(form.order_id, order)
        self.env["sop.duty.pair"].search([]).active = False
        self.assertFalse(self.conflicts(order), "no pair, no line, no error")

    # -- who could -----------------------------------------------------------------------------------------------------

    def test_whose_roles_would_let_him(self):
        roles = self.env["sop.duty.role"].with_user(self.users["manager"])
        mine = roles.search([("user_id", "in", [user.id for user in self.users.values()])])
        found = {(line.user_id, line.first_duty, line.second_duty) for line in mine}
        able = {duties for duties in found if "approved" not in duties[1:]}
        self.assertEqual(able, {(self.clerk, "shipped", duty) for duty in ("invoiced", "settled")})
        process = self.make_process(
            self.stage("Review", "confirm", {"name": "Agreed", "kind": "approval"}, department="finance"), code="P"
        )
        approve = [("user_id", "=", self.clerk.id), ("second_duty", "=", "approved")]
        self.assertEqual(process.state, "published")
        self.assertEqual(set(roles.search(approve).mapped("first_duty")), {"made", "sold"})
        self.clerk.group_ids = [Command.set(self.env.ref("order_sop.group_warehouse").ids)]
        roles.env.invalidate_all()
        self.assertFalse(roles.search([("user_id", "=", self.clerk.id)]))

    # -- who reads it, who sets it -------------------------------------------------------------------------------------

    def test_only_auditor_and_manager_read_only_the_manager_sets(self):
        pair = self.env["sop.duty.pair"].search([], limit=1)
        for name in (*DEPARTMENTS, "officer", "auditor", "manager"):
            for model in ("sop.duty.conflict", "sop.duty.role", "sop.duty.pair"):
                records = self.env[model].with_user(self.users[name])
                self.assertEqual(records.has_access("read"), name in ("auditor", "manager"), (name, model))
            if name != "manager":
                with self.subTest(name=name), self.assertRaises(AccessError):
                    pair.with_user(self.users[name]).active = False
        pair.with_user(self.users["manager"]).active = False
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.pair("approved", "made")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.pair("made", "made")

    def test_other_companies_are_out_of_sight(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.clerk.company_ids += other
        self.env.user.company_ids += other
        self.pair("made", "sold")
        order = (
            self.env["sale.order"]
            .with_user(self.clerk)
            .with_context(allowed_company_ids=[other.id])
            .create({"partner_id": self.customer.id, "user_id": self.clerk.id, "company_id": other.id})
        ).with_env(self.env)
        self.put_under(order, self.gated)
        self.assertFalse(self.conflicts(order))
        self.users["auditor"].company_ids += other
        lines = self.env["sop.duty.conflict"].with_user(self.users["auditor"])
        for companies, sees in ((self.company, False), (self.company + other, True)):
            chosen = lines.with_context(allowed_company_ids=companies.ids)
            self.assertEqual(bool(chosen.search([("order_id", "=", order.id)])), sees)
