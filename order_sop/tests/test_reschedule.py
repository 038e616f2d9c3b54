"""Somebody changes working hours or holidays: open deadlines follow, what is over stays, owners hear of lost hours."""

from contextlib import suppress
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_time import FrozenCase


@tagged("post_install", "-at_install")
class TestReschedule(FrozenCase):
    def moves(self, orders):
        """Return how often the log says of ``orders`` that their deadlines moved."""
        self.commit()
        return self.env["sop.event"].search_count([("order_id", "in", orders.ids), ("code", "=", "rescheduled")])

    def test_a_holiday(self):
        checkpoints = [{"name": "Do", "kind": "manual", "time_limit_hours": 10}]
        orders = self.make_timed(
            {"time_limit_hours": 10, "checkpoints": checkpoints}, {"time_limit_hours": 10}, count=3
        )
        far, gone = self.make_timed({"time_limit_hours": 1}), orders[2]
        self.do(gone)
        left = gone.sop_visit_ids[0]
        self.make_holiday(self.at(3, 0), self.at(4, 0), calendar_id=self.calendar.id)
        self.run_cron("reschedule_cron")
        for order in orders[:2]:
            visit, check = order.sop_visit_id, self.check(order, "Do")
            self.assertEqual((visit.deadline, check.deadline, order.sop_deadline), (self.at(4, 9, 30),) * 3)
            self.assertEqual(visit.next_at, self.at(2, 17), "a warning at 8 hours")
        self.assertEqual((left.deadline, gone.sop_deadline), (self.at(3, 9, 30), self.at(4, 9, 30)))
        self.assertEqual((self.moves(orders), self.moves(far)), (3, 0), "told only where something changed")
        for order in orders:
            self.assert_log_knows(order)
        self.assertFalse(self.env["sop.schedule.change"].search([]), "worked off")
        self.run_cron("reschedule_cron")
        self.assertEqual(self.moves(orders), 3)

    def test_shorter_days_and_another_time_zone(self):
        order = self.make_timed({"time_limit_hours": 10})
        self.calendar.attendance_ids.filtered(lambda line: line.hour_from == 13).hour_to = 15
        self.run_cron("reschedule_cron")
        self.assertEqual(order.sop_deadline, self.at(3, 12))
        self.calendar.tz = "Europe/Berlin"
        self.run_cron("reschedule_cron")
        self.assertEqual(order.sop_deadline, self.at(3, 13), "an hour of Monday is lost")

    def test_the_companys_own_hours(self):
        process = self.make_process({"time_limit_hours": 2, "checkpoints": [{"kind": "manual"}]}, code="COMPANY")
        self.company.resource_calendar_id = self.calendar
        order, other = self.make_order(), self.make_timed({"time_limit_hours": 2})
        self.put_under(order, process)
        self.run_cron("reschedule_cron")
        late = self.make_calendar(hours=[(day, 14, 18, {}) for day in range(7)])
        self.company.resource_calendar_id = late
        self.run_cron("reschedule_cron")
        self.assertEqual((order.sop_deadline, other.sop_deadline), (self.at(2, 16), self.at(2, 10)))
        self.make_holiday(self.at(2, 0), self.at(3, 0), calendar_id=False)
        self.run_cron("reschedule_cron")
        self.assertEqual((order.sop_deadline, other.sop_deadline), (self.at(3, 16), self.at(3, 10)), "of all calendars")

    def test_pauses_are_counted_anew(self):
        order = self.make_timed({"time_limit_hours": 4})
        self.move_to(2, 9)
        hold = self.hold(order)
        self.move_to(2, 11)
        self.release(hold)
        self.assertEqual(order.sop_deadline, self.at(2, 15))
        stopped = self.make_timed({"time_limit_hours": 4})
        self.hold(stopped)
        self.calendar.attendance_ids.filtered(lambda line: line.hour_from == 8).hour_from = 10
        self.run_cron("reschedule_cron")
        self.assertEqual(order.sop_deadline, self.at(2, 16), "one hour of the pause is left")
        self.assertFalse(stopped.sop_deadline or stopped.sop_visit_id.next_at, "it still stands")
        for each in (order, stopped):
            self.assert_log_knows(each)

    def test_killed_between_batches_it_goes_on(self):
        orders = self.make_timed({"time_limit_hours": 10}, count=5)
        self.make_holiday(self.at(3, 0), self.at(4, 0), calendar_id=self.calendar.id)
        self.commit()
        reschedule = self.env["sop.engine.reschedule"]
        follow, calls = type(reschedule)._follow, []

        def die_in_the_second(engine, visits):
            calls.append(len(visits))
            if len(calls) == 2:
                raise KeyboardInterrupt
            return follow(engine, visits)

        with patch("odoo.addons.order_sop.engine.reschedule.BATCH", 2):
            progress = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1)
            with patch.object(type(reschedule), "_follow", die_in_the_second), progress, suppress(KeyboardInterrupt):
                reschedule._cron_follow()
            self.assertEqual(self.moves(orders), 2)
            self.run_cron("reschedule_cron")
        self.assertEqual(set(orders.mapped("sop_deadline")), {self.at(4, 9, 30)})
        self.assertEqual(self.moves(orders), 5)

    def test_one_that_somebody_works_on_comes_a_minute_later(self):
        busy, free = self.make_timed({"time_limit_hours": 10}, count=2)
        self.make_holiday(self.at(3, 0), self.at(4, 0), calendar_id=self.calendar.id)
        self.commit()
        reschedule, orders = type(self.env["sop.engine.reschedule"]), type(self.env["sale.order"])
        lock, told = orders.try_lock_for_update, []
        cron = self.env.ref("order_sop.reschedule_cron")
        before = cron.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        with (
            patch.object(orders, "try_lock_for_update", lambda self, **kwargs: lock(self - busy, **kwargs)),
            patch.object(reschedule, "_tell_owners", lambda self: told.append(True)),
        ):
            self.run_cron("reschedule_cron")
            self.run_cron("reschedule_cron")
            asked = before.search([("cron_id", "=", cron.id)]) - before
            self.assertEqual(set(asked.mapped("call_at")), {self.at(2, 8, 1)}, "and not at once")
        self.assertEqual(len(told), 1, "owners are told of the calendar, not of each order")
        self.assertEqual((busy.sop_deadline, free.sop_deadline), (self.at(3, 9, 30), self.at(4, 9, 30)))
        self.run_cron("reschedule_cron")
        self.assertEqual(busy.sop_deadline, self.at(4, 9, 30))

    # -- hours that are gone -------------------------------------------------------------------------------------------

    def test_an_emptied_calendar(self):
        order = self.make_timed({"time_limit_hours": 4, "escalation_hours": 1}, owner=self.users["manager"])
        process = order.sop_process_id
        self.calendar.attendance_ids.unlink()
        for _twice in range(2):
            self.run_cron("reschedule_cron")
            self.make_holiday(self.at(9, 0), self.at(10, 0), calendar_id=self.calendar.id)
        self.assertFalse(order.sop_deadline or order.sop_visit_id.next_at or order.sop_late)
        activity = process.activity_ids
        self.assertEqual((len(activity), activity.user_id), (1, process.owner_id))
        self.assertIn("no working hours", activity.note)
        another = self.make_order(user_id=self.users["sales"].id, process=process)
        self.assertFalse(another.sop_deadline)
        self.do(another)
        self.assertEqual(another.sop_status, "done", "work goes on")
        vals = {"name": "Back", "dayofweek": "0", "hour_from": 10, "hour_to": 16, "calendar_id": self.calendar.id}
        self.env["resource.calendar.attendance"].create(vals)
        self.run_cron("reschedule_cron")
        self.assertEqual(order.sop_deadline, self.at(2, 14))
        self.assertFalse(process.activity_ids)
        self.assert_log_knows(order)

    def test_publishing_without_hours(self):
        section = {"name": "Week 1", "dayofweek": "0", "hour_from": 0, "hour_to": 0, "display_type": "line_section"}
        empty = self.make_calendar("Empty", hours=(), company_id=False)
        sections = self.make_calendar("Sections", hours=(), company_id=False, two_weeks_calendar=True)
        sections.attendance_ids.unlink()
        for week in "01":
            self.env["resource.calendar.attendance"].create(
                section | {"calendar_id": sections.id, "week_type": week, "sequence": int(week)}
            )
        for calendar in (empty, sections):
            with self.assertRaisesRegex(UserError, f"{calendar.name} has no working hours"):
                self.make_process({"time_limit_hours": 1}, calendar_id=calendar.id)
            with self.assertRaisesRegex(UserError, "no working hours"):
                stage = {"checkpoints": [{"kind": "manual", "time_limit_hours": 1}]}
                self.make_process(stage, calendar_id=calendar.id)
            self.make_process({}, calendar_id=calendar.id, code=calendar.name)

    def test_publishing_for_all_companies_asks_each(self):
        company = self.env["res.company"].create({"name": "Sleepy"})
        company.resource_calendar_id.attendance_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "hours of Sleepy are empty"):
            self.make_process({"time_limit_hours": 1})
        self.make_process({"time_limit_hours": 1}, company_id=self.company.id)

    def test_a_calendar_in_use_stays(self):
        order = self.make_timed({"time_limit_hours": 4})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.calendar.unlink()
        self.assertEqual(order.sop_process_id.calendar_id, self.calendar)
        self.make_calendar("Unused").unlink()
        self.run_cron("reschedule_cron")
        self.assertEqual(order.sop_deadline, self.at(2, 12))
