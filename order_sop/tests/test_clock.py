"""Deadlines in working time, against an oracle that counts minute by minute."""

from datetime import datetime, timedelta

import pytz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from .common import SopCase


@tagged("post_install", "-at_install")
class TestClock(SopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sop_active = True  # schedules are looked after where the SOP is in use

        def calendar(name, zone, hours, **vals):
            return cls.env["resource.calendar"].create(
                {
                    "name": name,
                    "tz": zone,
                    "attendance_ids": [
                        Command.create(
                            {"name": name, "dayofweek": str(day), "hour_from": begin, "hour_to": end, **extra}
                        )
                        for day, begin, end, extra in hours
                    ],
                    **vals,
                }
            )

        office = [(day, begin, end, {}) for day in range(5) for begin, end in ((8, 12), (13, 17.5))]
        night = [(day, begin, end, {}) for day in range(7) for begin, end in ((0, 6), (22, 24))]
        weeks = [(day, 9, 15, {"week_type": str(week)}) for week in (0, 1) for day in ((0, 1), (2, 3, 4))[week]]
        cls.calendars = [
            calendar("Office", "Europe/Brussels", office),
            calendar("Night", "America/New_York", night),
            calendar("Shanghai", "Asia/Shanghai", office),
            calendar("Two weeks", "Europe/Brussels", weeks, two_weeks_calendar=True),
        ]
        cls.holidays = [(datetime(2026, 12, 24, 23), datetime(2026, 12, 26, 23))]
        cls.env["resource.calendar.leaves"].create(
            [
                {"name": "Holiday", "calendar_id": each.id, "date_from": begin, "date_to": end}
                for each in cls.calendars
                for begin, end in cls.holidays
            ]
        )

    def _oracle(self, start, minutes, calendar):
        """Walk minute by minute, in the calendar's own time, and count those that are working time."""
        zone = pytz.timezone(calendar.tz)
        hours = [
            (int(line.dayofweek), line.hour_from, line.hour_to, line.week_type) for line in calendar.attendance_ids
        ]
        moment = start
        while minutes:
            local = pytz.utc.localize(moment).astimezone(zone)
            hour = local.hour + local.minute / 60
            week = str((local.date().toordinal() - 1) // 7 % 2)
            works = any(
                day == local.weekday() and begin <= hour < end and (not line_week or line_week == week)
                for day, begin, end, line_week in hours
            ) and not any(begin <= moment < end for begin, end in self.holidays)
            moment += timedelta(minutes=1)
            minutes -= works
        return moment

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        which=st.integers(0, 3),
        start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
        minutes=st.integers(1, 40 * 60),
    )
    def test_deadline_equals_counting_minutes(self, which, start, minutes):
        calendar = self.calendars[which]
        start = start.replace(second=0, microsecond=0)
        clock = self.env["sop.engine.clock"]
        self.assertEqual(clock._plan(start, minutes / 60, calendar), self._oracle(start, minutes, calendar))

    def test_beyond_the_schedule_the_calendar_itself_plans(self):
        calendar = self.calendars[0]
        start = datetime(2026, 3, 2, 8)
        self.assertEqual(
            self.env["sop.engine.clock"]._plan(start, 400, calendar),
            calendar.plan_hours(400, start, compute_leaves=True),
        )

    def test_changed_hours_and_holidays_count_at_once(self):
        calendar = self.calendars[0]
        clock = self.env["sop.engine.clock"]
        start = datetime(2026, 6, 1, 6)  # Monday, 8:00 in Brussels
        self.assertEqual(clock._plan(start, 2, calendar), datetime(2026, 6, 1, 8))
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": calendar.id,
                "date_from": datetime(2026, 6, 1),
                "date_to": datetime(2026, 6, 1, 22),
            }
        )
        self.assertEqual(clock._plan(start, 2, calendar), datetime(2026, 6, 2, 8))
        calendar.attendance_ids.filtered(lambda line: line.dayofweek == "1").unlink()
        self.assertEqual(clock._plan(start, 2, calendar), datetime(2026, 6, 3, 8))
