"""What may be asked of sums of months and days, what pivots and lists show of them, and that nobody asks for them as
rows."""

from collections import Counter
from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_months import MonthCase
from .test_reports_by_order import STAGES


@tagged("post_install", "-at_install")
class TestReportsByMonthAsked(MonthCase):
    def test_what_a_pivot_and_a_list_show(self):
        """*Count* is how many stages there are; the groups open the rows that they count."""
        self.keep_facts()
        self.count_all()
        [all_groups] = self.env[STAGES].formatted_read_grouping_sets([], [["partner_id", "day:month"]], ["__count"])
        mine = Counter()
        for visit in self.orders.sop_visit_ids.filtered("left_at"):
            mine[visit.order_id.partner_id.id, visit.left_on.month] += 1
        found = {}
        for group in all_groups:
            domain = group["__extra_domain"]
            self.assertEqual(self.env[STAGES].search_count(domain), group["__count"], domain)
            if group["partner_id"] and group["day:month"][0].startswith("2025-0"):
                found[group["partner_id"][0], int(group["day:month"][0][5:7])] = group["__count"]
        self.assertEqual(found, dict(mine))
        first = self.env[STAGES]._read_group([], ["partner_id"], ["visits:sum"], order="visits:sum desc", limit=1)
        every = self.env[STAGES]._read_group([], ["partner_id"], ["visits:sum"])
        self.assertEqual(first[0][1], max(visits for _partner, visits in every))
        many = self.env[STAGES]._read_group([], ["partner_id"], [], [("visits:sum", ">=", first[0][1])])
        self.assertIn(first[0][0], [partner for [partner] in many])

    def test_what_sums_can_answer(self):
        """Weeks and days are told from sums of days, half a month from those of that month; a single order, the largest
        of all cannot be told from sums: rows are read for these."""
        whole = [("day", ">=", "2025-02-01"), ("day", "<", "2025-03-01"), ("stage_id.name", "!=", "X")]
        can = [
            ([], ["partner_id"], ["visits:sum"], None),
            (whole, ["partner_id", "day:quarter"], ["hours:avg", "__count"], "day:quarter desc, hours:avg"),
            ([("day", "<=", "2025-02-28")], ["team_id", "phase"], ["late:sum"], "team_id"),
            ([("day.year_number", "=", 2025)], ["categ_id"], ["visits:sum"], None),
            ([("partner_id.name", "ilike", "a")], ["day:year"], ["visits:sum"], None),
            ([("day", "!=", False)], ["partner_id"], ["visits:sum"], None),
        ]
        some_days = [
            ([("day", ">=", "2025-02-02")], {2}),
            ([("day", "<=", "2025-02-27"), ("day", ">", "2024-12-30")], {2, 12}),
            ([("day", "=", "2025-02-01")], {2}),
            ([("day", "not in", ["2025-02-01", "2025-03-31", False])], {2, 3}),
        ]
        for domain, months in some_days:
            can.append((domain, ["partner_id"], ["visits:sum"], None))
            read = self.env[STAGES]._for_groups(*can[-1]).env.context["sop_by_order"]
            self.assertEqual(({month.month for month in read.months}, read.by_days), (months, False), domain)
        asked = self.env[STAGES]._for_groups(*can[0]).env.context["sop_by_order"]
        self.assertEqual((asked.months, asked.by_days), (frozenset(), False))
        by_days = [
            ([("day", ">=", "today")], ["partner_id"], ["visits:sum"], None),
            ([("day", "<=", "9999-12-31")], ["partner_id"], ["visits:sum"], None),
            ([("day", "<", 5)], ["partner_id"], ["visits:sum"], None),
            ([("day.day_of_week", "=", 1)], ["partner_id"], ["visits:sum"], None),
            (whole, ["partner_id", "day:week"], ["visits:sum", "__count"], "day:week desc, visits:sum"),
            ([("day", ">=", "2025-02-02")], ["partner_id", "day"], ["late_rate:avg"], "day"),
            ([], ["team_id", "day:day_of_week"], ["visits:sum"], None),
        ]
        for question in by_days:
            self.assertTrue(self.env[STAGES]._for_groups(*question).env.context["sop_by_order"].by_days, question)
        can += by_days
        cannot = [
            ([("late", ">", 0)], ["partner_id"], ["visits:sum"], None),
            ([("order_id", "=", self.january.id)], ["partner_id"], ["visits:sum"], None),
            ([], ["partner_id", "order_id"], ["visits:sum"], None),
            ([], ["partner_id"], ["day:max"], None),
            ([], ["partner_id"], ["visits:max"], None),
            ([], ["partner_id"], ["visits:sum"], "day:min"),
            ([], ["team_id"], ["partner_id:count_distinct"], None),
        ]
        for questions, by_sums in ((can, True), (cannot, False)):
            for domain, by, how, order in questions:
                chosen = self.env[STAGES]._for_groups(domain, by, how, order)
                self.assertEqual(chosen._is_by_sums(), by_sums, (domain, by, how, order))
                self.assertTrue(chosen._is_by_order())
        self.assertFalse(self.env[STAGES]._for_groups(whole, ["stage_id"], ["visits:sum"], None)._is_by_order())

    def test_a_sum_is_never_a_row(self):
        """Nobody gets at sums where rows are asked for: no context that can be sent says so."""
        self.keep_facts()
        self.count_all()
        months = [date(2025, 2, 1)]
        figures = self.env[STAGES]._read_group([], ["partner_id"], ["visits:sum"])
        for value in ("Sums", 1, ["2025-02-01"], {"2025-02-01": 1}, months, frozenset(months)):
            report = self.env[STAGES].with_context(sop_by_order=value)
            self.assertFalse(report._is_by_sums())
            self.assertEqual(set(report.search([]).mapped("visits")), {1})
            self.assertEqual(report._read_group([], ["partner_id"], ["visits:sum"]), figures)

    def test_a_record_rule_of_the_company(self):
        """Who may not see a team's orders gets no sums with these in them, whatever he asks for."""
        self.keep_facts()
        self.count_all()
        sums = self.env[STAGES].search([("process_id", "=", self.gated.id)])
        south = self.february[0].sop_visit_ids.filtered("left_at")
        every = sum(sums.mapped("visits"))
        self.env["ir.rule"].create(
            {
                "name": "Not the south",
                "model_id": self.env["ir.model"]._get_id(STAGES),
                "domain_force": [("team_id", "!=", self.south.id)],
            }
        )
        report = self.env[STAGES].with_user(self.users["auditor"])
        mine = [("process_id", "=", self.gated.id)]
        for by in (["stage_id"], ["partner_id"], ["partner_id", "day:week"], ["team_id"], []):
            groups = report._read_group(mine, by, ["visits:sum"])
            self.assertEqual(sum(group[-1] for group in groups), every - len(south), by)
        rows = report.search(mine)
        self.assertEqual(sum(rows.mapped("visits")), every - len(south))
        self.assertNotIn(self.south, rows.team_id)
        mine = sums.with_user(self.users["auditor"])
        for _round in range(2):  # whatever the cache knows
            with self.assertRaises(AccessError):
                mine.read(["visits"])
            with self.assertRaises(AccessError):
                mine[0].action_view_visits()
            self.assertFalse(mine._filtered_access("read"))
            self.env.invalidate_all()
        self.assertEqual((rows | mine)._filtered_access("read"), rows)
        self.assertTrue(sums.read(["visits"]))

    def test_as_many_queries_however_many_orders(self):
        self.keep_facts()
        self.count_all()
        report = self.env[STAGES].with_user(self.users["auditor"])
        counts = []
        for size in (1, 1, 5):  # the first warms up
            for _number in range(size):
                self.make_reviewed(team_id=self.north.id)
            self.commit()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            report._read_group([], ["partner_id", "day:month"], ["visits:sum", "hours:avg"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
