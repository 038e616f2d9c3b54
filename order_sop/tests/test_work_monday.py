from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common_work import WorkCase


@tagged("post_install", "-at_install")
class TestWorkMonday(WorkCase):
    """Monday morning in the warehouse: Carl is away, orders arrive, Anna and Bert share them, Bert leaves."""

    @freeze_time("2026-03-02 08:00:00")
    def test_monday(self):
        self.house.assignment = "round_robin"
        self.users["warehouse"].group_ids = self.env.ref("order_sop.group_legal")  # he leads, and does not pack
        self.send_away("carl", "anna")
        orders = self.make_orders(6)
        self.assertEqual(orders.sop_user_id, self.users["anna"] | self.users["bert"])
        shared = self.make_shared_order()
        annas = orders.filtered(lambda order: order.sop_user_id == self.users["anna"])
        self.anna_reads_her_list(annas, shared)
        self.anna_packs(annas[0])
        self.bert_takes(shared)
        self.bert_hands_over(shared)
        self.bert_leaves(orders - annas)
        self.assertFalse(self.env["sop.engine.log"]._verify((orders | shared).ids))

    def make_shared_order(self):
        self.house.assignment = "none"
        order = self.make_orders(1)
        self.house.assignment = "round_robin"
        return order

    def anna_reads_her_list(self, annas, shared):
        works = self.work("anna")
        self.assertEqual(works.order_id, annas | shared)
        self.assertEqual(set(works.mapped("kind")), {"manual"})
        deadlines = works.mapped("deadline")
        self.assertEqual(deadlines, sorted(deadlines), "by time left")
        first = works[0]
        self.assertEqual(first.partner_id, self.customer)
        self.assertIn("still to be done", first.missing)
        self.assertRegex(first.time_left, r"^in \d+ (minutes|hours|days)$")
        self.assertNotIn("Paid", works.mapped("name"), "that is for finance")
        self.assertEqual(self.work("finance").mapped("name"), ["Paid"] * 7)

    def anna_packs(self, order):
        for name in ("Packed", "Labelled"):
            work = self.work("anna", [("order_id", "=", order.id)]).filtered(lambda work, name=name: work.name == name)
            work.action_do()
        self.assertFalse(self.work("anna", [("order_id", "=", order.id)]), "finance has not agreed yet")
        self.work("finance", [("order_id", "=", order.id)]).action_do()
        work = self.work("anna", [("order_id", "=", order.id)])
        self.assertEqual((work.kind, work.name), ("stage", "Complete “Pack”"))
        self.assertIn("can be completed", work.missing)
        work.action_do()
        self.assertEqual(order.sop_stage_id.name, "Ship")
        with self.assertRaisesRegex(UserError, "done already"):
            work.action_do()

    def bert_takes(self, order):
        work = self.work("bert", [("order_id", "=", order.id)])[0]
        self.assertTrue(work.may_take)
        work.action_take()
        self.assertEqual(order.sop_user_id, self.users["bert"])
        self.assertEqual(self.check(order, "Packed").assigned_id, self.users["bert"])
        self.assertEqual(self.check(order, "Labelled").assigned_id, self.users["bert"], "what goes together")
        self.assertFalse(self.check(order, "Paid").assigned_id)
        self.assertNotIn(order, self.work("anna").order_id)
        with self.assertRaisesRegex(UserError, "bert has .* already"):
            self.all_work("anna", order).action_take()

    def bert_hands_over(self, order):
        work = self.work("bert", [("order_id", "=", order.id)])[0]
        with self.assertRaisesRegex(UserError, "Say why"):
            work.action_hand_over(self.users["anna"].id, " ")
        with self.assertRaisesRegex(UserError, "works in Warehouse"):
            work.action_hand_over(self.users["legal"].id, "Please")
        with self.assertRaisesRegex(UserError, "is not away"):
            work.action_hand_over(self.users["carl"].id, "Please")
        work.action_hand_over(self.users["anna"].id, "She knows the customer")
        self.assertEqual(order.sop_user_id, self.users["anna"])
        self.assertIn(order, self.work("anna").order_id)
        message = self.env["mail.message"].search([("partner_ids", "=", self.users["anna"].partner_id.id)], limit=1)
        self.assertIn("She knows the customer", message.body)
        self.assertIn(order.name, message.subject)
        event = self.env["sop.event"].search([("order_id", "=", order.id), ("code", "=", "assigned")], limit=1)
        self.assertEqual(event.user_id, self.users["bert"].id)
        self.assertEqual(event.data["note"], "She knows the customer")
        self.assertEqual((event.data["from"], event.data["user"]), (self.users["bert"].id, self.users["anna"].id))

    def bert_leaves(self, berts):
        self.assertEqual(berts.sop_user_id, self.users["bert"])
        self.users["bert"].active = False
        self.run_cron("assignment_cron")
        self.assertEqual(berts.sop_user_id, self.users["anna"], "the only one there")
        self.assertFalse(berts.sop_check_ids.assigned_id & self.users["bert"])
        event = self.env["sop.event"].search([("order_id", "=", berts[0].id), ("code", "=", "assigned")], limit=1)
        self.assertEqual(event.data["how"], "routed")

    def all_work(self, name, order):
        return (
            self.env["sop.work"]
            .with_user(self.users[name])
            .search([("order_id", "=", order.id), ("my_department", "=", True)])
        )

    # -- edges ---------------------------------------------------------------------------------------------------------

    def test_a_rejected_approval_is_somebodys_to_put_right(self):
        process = self.make_process(
            {
                "name": "Review",
                "department_id": self.house.id,
                "checkpoints": [
                    {"name": "Agreed", "kind": "approval", "department_id": self.departments["finance"].id}
                ],
            },
            code="AGREE",
        )
        order = self.make_orders(1, process)
        self.assertEqual(self.work("finance", [("order_id", "=", order.id)]).kind, "approval")
        order.sop_check_ids.with_user(self.users["finance"]).action_reject("Too cheap")
        work = self.work("anna", [("order_id", "=", order.id)])
        self.assertEqual((work.kind, work.name), ("rejected", "Agreed"))
        self.assertIn("rejected", work.missing)
        self.assertEqual(work.action_do()["res_id"], order.id)

    def test_the_stand_in_sees_and_takes_what_the_absent_has(self):
        self.house.write({"assignment": "user", "assignment_user_id": self.users["anna"].id})
        order = self.make_orders(1)
        self.assertFalse(self.work("bert"))
        self.send_away("anna", "bert")
        self.assertEqual(self.work("bert").order_id, order)
        self.work("bert")[0].action_take()
        self.assertEqual(order.sop_user_id, self.users["bert"])

    def test_a_manager_hands_over_and_does_not_take(self):
        order = self.make_orders(1)
        works = self.env["sop.work"].with_user(self.users["manager"]).search([("order_id", "=", order.id)])
        works = works.filtered(lambda work: work.department_id == self.house)
        with self.assertRaisesRegex(AccessError, "only its members"):
            works.action_take()
        works.action_hand_over(self.users["carl"].id, "You are free")
        self.assertEqual(order.sop_user_id, self.users["carl"])

    def test_outsiders(self):
        order = self.make_orders(1)
        works = self.env["sop.work"].with_user(self.users["finance"]).search([("order_id", "=", order.id)])
        packing = works.filtered(lambda work: work.department_id == self.house)
        with self.assertRaises(AccessError):
            packing.action_take()
        with self.assertRaises(AccessError):
            packing.action_hand_over(self.users["anna"].id, "Because")
        with self.assertRaises(AccessError):
            packing[0].action_do()
        self.users["bert"].group_ids = self.env.ref("sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            packing.with_user(self.users["bert"]).action_take()
        self.assertFalse(order.sop_user_id)

    def test_nobody_writes_who_has_it(self):
        order = self.make_orders(1)
        check = self.check(order, "Packed")
        for name in ("anna", "manager"):
            for record, field in ((order, "sop_user_id"), (check, "assigned_id"), (order.sop_visit_id, "user_id")):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    record.with_user(self.users[name]).write({field: self.users[name].id})
        with self.assertRaises(AccessError), self.cr.savepoint():
            check.sudo().write({"assigned_id": self.users["anna"].id})
        works = self.all_work("anna", order)
        for write in (lambda: works.write({"assigned_id": 1}), lambda: works.sudo().create({"order_id": order.id})):
            with self.assertRaises(AccessError), self.cr.savepoint():
                write()
