"""Stages and checks by what is known of orders, of months, weeks and days: the sums say what all rows say, at any
instant."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..engine import tally
from ..engine.tally_sources import TALLIES
from .common_months import MonthCase
from .test_reports_by_order import STAGES

BY_PROFILE = ("sop_visit_profile_tally", "sop_visit_profile_day_tally")


@tagged("post_install", "-at_install")
class TestReportsByMonth(MonthCase):
    def test_story(self):
        """Whose orders take long, month by month? The answer is the same before, while and after sums are kept, and
        as orders change; it is found in sums."""
        self.assert_same()
        self.keep_facts()
        self.assert_same()
        self.count_some(3)
        self.assert_same()
        self.count_all()
        self.assert_same()
        over = self.env["sop.visit"].search_count([("left_at", "!=", False), ("order_id", "!=", False)])
        for table in BY_PROFILE:
            self.assertEqual(self.read_kept(table), over)
        self.january.team_id = self.south
        self.assert_same()
        self.february[1].action_confirm()
        self.assert_same()
        self.keep_facts()
        self.assert_same()
        self.count_all()
        self.assert_same()

    def test_counted_before_the_facts_are_known(self):
        """Whoever adds up stages of orders of which nothing is known yet adds them up again once it is."""
        self.count_all()
        self.assert_same()
        self.assertFalse(self.january.sop_visit_ids[0].profile)
        self.keep_facts()
        self.assert_same()
        self.assertFalse(self.january.sop_visit_ids.filtered("counted"))
        self.count_all()
        self.assert_same()
        visits = self.january.sop_visit_ids.filtered("left_at")
        self.assertEqual(visits.filtered("counted"), visits)
        self.assertIn(str(self.north.id), visits[0].profile.split(","))

    def test_the_crons(self):
        """One brings the facts up to date and counts under what they say, the other merges: no figure changes."""
        self.count_all()
        self.run_cron("tally_cron")
        visits = self.orders.sop_visit_ids.filtered("left_at")
        self.assertFalse(self.env["sop.stale.order"].search([("stale_order_id", "in", self.orders.ids)]))
        self.assertTrue(all(visit.counted and visit.profile for visit in visits))
        self.assert_same()
        with patch.object(tally, "CROWDED", 1):
            self.run_cron("tally_merge_cron")
        for table in BY_PROFILE:
            dims = SQL(", ").join(map(SQL.identifier, TALLIES[table][1].dims))
            twice = SQL("SELECT 1 FROM %s GROUP BY %s HAVING COUNT(*) > 1", SQL.identifier(table), dims)
            self.assertFalse(self.env.execute_query(twice))
        self.assert_same()

    def test_sums_that_an_earlier_version_did_not_keep(self):
        """They are made of what is counted; what is taken back while that goes on is not counted twice."""
        self.keep_facts()
        self.count_all()
        before = self.read_kept("sop_visit_profile_day_tally")
        for table in ("sop_visit_profile_day_tally", "sop_check_profile_day_tally"):
            self.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
        self.february.team_id = self.south
        self.keep_facts()  # takes back what was never added up there
        self.assertLess(self.read_kept("sop_visit_profile_day_tally"), 0)
        for table in ("sop_visit_profile_day_tally", "sop_check_profile_day_tally"):
            self.env["sop.engine.tally"]._add_up(table)
        self.assert_same()
        self.count_all()
        self.assertEqual(self.read_kept("sop_visit_profile_day_tally"), before)
        self.assert_same()

    def test_sums_are_read(self):
        """No row is: without the sums the figures are gone, by months and by weeks."""
        self.keep_facts()
        self.count_all()
        mine = [("process_id", "=", self.gated.id)]
        for table, by in zip(BY_PROFILE, (["partner_id"], ["partner_id", "day:week"]), strict=True):
            self.assertTrue(self.env[STAGES]._read_group(mine, by, ["visits:sum"]))
            self.env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
            self.assertFalse(self.env[STAGES]._read_group(mine, by, ["visits:sum"]))

    def read_kept(self, table):
        """Return how many visits are added up in that table."""
        return self.env.execute_query(SQL("SELECT SUM(visits) FROM %s", SQL.identifier(table)))[0][0]

    def test_only_what_changed_is_counted_again(self):
        self.keep_facts()
        self.count_all()
        self.january.client_order_ref = "Nothing that anything is broken down by"
        self.env["sop.engine.fact"]._note(self.orders)
        self.february.team_id = self.south
        self.keep_facts()
        self.assertTrue(all(self.january.sop_visit_ids.filtered("left_at").mapped("counted")))
        self.assertFalse(any(self.february[1].sop_visit_ids.mapped("counted")))
        self.assertTrue(all(self.february[0].sop_visit_ids.filtered("left_at").mapped("counted")), "South before")

    def test_orders_that_leave(self):
        """Cancelled, deleted."""
        self.keep_facts()
        self.count_all()
        self.february[1]._action_cancel()
        self.assert_same()
        self.february[1].unlink()
        self.assert_same()
        self.assert_true()

    def assert_follows(self, *levels):
        """At once, and once it is counted again, nothing is of what is gone."""
        for _round in range(2):
            self.assert_same()
            self.assert_true()
            for level in levels:  # reads the names, which what is gone has none of
                self.assertTrue(self.env[STAGES].formatted_read_group([], [level], ["visits:sum"]))
            self.keep_facts()
            self.count_all()

    def test_a_team_that_is_deleted(self):
        self.keep_facts()
        self.count_all()
        self.south.unlink()
        self.env.invalidate_all()
        self.assert_follows("team_id")

    def test_a_category_that_is_deleted(self):
        seats = self.env["product.category"].create({"name": "Seats"})
        self.product.categ_id = seats
        self.keep_facts()
        self.count_all()
        self.assertIn(seats, dict(self.env[STAGES]._read_group([], ["categ_id"], ["visits:sum"])))
        self.env.flush_all()
        self.env.cr.execute("UPDATE product_template SET categ_id = NULL WHERE categ_id = %s", [seats.id])
        self.env.invalidate_all()
        seats.unlink()
        self.assert_follows("categ_id")

    def test_a_customer_who_is_merged(self):
        """Into another one, who stays as he is."""
        self.keep_facts()
        self.count_all()
        merging = self.env["base.partner.merge.automatic.wizard"]
        merging._merge([self.consumer.id, self.customer.id], self.customer)
        self.env.invalidate_all()
        self.assert_follows("partner_id", "country_id")

    def test_groups_of_nothing_are_not_shown(self):
        self.keep_facts()
        self.count_all()
        self.february.team_id = self.north
        for _round in range(2):
            self.commit()
            found = self.env[STAGES]._read_group([], ["team_id"], ["visits:sum"])
            self.assertNotIn(self.south, dict(found))
            [[total], teams] = self.env[STAGES]._read_grouping_sets([], [[], ["team_id"]], ["visits:sum"])
            self.assertNotIn(self.south, dict(teams))
            self.assertEqual(total[0], sum(visits for _team, visits in teams))
            self.keep_facts()
            self.count_all()
        [[none]] = self.env[STAGES]._read_grouping_sets([("team_id", "=", self.south.id)], [[]], ["visits:sum"])
        self.assertFalse(none[0])
