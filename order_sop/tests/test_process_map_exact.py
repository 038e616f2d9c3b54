"""The process map says what the visits say, to the last one: counted beforehand or not, and whatever orders did."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.date_utils import end_of, start_of

from .common_map_exact import PERIODS, MapExactCase


@tagged("post_install", "-at_install")
class TestProcessMapExact(MapExactCase):
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
