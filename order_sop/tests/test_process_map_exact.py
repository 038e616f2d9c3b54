"""The process map says what the visits say, to the last one: counted beforehand or not, and whatever orders did."""

from datetime import date, timedelta

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL
from odoo.tools.date_utils import end_of, start_of

from ..engine.guard import as_engine
from .common_map import MapFixture, brute_force, middle

PERIODS = (
    (date(2026, 2, 1), date(2026, 2, 28)),  # a whole month
    (date(2026, 1, 1), date(2026, 12, 31)),
    (date(2026, 1, 17), date(2026, 4, 11)),  # whole months, and days before and after them
    (date(2026, 1, 20), date(2026, 2, 28)),
    (date(2026, 3, 1), date(2026, 4, 5)),
    (date(2026, 2, 10), date(2026, 2, 20)),
    (date(2026, 2, 10), date(2026, 3, 20)),  # no whole month
    (date(2026, 3, 9), date(2026, 3, 9)),
    (date(2025, 1, 1), date(2025, 12, 31)),  # nothing
)


@tagged("post_install", "-at_install")
class TestProcessMapExact(MapFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_map()
        cls.orders = cls.live(7, 220)

    def assert_map(self, first, last, processes, companies=None, partner=None, department=None, **filters):
        """Compare the map with the brute force, and each figure with the rows that it opens."""
        companies = companies or self.company | self.company_2
        told = (str(first), str(last), {"process": processes[0].code, **filters})
        chart, want = (
            self.chart.get_map(*told),
            brute_force(self.env, processes, first, last, companies, partner, department),
        )
        boxes = {box["key"]: box for box in chart["boxes"]}
        self.assertLessEqual(set(want["boxes"]) | set(want["now"]), set(boxes))
        elapsed = sum(sums["elapsed"] for sums in want["boxes"].values())
        for key, box in boxes.items():
            sums, minutes = want["boxes"][key], middle(want["minutes"][key])
            self.assertEqual(
                (box["count"], box["limited"], box["late"], box["now"]["count"]),
                (sums["visits"], sums["limited"], sums["late"], want["now"][key]),
            )
            self.assertEqual(box["hours"], minutes and minutes / 60 if minutes is not None else None)
            self.assertEqual(
                (box["starts"]["count"], box["ends"], box["ended"]["count"]),
                (want["starts"][key], want["ends"][key], want["ended"][key]),
            )
            self.assertAlmostEqual(box["share"], sums["elapsed"] / elapsed if elapsed else 0)
            for number in (box, box["now"], box["starts"], box["ended"]):
                self.assert_rows(number)
        arrows = {(arrow["from"], arrow["to"]): arrow for arrow in chart["arrows"]}
        self.assertEqual(set(arrows), set(want["arrows"]))
        for way, arrow in arrows.items():
            sums = want["arrows"][way]
            self.assertEqual(arrow["count"], sums["visits"])
            self.assertAlmostEqual(arrow["hours"], sums["elapsed"] / sums["visits"] / 3600)
            self.assert_rows(arrow)
        self.assert_variants(told, want["ways"])
        return chart

    def assert_variants(self, told, want):
        answer = self.chart.get_variants(*told)
        total = sum(map(len, want.values()))
        self.assertEqual((answer["total"], answer["kinds"]), (total, len(want)))
        counts = [variant["count"] for variant in answer["variants"]]
        self.assertEqual(counts, sorted(map(len, want.values()), reverse=True)[:25])
        for place, variant in enumerate(answer["variants"]):
            minutes = want[tuple(variant["boxes"]), variant["open"]]
            self.assertEqual((variant["count"], variant["share"]), (len(minutes), len(minutes) / total))
            self.assertEqual(variant["hours"], middle(minutes) / 60)
            if place in (0, 3, 9):
                self.assert_rows(variant)

    def assert_rows(self, number):
        """What a figure opens has as many rows as it says, for whoever looks at it."""
        model = self.env[number["model"]].with_user(self.users["auditor"])
        found = model.with_context(**self.chart.env.context).search_count(number["domain"])
        self.assertEqual(found, number["count"], number["name"])

    def assert_all(self, periods=PERIODS):
        gated = self.first | self.second
        for first, last in periods:
            self.assert_map(first, last, gated)
        year = PERIODS[1]
        self.assert_map(*year, self.first, version=self.first.version)
        self.assert_map(*year, self.second, version=self.second.version)
        self.assert_map(*year, self.other)
        self.assert_map(*year, gated, self.company_2, company_id=self.company_2.id)
        self.assert_map(*PERIODS[2], gated, partner=self.partners[1], partner_id=self.partners[1].id)
        for name in ("finance", "sales", "legal"):
            department = self.departments[name]
            self.assert_map(*PERIODS[2], gated, department=department, department_id=department.id)

    def test_departments(self):
        """Few, many or all of the orders were with each; some are only now, some by another process."""
        self.env["sop.engine.fact"]._renew(100)
        self.count(300)
        self.assert_departments()
        for department in self.all_processes.stage_ids.department_id:
            customer = self.partners[0]
            both = {"department_id": department.id, "partner_id": customer.id}
            self.assert_map(*PERIODS[1], self.first | self.second, partner=customer, department=department, **both)

    def test_departments_of_orders_that_end_and_go_on(self):
        """Orders are added up by their departments once they have ended; what is taken up again is taken back."""
        self.keep_all()
        self.assertEqual(self.read_departments(), self.read_ended(), "all that have ended")
        ended = self.orders.filtered(lambda order: order.sop_status == "done")
        as_engine(ended[:30]).write({"sop_status": "running"})
        for visit in self.orders.sop_visit_ids.filtered(lambda visit: not visit.left_at)[:9]:
            as_engine(visit).write({"left_at": visit.entered_at, "left_on": visit.entered_at, "outcome": "completed"})
            as_engine(visit.order_id).write({"sop_status": "done", "sop_visit_id": False})
        self.env["sop.engine.fact"]._add_stale(SQL("SELECT UNNEST(%s)", self.orders.ids))
        self.assert_departments()
        self.env["sop.engine.fact"]._renew(150)
        self.assert_departments()
        self.count(40)
        self.assert_departments()
        self.keep_all()
        self.assertEqual(self.read_departments(), self.read_ended())
        self.assert_departments()

    def test_months_with_nothing_before_or_behind(self):
        """The first month is whole from the first day on which anything was begun, the last one until the last day."""
        self.keep_all()
        days = self.orders.sop_visit_ids.filtered("left_at").mapped("begun_on")
        first, last, day = min(days), max(days), timedelta(1)
        self.assertLess(last, end_of(last, "month"))
        legal = {"department": self.departments["legal"], "department_id": self.departments["legal"].id}
        for period in ((first, last), (first + day, last), (first, last - day), (start_of(last, "month"), last)):
            for told in ({}, legal):
                self.assert_map(*period, self.first | self.second, **told)
        scope = self.chart._get_scope(str(first), str(last), {"process": "GATED"})
        self.assertEqual(scope.months(), (start_of(first, "month"), end_of(last, "month") + day))

    def assert_departments(self):
        for department in self.all_processes.stage_ids.department_id:
            told = {"department": department, "department_id": department.id}
            for first, last in (PERIODS[1], PERIODS[2], PERIODS[5]):
                self.assert_map(first, last, self.first | self.second, **told)
            self.assert_map(*PERIODS[2], self.other, **told)

    def keep_all(self):
        self.keep_facts()
        self.count_all()

    def read_departments(self):
        """Return how many visits are added up by departments."""
        self.env.flush_all()
        return self.env.execute_query(SQL("SELECT SUM(visits) FROM sop_arrow_departments_tally"))[0][0]

    def read_ended(self):
        """Return how many completed visits there are of orders that have ended."""
        ended = ("order_id.sop_status", "in", ("done", "cancelled"))
        return self.env["sop.visit"].search_count([("left_at", "!=", False), ended])

    def test_before_while_and_after_counting(self):
        self.assert_all()
        self.env["sop.engine.fact"]._renew(50)
        self.assertEqual(self.count(100), 100)
        self.env["sop.engine.fact"]._renew(70)
        self.assert_all(PERIODS[1:3])
        self.keep_all()
        self.assert_all()
        [[ways]] = self.env.execute_query(SQL("SELECT SUM(orders) FROM sop_path_tally"))
        self.assertGreater(ways, 150, "the ways were counted")
        self.live(8, 30)
        self.env["sop.engine.fact"]._add_stale(SQL("SELECT UNNEST(%s)", self.orders[:40].ids))
        self.assert_all(PERIODS[1:3])
        self.keep_facts()
        while self.count(9):
            pass
        self.assert_all(PERIODS[1:3])

    def test_what_was_counted_and_changes(self):
        self.keep_all()
        some = self.orders[::7].sop_visit_ids.filtered("left_at")
        self.env.cr.execute("UPDATE sop_visit SET worked_hours = worked_hours + 2 WHERE id = ANY(%s)", [some.ids])
        self.env.invalidate_all()
        self.assert_all(PERIODS[1:3])
        self.orders[:5].unlink()
        self.assert_all(PERIODS[1:3])

    def test_it_is_of_many_kinds(self):
        """The lives are worth comparing: all kinds of ways are there, and open, ended and merged ones."""
        chart = self.assert_map(*PERIODS[1], self.first | self.second)
        self.assertEqual({arrow["kind"] for arrow in chart["arrows"]}, {"next", "skip", "back"})
        self.assertTrue(all(box["now"]["count"] and box["ended"]["count"] for box in chart["boxes"]))
        self.assertGreater(sum(box["starts"]["count"] for box in chart["boxes"]), 100)
        self.assertEqual([box["name"] for box in chart["boxes"]][1], "Pack and wrap", "as the newest version says")
