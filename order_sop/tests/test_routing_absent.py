from odoo import Command
from odoo.tests import new_test_user, tagged

from .common_work import WorkCase


@tagged("post_install", "-at_install")
class TestRoutingAbsent(WorkCase):
    """Who is not there gets nothing: absent, archived, of another company or department."""

    def routed(self, count=1, **vals):
        return self.make_orders(count, **vals).sop_user_id

    def one_person(self, name):
        self.house.write({"assignment": "user", "assignment_user_id": self.users[name].id})

    def test_the_stand_in_gets_what_a_named_person_would(self):
        self.one_person("anna")
        absence = self.send_away("anna", "bert")
        self.assertEqual(self.routed(), self.users["bert"])
        self.send_away("bert", "carl")
        self.assertEqual(self.routed(), self.users["carl"], "the stand-in's stand-in")
        absence.active = False
        self.assertEqual(self.routed(), self.users["anna"])

    def test_a_stand_in_of_another_department_does_not(self):
        self.one_person("anna")
        self.send_away("anna", "legal")
        self.assertEqual(self.routed(), self.users["warehouse"], "the lead")

    def test_those_who_take_turns_skip_the_absent(self):
        self.send_away("anna", "legal")
        for mode in ("round_robin", "least_loaded"):
            self.house.assignment = mode
            self.assertEqual(self.routed(8), self.workers - self.users["anna"])

    def test_archived(self):
        self.one_person("anna")
        self.users["anna"].active = False
        self.assertEqual(self.routed(), self.users["warehouse"])
        self.house.assignment = "round_robin"
        self.assertEqual(self.routed(8), self.workers - self.users["anna"])

    def test_no_member_any_more(self):
        self.one_person("anna")
        self.users["anna"].group_ids = [Command.set([self.env.ref("order_sop.group_legal").id])]
        self.assertEqual(self.routed(), self.users["warehouse"])

    def test_two_companies(self):
        """Each company's orders go to its own people, though the department is the same."""
        other = self.env["res.company"].create({"name": "Other company"})
        self.users["ola"] = new_test_user(
            self.env,
            login="sop_ola",
            groups="order_sop.group_warehouse",
            name="ola",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for mode in ("round_robin", "least_loaded"):
            self.house.assignment = mode
            self.assertEqual(self.routed(8), self.workers, mode)
            orders = (
                self.env["sale.order"]
                .with_company(other)
                .create({"partner_id": self.customer.id, "company_id": other.id})
            )
            self.put_under(orders, self.process)
            self.assertEqual(orders.sop_user_id, self.users["ola"], mode)
        self.house.route_ids = [
            Command.create({"user_id": self.users["ola"].id, "sequence": 1}),
            Command.create({"user_id": self.users["bert"].id, "sequence": 2}),
        ]
        self.house.assignment = "rules"
        self.assertEqual(self.routed(), self.users["bert"])

    def test_an_empty_department_falls_to_its_lead(self):
        self.house.lead_id = self.users["manager"]
        self.house.assignment = "round_robin"
        for name in ("anna", "bert", "carl"):
            self.send_away(name, "legal")
        self.send_away("warehouse", "legal")
        order = self.make_orders(1)
        self.assertEqual(order.sop_user_id, self.users["manager"])
        self.assert_reported(order)
        self.house.lead_id = False
        order = self.make_orders(1)
        self.assertFalse(order.sop_user_id)
        alert = self.assert_reported(order)
        self.env["sop.delegation"].search([("user_id", "=", self.users["anna"].id)]).active = False
        self.work("anna", [("order_id", "=", order.id)])[0].action_take()
        self.assertEqual((alert.state, alert.ending), ("closed", "assigned"), "she is back")

    def test_nobody_for_a_check_of_another_department(self):
        self.send_away("finance", "legal")
        order = self.make_orders(1)
        alert = self.env["sop.alert"].search([("order_id", "=", order.id)])
        self.assertEqual((alert.kind, alert.check_id), ("unassigned", self.check(order, "Paid")))

    def test_a_shared_department_without_anybody(self):
        self.house.assignment = "none"
        self.workers.group_ids = [Command.set([self.env.ref("order_sop.group_legal").id])]
        order = self.make_orders(1)
        self.assertEqual(order.sop_user_id, self.users["warehouse"], "its lead, who is no member any more")
        self.assert_reported(order)

    def assert_reported(self, order):
        alert = self.env["sop.alert"].search([("order_id", "=", order.id), ("kind", "=", "unassigned")])
        self.assertEqual(alert.mapped("state"), ["open"])
        self.assertEqual(alert.visit_id, order.sop_visit_id)
        return alert

    def test_nobody_is_reported_where_somebody_is_there(self):
        self.house.assignment = "round_robin"
        orders = self.make_orders(3)
        self.assertFalse(self.env["sop.alert"].search([("order_id", "in", orders.ids)]))
