"""The control tower: each number is what the list behind it holds, for everybody who looks."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..engine.guard import as_engine
from .common_alerts import AlertFixture

WATCHERS = ("manager", "auditor", "lead", "warehouse", "finance", "sales", "customer_service", "legal", "seller")


@tagged("post_install", "-at_install")
class TestTower(AlertFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_alerts()
        cls.users["seller"] = cls.make_user("seller", "order_sop.group_user,sales_team.group_sale_salesman")
        cls.other_process = cls.make_process(
            {
                "name": "Read",
                "department_id": cls.departments["legal"].id,
                "checkpoints": [{"kind": "auto", "rule": "quantity"}],
            },
            code="OTHER",
            sequence=2,
        )
        cls.orders = cls.env["sale.order"].union(
            *(cls.make_order(process=cls.process, user_id=cls.users[name].id) for name in ("sales", "seller", "sales"))
        )
        cls.late, cls.held, cls.running = cls.orders
        cls.blocked = cls.make_order(process=cls.other_process, lines=[(cls.product, 0, 100.0)])
        cls.put_late(cls.late)
        cls.alert(cls.late)
        cls.alert(cls.late, "escalation", level=1).with_user(cls.lead).action_acknowledge()
        cls.env["sop.engine.holds"]._set(cls.held, "manual", note="Wait")
        cls.commit()
        ended = cls.make_order(process=cls.process)
        ended._action_cancel()
        cls.commit()

    @classmethod
    def put_late(cls, order):
        past = fields.Datetime.now() - timedelta(hours=1)
        as_engine(order).write({"sop_deadline": past})

    def look(self, name, **choice):
        """Return what the user called ``name`` sees, and every number in it by what it counts."""
        user = self.users[name]
        tower = self.env["sop.tower"].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        seen = tower.get_numbers(**choice)
        numbers = [*seen["tiles"], *seen["blocked"], *seen["holds"]]
        numbers += [stage for process in seen["processes"] for stage in process["stages"]]
        numbers += [stage["late"] for process in seen["processes"] for stage in process["stages"]]
        numbers += [row[state] for row in seen["alerts"] for state in ("open", "acknowledged")]
        return seen, numbers, tower.env

    def assert_agrees(self, name, **choice):
        seen, numbers, env = self.look(name, **choice)
        for number in numbers:
            behind = env[number["model"]].search_count(number["domain"])
            self.assertEqual(number["count"], behind, (name, choice, number))
        for process in seen["processes"]:
            code = [("sop_process_id.code", "=", process["code"])]
            total = env["sale.order"].search_count([*seen["tiles"][0]["domain"], *code])
            self.assertEqual(sum(stage["count"] for stage in process["stages"]), total, "each order is in one stage")
        return {number["key"]: number["count"] for number in seen["tiles"]}

    # -- the numbers ---------------------------------------------------------------------------------------------------

    def test_every_number_is_its_list(self):
        for name in WATCHERS:
            for choice in (
                {},
                {"process_code": "TEST"},
                {"process_code": "none of these"},
                {"department_id": self.departments["warehouse"].id},
                {"department_id": self.departments["legal"].id, "process_code": "OTHER"},
                {"mine": True},
                {"company_id": self.company.id},
            ):
                with self.subTest(name, **choice):
                    self.assert_agrees(name, **choice)

    def test_what_a_manager_sees(self):
        before = {"late": 0, "blocked": 0}
        tiles = self.assert_agrees("manager", process_code="TEST")
        self.assertEqual(
            {key: tiles[key] for key in ("open", "late", "on_hold", "blocked", "alerts")},
            {"open": 3, "late": 1, "on_hold": 1, "blocked": 0, "alerts": 1} | {"blocked": before["blocked"]},
        )
        seen, _numbers, env = self.look("manager", process_code="OTHER")
        [row] = seen["blocked"]
        self.assertEqual((row["name"], row["department"], row["count"]), ("quantity", "Legal", 1))
        self.assertEqual(env["sale.order"].search(row["domain"]), self.blocked)
        seen, _numbers, env = self.look("manager", process_code="TEST")
        [row] = seen["holds"]
        self.assertEqual(env["sale.order"].search(row["domain"]), self.held)
        stages = {stage["name"]: (stage["count"], stage["late"]["count"]) for stage in seen["processes"][0]["stages"]}
        self.assertEqual(stages, {"Pack": (3, 1), "Bill": (0, 0)})
        alerts = {row["key"]: (row["open"]["count"], row["acknowledged"]["count"]) for row in seen["alerts"]}
        self.assertEqual((alerts["breach"], alerts["escalation"], alerts["warning"]), ((1, 0), (0, 1), (0, 0)))

    def test_everybody_sees_his_own(self):
        self.assertEqual(self.assert_agrees("warehouse", process_code="TEST")["open"], 3)
        self.assertEqual(self.assert_agrees("legal", process_code="TEST")["open"], 0)
        self.assertEqual(self.assert_agrees("legal", process_code="OTHER")["open"], 1)
        self.assertEqual(self.assert_agrees("seller", process_code="TEST")["open"], 1, "what he sells")
        self.assertEqual(self.assert_agrees("finance", mine=True, process_code="TEST")["open"], 0)

    def test_versions_of_a_process_are_one(self):
        newer = self.process.browse(self.process.action_new_version()["res_id"])
        newer.action_publish()
        self.make_order(process=newer)
        seen, _numbers, _env = self.look("manager", process_code="TEST")
        [process] = seen["processes"]
        self.assertEqual([(stage["name"], stage["count"]) for stage in process["stages"]], [("Pack", 4), ("Bill", 0)])
        self.assert_agrees("manager", process_code="TEST")

    def test_two_companies(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        manager, auditor = self.users["manager"], self.users["auditor"]
        manager.company_ids += company
        self.env.user.company_ids += company
        order = self.make_order(company_id=company.id)
        self.put_under(order, self.process)
        tiles = self.assert_agrees("manager", process_code="TEST")
        self.assertEqual(tiles["open"], 4)
        self.assertEqual(self.assert_agrees("manager", process_code="TEST", company_id=company.id)["open"], 1)
        self.assertEqual(self.assert_agrees("auditor", process_code="TEST")["open"], 3)
        with self.assertRaises(UserError):
            self.look("auditor", company_id=company.id)
        self.assertFalse(auditor.company_ids & company)
        choices = self.look("manager")[0]["choices"]
        self.assertIn(company.id, [each["id"] for each in choices["companies"]])
        self.assertFalse(self.look("auditor")[0]["choices"]["companies"])

    def test_an_order_of_two_waits_is_counted_once_a_check(self):
        process = self.make_process(
            {
                "checkpoints": [
                    {"kind": "auto", "rule": "quantity"},
                    {"kind": "auto", "name": "Again", "rule": "quantity"},
                ]
            },
            code="TWICE",
            sequence=3,
        )
        self.make_order(process=process, lines=[(self.product, 0, 1.0)])
        tiles = self.assert_agrees("manager", process_code="TWICE")
        seen, _numbers, _env = self.look("manager", process_code="TWICE")
        self.assertEqual((tiles["blocked"], [row["count"] for row in seen["blocked"]]), (1, [1, 1]))

    # -- who may, and what it is given ---------------------------------------------------------------------------------

    def test_outsiders(self):
        for groups in ("base.group_user", "base.group_portal", "sales_team.group_sale_manager", "order_sop.group_user"):
            user = self.make_user(groups, groups) if groups != "base.group_portal" else self.make_portal()
            with self.assertRaises(AccessError):
                self.env["sop.tower"].with_user(user).get_numbers()

    def make_portal(self):
        group = Command.set(self.env.ref("base.group_portal").ids)
        return self.env["res.users"].create({"name": "Portal", "login": "sop_portal", "group_ids": [group]})

    def test_garbage(self):
        for choice in ({"process_code": [1]}, {"department_id": "x"}, {"department_id": -1}, {"company_id": "x"}):
            with self.subTest(choice), self.assertRaises(UserError):
                self.look("manager", **choice)

    def test_numbers_of_queries_do_not_grow(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.look("manager")
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for _number in range(5):
            self.make_order(process=self.process)
        self.assertLessEqual(count(), few)
        self.assertLess(few, 40)
