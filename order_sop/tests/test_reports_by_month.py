"""Stages and checks of whole months by what is known of orders: the sums say what all rows say, at any instant."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..engine import tally
from .common_months import MonthCase
from .test_reports_by_order import STAGES


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
        kept = self.env.execute_query(SQL("SELECT SUM(visits) FROM sop_visit_profile_tally"))[0][0]
        self.assertEqual(
            kept, self.env["sop.visit"].search_count([("left_at", "!=", False), ("order_id", "!=", False)])
        )
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
        twice = SQL(
            "SELECT 1 FROM sop_visit_profile_tally GROUP BY month, stage_id, user_id, outcome, profile, company_id"
        )
        self.assertFalse(self.env.execute_query(SQL("%s HAVING COUNT(*) > 1", twice)))
        self.assert_same()

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
