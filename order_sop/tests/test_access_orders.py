"""Who sees which orders: a department those that have or had work for it, Sales as Odoo rules, the roles all."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import DEPARTMENTS
from .common_gates import GateCase

ROLES = {"auditor", "officer", "manager"}
OF_ODOO = {"customer_service", "sales"}
HANDLERS = {"finance", "warehouse", "logistics", "after_sales"}
RUNTIME = ("sop.visit", "sop.check", "sop.hold", "sop.decision")


@tagged("post_install", "-at_install")
class TestAccessOrders(GateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manual, legal = {"kind": "manual"}, cls.departments["legal"].id
        cls.walk = cls.make_process(
            cls.stage("Enter", False, {"name": "Entered"}),
            cls.stage("Review", "confirm", {"name": "Credit"}, {**manual, "name": "Terms", "department_id": legal},
                      department="finance"),
            cls.stage("Buy", False, {"name": "Bought"}, department="purchasing",
                      order_domain="[('amount_total', '>', 1000)]"),
            cls.stage("After", False, {"name": "Asked"}, auto_advance=False),
            code="WALK",
        )  # fmt: skip

    def sees(self, record):
        """Return the names of the users who find ``record`` and may read it; both always agree."""
        self.commit()
        names = set()
        for name, user in self.users.items():
            mine = record.with_user(user)
            found = bool(mine.search([("id", "=", record.id)]))
            self.assertEqual(found, mine.has_access("read"), (record, name))
            if found:
                mine.read(["display_name"])
                names.add(name)
        return names - ROLES - OF_ODOO if names >= ROLES | OF_ODOO else names

    def walk_order(self, *ticks, **vals):
        order = self.make_gated(self.walk, **vals)
        for name in ticks:
            self.tick(order, name)
        return order

    # -- a department sees what has or had work for it -----------------------------------------------------------------

    def test_an_order_comes_into_sight_with_its_work_and_stays(self):
        order = self.walk_order()
        self.assertEqual(self.sees(order), set(), "not even Finance: nothing is asked of it yet")
        self.tick(order, "Entered")
        self.assertEqual(self.sees(order), {"finance", "legal"})
        manager = order.with_user(self.users["manager"])
        manager.action_sop_send_back(self.walk.stage_ids[0].id, "The address is wrong")
        self.assertEqual(order.sop_stage_id.name, "Enter")
        self.assertEqual(self.sees(order), {"finance", "legal"}, "it had work for them")
        self.tick(order, "Entered")
        manager.action_sop_complete()
        for name in ("Credit", "Terms"):
            self.tick(order, name)
        self.assertEqual(order.sop_stage_id.name, "After", "a small order is not bought for")
        self.assertEqual(self.sees(order), {"finance", "legal"})
        order._action_cancel()
        self.assertEqual(self.sees(order), {"finance", "legal"})

    def test_only_who_had_work_on_this_order(self):
        small = self.walk_order("Entered", "Credit", "Terms")
        large = self.walk_order("Entered", "Credit", "Terms", lines=[(self.product, 20, 100.0)])
        self.assertEqual((small.sop_stage_id.name, large.sop_stage_id.name), ("After", "Buy"))
        self.assertEqual(self.sees(large), {"finance", "legal", "purchasing"})
        self.tick(large, "Bought")
        self.assertEqual(large.sop_stage_id, small.sop_stage_id, "where they are tells nothing")
        self.assertEqual(self.sees(large), {"finance", "legal", "purchasing"})
        self.assertEqual(self.sees(small), {"finance", "legal"})

    def test_what_it_left_in_another_process_counts(self):
        self.company.sop_active = True
        self.walk.sudo().env["sop.process"].search([("state", "=", "published")])._set_state("retired")
        legal = self.make_process(
            self.stage("Read", False, {"name": "Read"}, department="legal"), code="A",
            order_domain="[('partner_id.is_company', '=', True)]",
        )  # fmt: skip
        other = self.make_process(self.stage("Enter", False, {"name": "Entered"}), code="B", sequence=2)
        order = self.make_gated(legal)
        order.partner_id = self.consumer
        self.commit()
        self.assertEqual(order.sop_process_id, other)
        self.assertEqual(self.sees(order), {"legal"})
        self.assertEqual(self.sees(self.make_gated(other, partner=self.consumer)), set())

    def test_its_runtime_lines_and_documents_go_along(self):
        order = self.walk_order("Entered", "Credit", "Terms")
        order.action_confirm()
        invoice = order._create_invoices()
        self.env["sop.engine.holds"]._set(order, "manual")
        self.assertEqual(self.sees(order), HANDLERS | {"legal"}, "who ships or bills it sees what for")
        for record in (order.sop_visit_ids[0], self.check(order, "Entered"), order.sop_hold_ids, order.order_line):
            self.assertEqual(self.sees(record), HANDLERS | {"legal"}, record)
        self.assertEqual(self.sees(order.picking_ids), HANDLERS | {"legal", "purchasing"})
        self.assertTrue({"legal", "finance", "warehouse"} <= self.sees(invoice))
        self.assertNotIn("purchasing", self.sees(invoice))
        unseen = self.make_confirmed()
        delivery = unseen.picking_ids
        for record in (unseen, unseen.order_line, unseen.sop_visit_ids[0], delivery, delivery.move_ids):
            self.assertNotIn("legal", self.sees(record), record)

    def test_people_of_several_departments_see_what_each_does(self):
        order, own = self.walk_order("Entered"), self.make_gated(user_id=self.users["legal"].id)
        both = self.users["legal"]
        both.group_ids += self.env.ref("order_sop.group_sales")
        self.assertIn("legal", self.sees(order))
        self.assertIn("legal", self.sees(own), "as a salesperson")
        self.assertFalse(order.with_user(both).has_access("write"), "sight is no right to change")
        self.assertTrue(own.with_user(both).has_access("write"))

    def test_a_change_of_the_department_counts_at_once(self):
        order = self.walk_order("Entered")
        self.assertNotIn("purchasing", self.sees(order))
        self.departments["legal"].group_ids += self.env.ref("order_sop.group_purchasing")
        self.assertIn("purchasing", self.sees(order))

    # -- as Odoo itself ------------------------------------------------------------------------------------------------

    def test_sales_as_odoo_rules(self):
        others = self.make_gated(user_id=self.users["manager"].id)
        self.assertEqual(self.sees(others) & OF_ODOO, {"customer_service"})

    def test_orders_without_a_process_as_without_the_addon(self):
        order = self.make_order(user_id=self.users["sales"].id)
        self.assertEqual(self.sees(order), HANDLERS)

    def test_who_had_no_work_still_ships_and_bills(self):
        """A procedure that asks nothing of Warehouse and Finance: they do what Odoo has them do."""
        process = self.make_process(self.stage("Enter", False, {"name": "Entered"}), code="SMALL")
        order = self.make_gated(process)
        order.action_confirm()
        self.ship(order.picking_ids.with_user(self.users["warehouse"]))
        self.assertEqual(order.order_line.qty_delivered, 2)
        invoice = order.with_user(self.users["customer_service"])._create_invoices().with_user(self.users["finance"])
        invoice.action_post()
        payment = self.env["account.payment.register"].with_user(self.users["finance"])
        payment.with_context(active_model="account.move", active_ids=invoice.ids).create({})._create_payments()
        self.assertIn(invoice.payment_state, ("in_payment", "paid"))

    # -- nobody else ---------------------------------------------------------------------------------------------------

    def test_no_other_company_whatever_the_context_says(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.env.user.company_ids += other
        order = self.env["sale.order"].create({"partner_id": self.customer.id, "company_id": other.id})
        self.put_under(order, self.walk)
        self.assertEqual(self.sees(order), set())
        for name in (*DEPARTMENTS, *ROLES):
            forged = order.with_user(self.users[name]).with_context(allowed_company_ids=[self.company.id, other.id])
            for record in (forged, forged.sudo().sop_check_ids.sudo(False)):
                with self.subTest(name=name, record=record), self.assertRaises(AccessError):
                    record.search([("id", "in", record.ids)])
                with self.subTest(name=name, record=record), self.assertRaises(AccessError):
                    record.read(["display_name"])

    def test_customers_and_employees_see_nothing_of_it(self):
        order = self.walk_order("Entered")
        for group in ("base.group_portal", "base.group_user", "order_sop.group_user"):
            user = new_test_user(self.env, login=f"out_{group}", groups=group)
            self.assertFalse(order.with_user(user).has_access("read"))
            for model in RUNTIME:
                records = self.env[model].with_user(user)
                self.assertFalse(records.has_access("read") and records.search_count([]), (group, model))
        order.partner_id = new_test_user(self.env, login="sop_customer", groups="base.group_portal").partner_id
        mine = order.with_user(order.partner_id.user_ids)
        self.assertTrue(mine.has_access("read"))
        for name in ("sop_status", "sop_missing", "sop_panel", "sop_is_for_me", "sop_check_ids"):
            with self.assertRaises(AccessError):
                mine.read([name])
