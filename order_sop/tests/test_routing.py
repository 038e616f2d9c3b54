from collections import Counter

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_work import WorkCase, manual


@tagged("post_install", "-at_install")
class TestRouting(WorkCase):
    """Each mode finds its person; who cannot do the work is passed over."""

    def routed(self, count=1, **vals):
        """Return the people who get ``count`` new orders."""
        return [order.sop_user_id for order in self.make_orders(count, **vals)]

    def counted(self, count):
        return Counter(user.name for user in self.routed(count))

    # -- modes ---------------------------------------------------------------------------------------------------------

    def test_shared_work_is_nobodys(self):
        self.assertEqual(self.routed(), [self.env["res.users"]])

    def test_the_lead(self):
        self.house.assignment = "lead"
        self.assertEqual(self.routed(), [self.users["warehouse"]])

    def test_one_person(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.house.assignment = "user"
            self.env.flush_all()
        self.house.write({"assignment": "user", "assignment_user_id": self.users["bert"].id})
        self.assertEqual(self.routed(), [self.users["bert"]])

    def test_the_salesperson_only_where_he_works_there(self):
        self.house.assignment = "salesperson"
        self.assertEqual(self.routed(), [self.users["warehouse"]], "the lead, since sales do not pack")
        self.assertEqual(self.routed(user_id=self.users["anna"].id), [self.users["anna"]])

    def test_in_turn_is_fair(self):
        self.house.assignment = "round_robin"
        self.assert_fair(self.counted(40))
        self.assert_fair(Counter(self.routed()[0].name for _order in range(40)))

    def assert_fair(self, counts):
        """Each of four had nine, ten or eleven of forty: a round may have begun before and end behind."""
        self.assertEqual(len(counts), 4)
        self.assertLessEqual(set(counts.values()), {9, 10, 11})

    def test_a_thousand_turns_over_five(self):
        pick = self.env["sop.engine.routing"]._pick_round_robin
        self.users["dora"] = new_test_user(self.env, login="sop_dora", groups="order_sop.group_warehouse", name="dora")
        company = self.company
        counts = Counter(user for _turn in range(1000) for user in pick(self.house, company, ["job"]).values())
        self.assertEqual(len(counts), 5)
        self.assertLessEqual(max(counts.values()) - min(counts.values()), 2)
        # two companies whose orders come in alternately do not meet the same people again and again
        every_other = [next(iter(pick(self.house, company, ["job"]).values())) for _turn in range(1000)][::2]
        self.assertEqual(len(set(every_other)), 5)
        self.assertLess(max(Counter(every_other).values()), 140)

    def test_least_loaded(self):
        self.house.assignment = "least_loaded"
        first = self.make_orders(4)
        self.assertEqual(set(first.sop_user_id), set(self.workers), "each has one")
        busy = first[0].sop_user_id
        for order in first[1:]:
            order.with_user(self.users["manager"]).sop_check_ids.action_waive("Test")
            order.with_user(self.users["manager"]).action_sop_complete()
            self.check(order, "Loaded").with_user(order.sop_user_id).action_pass()
        self.assertEqual(set(first[1:].mapped("sop_status")), {"done"})
        self.assertNotIn(busy, self.routed(3))
        self.assertEqual(set(self.routed(4)), set(self.workers), "within a batch as well")

    def test_least_loaded_counts_hours(self):
        """Who has one long order gets no more until the others have as many hours."""
        self.house.assignment = "least_loaded"
        long = self.make_process({"name": "Long", "department_id": self.house.id, "time_limit_hours": 12,
                                  "checkpoints": [manual("Built")]}, code="LONG")  # fmt: skip
        [busy] = self.make_orders(1, long).mapped("sop_user_id")
        self.assertNotIn(busy.name, self.counted(9))
        self.assertIn(busy.name, self.counted(4))

    def test_rules(self):
        self.house.assignment = "rules"
        belgium, team = self.env.ref("base.be"), self.env["crm.team"].create({"name": "Key accounts"})
        furniture = self.env["product.category"].create({"name": "Furniture"})
        chairs = self.env["product.category"].create({"name": "Chairs", "parent_id": furniture.id})
        rules = [
            ([("team_id", "=", team.id)], "anna"),
            ([("order_line.product_id.categ_id", "child_of", furniture.id)], "bert"),
            ([("partner_id", "=", self.consumer.id)], "warehouse"),
            ([("partner_id.country_id", "=", belgium.id)], "carl"),
        ]
        self.house.route_ids = [
            Command.create({"order_domain": str(domain), "user_id": self.users[name].id, "sequence": place})
            for place, (domain, name) in enumerate(rules)
        ]
        self.assertEqual(self.routed(team_id=team.id), [self.users["anna"]])
        self.assertEqual(self.routed(), [self.users["carl"]])
        self.assertEqual(self.routed(partner_id=self.consumer.id), [self.users["warehouse"]])
        self.product.categ_id = chairs
        self.assertEqual(self.routed(), [self.users["bert"]])
        self.house.route_ids.filtered(lambda rule: rule.user_id == self.users["bert"]).active = False
        self.assertEqual(self.routed(), [self.users["carl"]], "changed rules count at once")
        self.assertEqual(
            self.routed(partner_id=self.env["res.partner"].create({"name": "Far"}).id), [self.house.lead_id]
        )

    def test_rules_are_checked(self):
        for vals in (
            {"order_domain": "[('nothing', '=', 1)]", "user_id": self.users["anna"].id},
            {"order_domain": "__import__('os')", "user_id": self.users["anna"].id},
            {"user_id": self.users["legal"].id},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.env["sop.route"].create({"department_id": self.house.id, **vals})

    # -- stage and checkpoint ------------------------------------------------------------------------------------------

    def test_stage_and_checkpoint_say_otherwise(self):
        self.house.assignment = "lead"
        self.departments["finance"].write({"assignment": "user", "assignment_user_id": self.users["finance"].id})
        process = self.make_process(
            {
                "department_id": self.house.id,
                "assignment": "user",
                "assignment_user_id": self.users["anna"].id,
                "checkpoints": [
                    manual("Packed"),
                    manual("Weighed", assignment="user", assignment_user_id=self.users["carl"].id),
                    manual("Paid", department_id=self.departments["finance"].id),
                ],
            },
            code="OTHER",
        )
        order = self.make_orders(1, process)
        self.assertEqual(order.sop_user_id, self.users["anna"])
        people = {name: self.check(order, name).assigned_id.name for name in ("Packed", "Weighed", "Paid")}
        self.assertEqual(people, {"Packed": "anna", "Weighed": "carl", "Paid": "finance"})

    def test_a_department_gets_one_order_to_one_person(self):
        self.departments["finance"].assignment = "round_robin"
        colleague = new_test_user(self.env, login="sop_colleague", groups="order_sop.group_finance", name="colleague")
        finance = self.departments["finance"].id
        process = self.make_process(
            {"department_id": self.house.id, "checkpoints": [manual(str(n), department_id=finance) for n in range(4)]},
            code="FOUR",
        )
        orders = self.make_orders(4, process)
        for order in orders:
            self.assertEqual(len(order.sop_check_ids.assigned_id), 1)
        self.assertEqual(set(orders.sop_check_ids.assigned_id), {self.users["finance"], colleague})

    def test_faults_are_found_before_publishing(self):
        for vals, text in (
            ({"assignment": "rules"}, "which has none"),
            ({"assignment": "user", "assignment_user_id": self.users["legal"].id}, "does not work in"),
        ):
            with self.assertRaisesRegex(UserError, text), self.cr.savepoint():
                self.make_process({"department_id": self.house.id, **vals}, code="FAULT")
            with self.assertRaisesRegex(UserError, text), self.cr.savepoint():
                self.make_process({"department_id": self.house.id, "checkpoints": [manual("x", **vals)]}, code="FAULT")

    def test_what_comes_back_goes_to_who_had_it(self):
        self.house.assignment = "round_robin"
        for order in self.make_orders(5):
            packer = order.sop_user_id
            for check in order.sop_check_ids:
                check.with_user(self.users["finance"] if check.checkpoint_id.name == "Paid" else packer).action_pass()
            order.with_user(packer).action_sop_complete()
            self.assertEqual(order.sop_stage_id.name, "Ship")
            order.with_user(order.sop_user_id).action_sop_send_back(self.process.stage_ids[0].id, "Box broken")
            self.assertEqual(order.sop_user_id, packer)
            self.assertEqual(self.check(order, "Packed").assigned_id, packer)
