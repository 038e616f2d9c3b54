"""Sums for reports: what lies in the tally tables and what is still to be counted say the same as all rows, always."""

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise

from odoo import fields
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import SQL

from ..engine.tally_query import live_rows
from ..engine.tally_sources import SOURCES, TALLIES
from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestTally(GateCase):
    def setUp(self):
        super().setUp()
        self.engine = self.env["sop.engine.tally"]
        while any(self.count()):
            pass

    def count(self, limit=1000):
        return [self.engine._count(source, limit) for source in SOURCES.values()]

    def read_tally(self, table):
        """Return ``{dimensions: measures}`` of a tally as reports see it, without what adds up to nothing."""
        self.commit()
        _source, tally = TALLIES[table]
        sums = SQL(", ").join(SQL("SUM(%s)", SQL.identifier(name)) for name in tally.measures)
        names = SQL(", ").join(map(SQL.identifier, tally.dims))
        rows = self.env.execute_query(
            SQL("SELECT %s, %s FROM (%s) r GROUP BY %s", names, sums, live_rows(table), names)
        )
        size = len(tally.dims)
        return {row[:size]: tuple(map(int, row[size:])) for row in rows if row[size]}

    def expect(self):
        """Return the same from all visits and checks there are, by the ORM and in Python."""
        # those by what is known of orders are read with that alone: see test_reports_by_month, test_process_map_exact
        of_order = {"profile", "departments"}
        own = [tally for name in ("sop.visit", "sop.check") for tally in SOURCES[name].tallies]
        wanted = {tally.table: defaultdict(Counter) for tally in own if not of_order & tally.dims.keys()}
        for visit in self.env["sop.visit"].search([("left_at", "!=", False)]):
            minutes, tenths = round(visit.worked_hours * 60), round(visit.worked_hours * 10) * 6
            measures = {
                "visits": 1,
                "limited": int(bool(visit.deadline)),
                "late": int(bool(visit.deadline) and visit.deadline < visit.left_at),
                "repeated": int(visit.cycle > 1),
                "minutes": minutes,
                "elapsed": visit.elapsed,
            }
            place = (visit.company_id.id, visit.stage_id.id)
            key = (visit.left_on, *place, visit.department_id.id, visit.left_by_id.id or None, visit.outcome)
            wanted["sop_visit_tally"][key].update(measures)
            key = (visit.begun_on, place[0], visit.previous_stage_id.id or None, place[1], visit.outcome)
            wanted["sop_arrow_tally"][key].update(measures)
            for basis, day in (("left", visit.left_on), ("begun", visit.begun_on)):
                wanted["sop_spread_tally"][basis, day.replace(day=1), *place, tenths].update(visits=1)
        for check in self.env["sop.check"].search([]):
            if check.failed or check.state in ("passed", "waived"):
                key = (check.made_on, check.company_id.id, check.checkpoint_id.id, check.department_id.id)
                key = (*key, check.user_id.id or None, check.state)
                wanted["sop_check_tally"][key].update(checks=1, failed=int(check.failed))
        return {
            table: {key: tuple(sums[name] for name in TALLIES[table][1].measures) for key, sums in rows.items()}
            for table, rows in wanted.items()
        }

    def assert_exact(self):
        self.commit()
        for table, rows in self.expect().items():
            self.assertEqual(self.read_tally(table), rows, table)

    def test_sums_say_nothing_of_their_making(self):
        """Columns of who made a row when would be as large as the sums, and ask for each user that is deleted."""
        for table in TALLIES:
            self.assertFalse(self.env[table.replace("_", ".")]._log_access, table)

    def live_through(self):
        """Return three orders: one confirmed, one sent back, one cancelled."""
        first, second, third = (self.make_reviewed() for _number in range(3))
        first.action_confirm()
        second.with_user(self.users["manager"]).action_sop_send_back(self.gated.stage_ids[0].id, "Again")
        third._action_cancel()
        self.commit()
        return first | second | third

    def test_counted_or_not_it_is_the_same(self):
        """A month's orders are counted bit by bit while people go on working: at each instant all sums agree."""
        orders = self.live_through()
        self.assertTrue(self.env["sop.visit"].search([("order_id", "in", orders.ids), ("left_at", "!=", False)]))
        self.assert_exact()
        self.assertEqual(self.count(1), [1, 1, 0])
        self.assert_exact()
        while any(self.count(2)):
            self.assert_exact()
        self.assertEqual(self.engine._count(SOURCES["sop.visit"], 10), 0, "nothing is counted twice")
        self.tick(orders[0], "Packed")
        self.assert_exact()

    def test_what_was_counted_and_changes_is_taken_back(self):
        order = self.live_through()[0]
        while any(self.count()):
            pass
        self.env["sop.engine.flow"]._go_back(order.sudo(), order.sop_process_id.stage_ids[0], {"reason": "Again"}, [])
        self.assert_exact()
        self.tick(order, "Reviewed")
        self.assert_exact()
        self.env.cr.execute("UPDATE sop_visit SET left_by_id = NULL WHERE order_id = %s", [order.id])
        self.env.invalidate_all()
        self.assert_exact()

    def test_somebody_who_worked_can_be_deleted(self):
        """A customer who signed closes his account; a temp is deleted: what they did is still counted, as nobody's."""
        temp = new_test_user(self.env, login="sop_temp", groups="order_sop.group_sales")
        order = self.make_gated()
        order.user_id = temp
        self.commit()
        self.check(order, "Reviewed").with_user(temp).action_pass()
        order.with_user(temp).sudo().action_confirm()  # as he is, whatever Sales lets him do
        self.commit()
        self.assertIn(temp, order.sop_visit_ids.left_by_id)
        self.assertIn(temp, order.sop_check_ids.user_id)
        while any(self.count()):
            pass
        temp.unlink()
        self.assert_exact()
        self.assertNotIn(temp.id, [key[4] for key in self.read_tally("sop_visit_tally")])

    def test_orders_that_are_deleted_are_taken_back(self):
        orders = self.live_through()
        while any(self.count()):
            pass
        gone = orders[2]
        gone.unlink()
        self.assert_exact()
        self.assertFalse(self.env["sop.visit"].search([("order_id", "=", gone.id)]))

    def test_merging_changes_nothing(self):
        self.live_through()
        while any(self.count(1)):
            pass
        before = self.env.execute_query(SQL("SELECT COUNT(*) FROM sop_spread_tally"))[0][0]
        rows = set(self.env["sop.stage.report"].search([]).ids)
        for table, (_source, tally) in TALLIES.items():
            self.engine._merge(tally, 1)
            names = SQL(", ").join(map(SQL.identifier, tally.dims))
            twice = SQL("SELECT 1 FROM %s GROUP BY %s HAVING COUNT(*) > 1", SQL.identifier(table), names)
            self.assertFalse(self.env.execute_query(twice), table)
        self.assertLess(self.env.execute_query(SQL("SELECT COUNT(*) FROM sop_spread_tally"))[0][0], before)
        self.assertEqual(set(self.env["sop.stage.report"].search([]).ids), rows, "a list that is open stays good")
        self.assert_exact()

    def test_days_are_those_of_the_company(self):
        """Half past four in the afternoon of the 31st in London is the 1st in Shanghai: another day, another month."""
        self.company.partner_id.tz = "Asia/Shanghai"
        with freeze_time("2025-01-31 16:30:00"):
            order = self.make_reviewed()
            order.action_confirm()
            self.commit()
        visit = order.sop_visit_ids[0]
        self.assertEqual((visit.begun_on, visit.left_on), (fields.Date.to_date("2025-02-01"),) * 2)
        self.assert_exact()

    def test_elapsed_is_from_one_end_to_the_next(self):
        """What a mining tool computes from the events' ends: also the time in which a finished order lay still."""
        with freeze_time("2025-01-06 08:00:00") as clock:
            order = self.make_gated()
            self.commit()
            clock.tick(timedelta(hours=5))
            self.tick(order, "Reviewed")
            order.action_confirm()
            self.commit()
            clock.tick(timedelta(hours=30))
            order._action_cancel()
            self.commit()
            clock.tick(timedelta(hours=2))
            order.action_draft()
            self.commit()
            clock.tick(timedelta(hours=1))
            order._action_cancel()
            self.commit()
        visits = order.sop_visit_ids.sorted("id")
        ends = [visits[0].entered_at, *visits.mapped("left_at")]
        self.assertEqual(
            visits.mapped("elapsed"),
            [(after - before).total_seconds() for before, after in pairwise(ends)],
        )
        self.assertGreater(visits[-1].elapsed, (visits[-1].left_at - visits[-1].entered_at).total_seconds())
        self.assertEqual(visits[1:].previous_stage_id | visits[:1].stage_id, visits[:-1].stage_id | visits[:1].stage_id)
        self.assert_exact()
