"""Stages and checks of whole months by what is known of orders: the sums say what all rows say, at any instant."""

from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ..engine import tally
from ..engine.tally_sources import SOURCES
from .common_gates import GateCase
from .test_reports_by_order import CHECKS, MEASURES, STAGES

LEVELS = ("partner_id", "team_id", "country_id", "categ_id", "salesperson_id")
RATES = {STAGES: ["hours:avg", "elapsed_hours:avg", "late_rate:avg"], CHECKS: ["failure_rate:avg"]}
ROW = {STAGES: "visit_id", CHECKS: "check_id"}


@tagged("post_install", "-at_install")
class TestReportsByMonth(GateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north, cls.south = cls.env["crm.team"].create([{"name": "North"}, {"name": "South"}])
        cls.customer.country_id, cls.consumer.country_id = cls.env.ref("base.be"), cls.env.ref("base.fr")
        with freeze_time("2025-01-29 08:00:00") as clock:
            cls.january = cls.make_settled(team_id=cls.north.id)
            clock.tick(timedelta(days=4))
            cls.february = cls.make_delivered(partner=cls.consumer, team_id=cls.south.id)
            cls.february |= cls.make_reviewed(partner=cls.consumer, team_id=cls.north.id)
        cls.orders = cls.january | cls.february

    def renew(self):
        self.commit()
        while self.env["sop.engine.fact"]._renew(100):
            pass

    def count(self, most=1000):
        self.commit()
        for source in SOURCES.values():
            while self.env["sop.engine.tally"]._count(source, min(most, 100)) and most > 100:
                pass

    def groups(self, model, by, domain, one_by_one=False):
        """Return ``{group: figures}``, from sums or from all rows one by one."""
        asked = [*domain, (ROW[model], "!=", False)] if one_by_one else domain
        how = [*MEASURES[model], *RATES[model], "__count"]
        self.assertNotEqual(self.env[model]._for_groups(asked, by, how, None)._is_by_months(), one_by_one)
        rows = self.env[model]._read_group(asked, by, how)
        return {row[: len(by)]: [round(value or 0, 6) for value in row[len(by) :]] for row in rows}

    def assert_same(self):
        self.commit()
        february = [("day", ">=", "2025-02-01"), ("day", "<=", "2025-02-28")]
        for model in (STAGES, CHECKS):
            for domain in (
                [],
                february,
                [("day", "<", "2025-02-01"), ("partner_id", "!=", False)],
                ["|", ("day", "<=", "2025-01-29"), "!", ("day", ">", "2025-02-02")],
                [("partner_id", "=", self.consumer.id), ("day", "in", ["2025-02-02", "2025-01-30"])],
            ):
                for level in LEVELS:
                    for by in ([level], [level, "day:month"], ["department_id", level, "user_id"]):
                        sums = self.groups(model, by, domain)
                        self.assertEqual(sums, self.groups(model, by, domain, True), (model, by, domain))

    def test_story(self):
        """Whose orders take long, month by month? The answer is the same before, while and after sums are kept, and
        as orders change; it is found in sums."""
        self.assert_same()
        self.renew()
        self.assert_same()
        self.count(3)
        self.assert_same()
        self.count()
        self.assert_same()
        kept = self.env.execute_query(SQL("SELECT SUM(visits) FROM sop_visit_profile_tally"))[0][0]
        self.assertEqual(
            kept, self.env["sop.visit"].search_count([("left_at", "!=", False), ("order_id", "!=", False)])
        )
        self.january.team_id = self.south
        self.assert_same()
        self.february[1].action_confirm()
        self.assert_same()
        self.renew()
        self.assert_same()
        self.count()
        self.assert_same()

    def test_counted_before_the_facts_are_known(self):
        """Whoever adds up stages of orders of which nothing is known yet adds them up again once it is."""
        self.count()
        self.assert_same()
        self.assertFalse(self.january.sop_visit_ids[0].profile)
        self.renew()
        self.assert_same()
        self.assertFalse(self.january.sop_visit_ids.filtered("counted"))
        self.count()
        self.assert_same()
        visits = self.january.sop_visit_ids.filtered("left_at")
        self.assertEqual(visits.filtered("counted"), visits)
        self.assertIn(str(self.north.id), visits[0].profile.split(","))

    def test_the_crons(self):
        """One brings the facts up to date and counts under what they say, the other merges: no figure changes."""
        self.count()
        self.run_cron("tally_cron")
        visits = self.orders.sop_visit_ids.filtered("left_at")
        self.assertFalse(self.env["sop.stale.order"].search([("stale_order_id", "in", self.orders.ids)]))
        self.assertTrue(all(visit.counted and visit.profile for visit in visits))
        self.assert_same()
        with patch.object(tally, "CROWDED", 1):
            self.run_cron("tally_merge_cron")
        twice = SQL(
            "SELECT 1 FROM sop_visit_profile_tally GROUP BY month, stage_id, user_id, outcome, profile, company_id"
        )
        self.assertFalse(self.env.execute_query(SQL("%s HAVING COUNT(*) > 1", twice)))
        self.assert_same()

    def test_only_what_changed_is_counted_again(self):
        self.renew()
        self.count()
        self.january.client_order_ref = "Nothing that anything is broken down by"
        self.env["sop.engine.fact"]._note(self.orders)
        self.february.team_id = self.south
        self.renew()
        self.assertTrue(all(self.january.sop_visit_ids.filtered("left_at").mapped("counted")))
        self.assertFalse(any(self.february[1].sop_visit_ids.mapped("counted")))
        self.assertTrue(all(self.february[0].sop_visit_ids.filtered("left_at").mapped("counted")), "South before")

    def test_orders_that_leave(self):
        """Deleted, cancelled, sent back, or of a customer who was merged into another."""
        self.renew()
        self.count()
        self.february[1]._action_cancel()
        self.assert_same()
        self.february[1].unlink()
        self.assert_same()
        self.env["base.partner.merge.automatic.wizard"]._merge([self.consumer.id, self.customer.id], self.customer)
        self.env.invalidate_all()
        self.assert_same()
        self.renew()
        self.count()
        self.assert_same()

    def test_groups_of_nothing_are_not_shown(self):
        self.renew()
        self.count()
        self.february.team_id = self.north
        for _round in range(2):
            self.commit()
            found = self.env[STAGES]._read_group([], ["team_id"], ["visits:sum"])
            self.assertNotIn(self.south, dict(found))
            [[total], teams] = self.env[STAGES]._read_grouping_sets([], [[], ["team_id"]], ["visits:sum"])
            self.assertNotIn(self.south, dict(teams))
            self.assertEqual(total[0], sum(visits for _team, visits in teams))
            self.renew()
            self.count()
        [[none]] = self.env[STAGES]._read_grouping_sets([("team_id", "=", self.south.id)], [[]], ["visits:sum"])
        self.assertFalse(none[0])

    def test_what_a_pivot_and_a_list_show(self):
        """*Count* is how many stages there are; the groups open the rows that they count."""
        self.renew()
        self.count()
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

    def test_what_sums_of_months_can_answer(self):
        """Weeks, days, a single order, the largest of all cannot be told from sums of months: rows are read for these;
        for half a month, those of that month."""
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
            self.assertEqual({month.month for month in read}, months, domain)
        self.assertFalse(self.env[STAGES]._for_groups(*can[0]).env.context["sop_by_order"])
        cannot = [
            ([("day", ">=", "today")], ["partner_id"], ["visits:sum"], None),
            ([("day", "<=", "9999-12-31")], ["partner_id"], ["visits:sum"], None),
            ([("day", "<", 5)], ["partner_id"], ["visits:sum"], None),
            ([("day.day_of_week", "=", 1)], ["partner_id"], ["visits:sum"], None),
            ([("late", ">", 0)], ["partner_id"], ["visits:sum"], None),
            ([("order_id", "=", self.january.id)], ["partner_id"], ["visits:sum"], None),
            ([], ["partner_id", "day:week"], ["visits:sum"], None),
            ([], ["partner_id", "day"], ["visits:sum"], None),
            ([], ["partner_id", "order_id"], ["visits:sum"], None),
            ([], ["partner_id"], ["day:max"], None),
            ([], ["partner_id"], ["visits:max"], None),
            ([], ["partner_id"], ["visits:sum"], "day:min"),
            ([], ["team_id"], ["partner_id:count_distinct"], None),
        ]
        for questions, by_months in ((can, True), (cannot, False)):
            for domain, by, how, order in questions:
                chosen = self.env[STAGES]._for_groups(domain, by, how, order)
                self.assertEqual(chosen._is_by_months(), by_months, (domain, by, how, order))
                self.assertTrue(chosen._is_by_order())
        self.assertFalse(self.env[STAGES]._for_groups(whole, ["stage_id"], ["visits:sum"], None)._is_by_order())

    def test_a_month_is_never_a_row(self):
        """Nobody gets at sums where rows are asked for: no context that can be sent says so."""
        self.renew()
        self.count()
        for value in ("MONTHS", {}, object):
            report = self.env[STAGES].with_context(sop_by_order=str(value))
            rows = report.search([("partner_id", "=", self.consumer.id)])
            self.assertEqual(set(rows.mapped("visits")), {1})

    def test_as_many_queries_however_many_orders(self):
        self.renew()
        self.count()
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
