"""The owner of the procedure looks at what really happens, and finds where orders wait and which of them."""

import random
from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import SQL

from ..engine.guard import as_engine
from ..engine.rows import insert_rows
from .common_gates import GateFixture

YEAR = ("2026-01-01", "2026-12-31")
HOURS = {"Entry": 2, "Legal review": 40, "Pack": 8}


class LegalCase(GateFixture, TransactionCase):
    """Orders whose contracts are read by three overworked lawyers: the large ones three times."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_company()
        cls.process = cls.make_process(
            cls.stage("Entry", False, {"name": "Entered"}),
            cls.stage("Legal review", "confirm", {"name": "Read"}, department="legal"),
            cls.stage("Pack", "ship", {"name": "Packed", "scope": "delivery"}, department="warehouse"),
            code="LEGAL",
            owner_id=cls.users["officer"].id,
        )
        cls.chart = cls.env["sop.process.map"].with_user(cls.users["officer"])
        cls.told = (*YEAR, {"process": "LEGAL"})

    @classmethod
    def live(cls, count, large=0):
        """Make ``count`` orders that are done, the first ``large`` of them worth more than 50,000."""
        dice = random.Random(5)
        orders = cls.env["sale.order"].create([{"partner_id": cls.customer.id} for _n in range(count)])
        cls.commit()
        vals_list = []
        for number, order in enumerate(orders):
            amount = dice.randrange(55_000, 90_000) if number < large else dice.randrange(1000, 45_000)
            cls.env.cr.execute("UPDATE sale_order SET amount_untaxed = %s WHERE id = %s", [amount, order.id])
            at, before = datetime(2026, 3, 2, 8) + timedelta(hours=number), None
            for stage in cls.process.stage_ids._in_order():
                hours = HOURS[stage.name] * dice.uniform(0.7, 1.3)
                if stage.name == "Legal review" and number < large:
                    hours *= 3
                left = at + timedelta(hours=hours)
                vals_list.append(
                    {
                        "order_id": order.id,
                        "company_id": cls.company.id,
                        "stage_id": stage.id,
                        "department_id": stage.department_id.id,
                        "cycle": 1,
                        "entered_at": at,
                        "left_at": left,
                        "left_on": left.date(),
                        "begun_on": (datetime(2026, 3, 2, 8) + timedelta(hours=number)).date(),
                        "previous_stage_id": before,
                        "elapsed": round(hours * 3600),
                        "worked_hours": 1.5,
                        "deadline": at + timedelta(hours=60) if stage.name == "Legal review" else None,
                        "outcome": "completed",
                    }
                )
                at, before = left, stage.id
            as_engine(order).write({"sop_process_id": cls.process.id, "sop_status": "done"})
        insert_rows(cls.env["sop.visit"], vals_list)
        cls.env.flush_all()
        cls.env["sop.engine.fact"]._add_stale(SQL("SELECT UNNEST(%s)", orders.ids))
        cls.env.invalidate_all()
        return orders


@tagged("post_install", "-at_install")
class TestProcessMap(LegalCase):
    def test_legal_review_is_the_bottleneck(self):
        """He sees a straight process, one stage that holds most of the time, and that large orders wait longest."""
        self.live(90, large=40)
        chart = self.chart.get_map(*self.told)
        entry, legal, pack = chart["boxes"]
        self.assertEqual([box["name"] for box in chart["boxes"]], ["Entry", "Legal review", "Pack"])
        self.assertEqual([box["count"] for box in chart["boxes"]], [90, 90, 90])
        self.assertEqual([arrow["kind"] for arrow in chart["arrows"]], ["next", "next"])
        self.assertEqual((entry["starts"]["count"], pack["ended"]["count"], pack["hours"]), (90, 90, 1.5))
        self.assertEqual((legal["limited"], entry["limited"]), (90, 0))
        self.assertGreaterEqual(legal["late"], 40)
        [variant] = self.chart.get_variants(*self.told)["variants"]
        self.assertEqual((variant["count"], variant["share"], variant["open"]), (90, 1.0, False))
        worst = self.chart.get_bottlenecks(*self.told)[0]
        self.assertEqual(worst["box"], legal["key"])
        self.assertEqual(worst["text"], f"Legal review holds {round(100 * legal['share'])}% of the waiting time")
        self.assertGreater(legal["share"], 0.8)
        self.assertRegex(worst["evidence"][0], r"90 visits, .* late\.")
        [difference] = worst["evidence"][1:]
        self.assertRegex(difference, r"^Orders over .*50,000.* wait (2\.[6-9]|3\.\d) times as long there")
        self.assertIn("(40 visits against 50)", difference)

    def test_without_a_difference_nothing_is_said(self):
        self.live(60)
        for bottleneck in self.chart.get_bottlenecks(*self.told):
            self.assertEqual(len(bottleneck["evidence"]), 1)

    def test_a_stage_that_nobody_reached_is_drawn(self):
        order = self.make_order(process=self.process)
        chart = self.chart.get_map(str(date.today()), str(date.today()), {"process": "LEGAL"})
        self.assertEqual([(box["count"], box["now"]["count"]) for box in chart["boxes"]], [(0, 1), (0, 0), (0, 0)])
        number = chart["boxes"][0]["now"]
        found = self.env[number["model"]].with_user(self.users["officer"]).search(number["domain"])
        self.assertEqual(found, order)

    def test_real_orders_are_counted(self):
        """An order that goes on, back and on again, by the engine: each way is there as it happened."""
        order = self.make_order(process=self.process, user_id=self.users["sales"].id)
        self.tick(order, "Entered")
        order.with_user(self.users["manager"]).action_sop_send_back(self.process.stage_ids[0].id, "Again")
        self.commit()
        self.tick(order, "Entered")
        order.with_user(self.users["manager"]).action_sop_complete()
        self.commit()
        chart = self.chart.get_map(str(date.today()), str(date.today()), {"process": "LEGAL"})
        found = {(arrow["kind"], arrow["count"]) for arrow in chart["arrows"]}
        self.assertEqual(found, {("next", 1), ("back", 1)})
        [variant] = self.chart.get_variants(str(date.today()), str(date.today()), {"process": "LEGAL"})["variants"]
        self.assertTrue(variant["open"])
        self.assertEqual(len(variant["boxes"]), 3)
        visit = order.sop_visit_ids.sorted("id")[1]
        self.assertEqual(visit.next_stage_id, self.process.stage_ids[0])
        self.assertFalse(order.sop_visit_ids.sorted("id")[-1].next_stage_id)

    def test_queries_do_not_grow(self):
        def measure(method):
            self.commit()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            getattr(self.chart, method)(*self.told)
            return self.env.cr.sql_log_count - before

        methods = ("get_map", "get_variants", "get_bottlenecks")
        self.live(5)
        for method in methods:
            measure(method)
        few = [measure(method) for method in methods]
        self.live(50)
        self.assertEqual([measure(method) for method in methods], few)


@tagged("post_install", "-at_install")
class TestProcessMapRights(LegalCase):
    def test_only_who_reads_it_all(self):
        portal = new_test_user(self.env, login="map_portal", groups="base.group_portal")
        employee = new_test_user(self.env, login="map_employee", groups="base.group_user")
        outsiders = [portal, employee, self.env.ref("base.public_user")]
        outsiders += [self.users[name] for name in ("sales", "finance", "warehouse", "legal")]
        for user in outsiders:
            chart = self.env["sop.process.map"].with_user(user)
            with self.assertRaises(AccessError):
                chart.get_choices()
            for method in ("get_map", "get_variants", "get_bottlenecks"):
                with self.assertRaises(AccessError):
                    getattr(chart, method)(*self.told)
        for name in ("auditor", "officer", "manager"):
            chart = self.env["sop.process.map"].with_user(self.users[name])
            self.assertIn("LEGAL", [process["code"] for process in chart.get_choices()["processes"]])
            self.assertEqual(len(chart.get_map(*self.told)["boxes"]), 3)

    def test_called_as_the_newest_version(self):
        """Wherever it stands in the line of processes."""
        old = self.env["sop.process"].search([("code", "=", "LEGAL"), ("state", "=", "published")])
        draft = self.env["sop.process"].browse(old.action_new_version()["res_id"])
        draft.write({"name": "Legal anew", "sequence": old.sequence + 50})
        draft.with_user(self.users["manager"]).action_publish()
        [choice] = [one for one in self.chart.get_choices()["processes"] if one["code"] == "LEGAL"]
        self.assertEqual((choice["name"], choice["versions"]), ("Legal anew", [draft.version, old.version]))

    def test_two_departments(self):
        both = {"process": "LEGAL", "department_id": [department.id for department in self.departments.values()][:2]}
        self.assertTrue(self.chart.get_map(*YEAR, both)["boxes"])

    def test_the_same_code_elsewhere(self):
        """Another company's process of that code is not part of this one's map."""
        other = self.env["res.company"].create({"name": "Other"})
        user = self.users["manager"]
        user.company_ids += other
        stage = self.stage("Theirs", False, {"name": "Do"})
        theirs = self.make_process(stage, code="LEGAL", company_id=other.id)
        self.assertEqual(theirs.state, "published")
        chart = self.env["sop.process.map"].with_user(user)
        chart = chart.with_context(allowed_company_ids=(self.company | other).ids)
        for company, expected in ((self.company, False), (other, True)):
            boxes = chart.get_map(*YEAR, {"process": "LEGAL", "company_id": company.id})["boxes"]
            self.assertEqual("Theirs" in [box["name"] for box in boxes], expected)

    def test_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.make_process(self.stage("Theirs", False, {"name": "Do"}), code="THEIRS", company_id=other.id)
        with self.assertRaises(ValidationError):
            self.chart.get_map(*YEAR, {"process": "LEGAL", "company_id": other.id})
        with self.assertRaises(UserError):
            self.chart.get_map(*YEAR, {"process": theirs.code})
        with self.assertRaises(AccessError):
            self.chart.with_context(allowed_company_ids=other.ids).get_map(*self.told)

    def test_garbage(self):
        for days in (("", ""), (None, None), ("2026-02-30", "2026-03-01"), ("2026-03-02", "2026-03-01"), (5, {"a": 1})):
            with self.assertRaises(UserError):
                self.chart.get_map(*days, {"process": "LEGAL"})
        for filters in (
            None,
            "LEGAL",
            {},
            {"process": "NONE"},
            {"process": 5},
            {"process": "LEGAL", "version": "1 OR 1"},
            {"process": "LEGAL", "version": 99},
            {"process": "LEGAL", "partner_id": "abc"},
            {"process": "LEGAL", "partner_id": True},
            {"process": "LEGAL", "partner_id": 999_999_999},
            {"process": "LEGAL", "department_id": {"id": 1}},
            {"process": "LEGAL", "company_id": [1]},
        ):
            for method in ("get_map", "get_variants", "get_bottlenecks"):
                with self.subTest(filters=filters), self.assertRaises(UserError):
                    getattr(self.chart, method)(*YEAR, filters)


@tagged("post_install", "-at_install")
class TestProcessMapOfCases(LegalCase):
    def test_cases_have_a_map(self):
        """Complaints and returns walk through a process too: its map is of cases."""
        process = self.env["sop.process"].search([("applies_to", "=", "sop.case"), ("state", "!=", "draft")], limit=1)
        if not process:
            process = self.env["sop.process"].search([("applies_to", "=", "sop.case")], limit=1)
            process.action_publish()
        chart = self.chart.get_map(*YEAR, {"process": process.code})
        self.assertTrue(chart["boxes"])
        self.assertEqual(chart["boxes"][0]["now"]["model"], "sop.case")
        told = (*YEAR, {"process": process.code, "partner_id": self.customer.id})
        for method in ("get_map", "get_variants", "get_bottlenecks"):
            getattr(self.chart, method)(*told)
            getattr(self.chart, method)(*YEAR, told[2] | {"department_id": self.departments["legal"].id})
        number = chart["boxes"][0]["now"]
        self.assertEqual(self.env["sop.case"].search_count(number["domain"]), number["count"])
