"""Working time forwards, backwards, between two moments and with pauses, against an oracle that counts minutes."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common_time import HOLIDAYS, KINDS, Oracle, TimeCase

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
CHANGES = [datetime(2026, 3, 8, 7), datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1), datetime(2026, 11, 1, 6)]
AROUND = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-1500, 1500)
)
STARTS = st.one_of(MOMENTS, AROUND)  # half of them in the days in which the clocks go forward or back
WHICH = st.integers(0, len(KINDS) - 1)
MINUTES = st.integers(1, 40 * 60)
relaxed = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@tagged("post_install", "-at_install")
class TestClock(TimeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendars = [cls.make_calendar(name, zone, hours, HOLIDAYS, **vals) for name, zone, hours, vals in KINDS]
        cls.oracles = [Oracle(zone, hours, HOLIDAYS) for _name, zone, hours, _vals in KINDS]
        cls.clock = cls.env["sop.engine.clock"]

    @relaxed
    @given(which=WHICH, start=STARTS, minutes=MINUTES)
    def test_forwards(self, which, start, minutes):
        planned = self.clock._plan(start, minutes / 60, self.calendars[which])
        self.assertEqual(planned, self.oracles[which].plan(start, minutes))

    @relaxed
    @given(which=WHICH, start=STARTS, minutes=MINUTES)
    def test_backwards(self, which, start, minutes):
        planned = self.clock._plan(start, -minutes / 60, self.calendars[which])
        self.assertEqual(planned, self.oracles[which].plan(start, -minutes))

    @relaxed
    @given(which=WHICH, start=STARTS, minutes=st.integers(0, 60 * 24 * 60))
    def test_between(self, which, start, minutes):
        end = start + timedelta(minutes=minutes)
        worked = self.clock._get_worked(start, end, self.calendars[which])
        self.assertAlmostEqual(worked * 60, self.oracles[which].count(start, min(end, datetime(2027, 2, 28))))

    @relaxed
    @given(
        which=WHICH,
        start=STARTS,
        minutes=MINUTES,
        gaps=st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 3000)), max_size=3),
    )
    def test_pauses(self, which, start, minutes, gaps):
        pauses, moment = [], start
        for before, length in gaps:
            begin = moment + timedelta(minutes=before)
            moment = begin + timedelta(minutes=length)
            pauses.append((begin, moment))
        due = self.clock._get_due(start, minutes / 60, self.calendars[which], self.company, pauses)
        self.assertEqual(due, self.oracles[which].plan(start, minutes, pauses))

    @relaxed
    @given(which=WHICH, start=STARTS, minutes=MINUTES)
    def test_the_way_back_ends_where_as_much_lies_between(self, which, start, minutes):
        calendar = self.calendars[which]
        planned = self.clock._plan(start, minutes / 60, calendar)
        self.assertAlmostEqual(self.clock._get_worked(start, planned, calendar) * 60, minutes)
        self.assertGreaterEqual(self.clock._plan(planned, -minutes / 60, calendar), start)

    def test_long_limits_agree_with_the_calendar_itself(self):
        calendar = self.calendars[0]
        start = datetime(2026, 3, 2, 8)
        for hours in (400, 3000, -400):
            self.assertEqual(
                self.clock._plan(start, hours, calendar), calendar.plan_hours(hours, start, compute_leaves=True)
            )

    def test_changed_hours_and_holidays_count_at_once(self):
        calendar = self.calendars[0]
        start = datetime(2026, 6, 1, 6)  # Monday, 8:00 in Berlin
        self.assertEqual(self.clock._plan(start, 2, calendar), datetime(2026, 6, 1, 8))
        self.make_holiday(datetime(2026, 6, 1), datetime(2026, 6, 1, 22), calendar_id=calendar.id)
        self.assertEqual(self.clock._plan(start, 2, calendar), datetime(2026, 6, 2, 8))
        calendar.attendance_ids.filtered(lambda line: line.dayofweek == "1").unlink()
        self.assertEqual(self.clock._plan(start, 2, calendar), datetime(2026, 6, 3, 8))

    def test_only_holidays_of_the_own_company_count(self):
        calendar = self.make_calendar(company_id=False)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        start = datetime(2026, 6, 1, 8)
        holiday = self.make_holiday(datetime(2026, 6, 1), datetime(2026, 6, 2), calendar_id=False)
        holiday.company_id = other
        self.assertEqual(self.clock._plan(start, 2, calendar, self.company), datetime(2026, 6, 1, 10))
        self.assertEqual(self.clock._plan(start, 2, calendar, other), datetime(2026, 6, 2, 10))

    def test_a_calendar_without_hours_gives_no_deadline(self):
        for calendar in (self.make_calendar(hours=()), self.env["resource.calendar"]):
            self.assertFalse(self.clock._plan(datetime(2026, 6, 1), 1, calendar))
            self.assertFalse(self.clock._plan(datetime(2026, 6, 1), -1, calendar))
            self.assertEqual(self.clock._get_worked(datetime(2026, 6, 1), datetime(2026, 7, 1), calendar), 0)
            self.assertFalse(self.clock._has_hours(calendar))

    def test_the_schedule_is_asked_of_the_database_once(self):
        calendar = self.make_calendar()
        self.clock._plan(datetime(2026, 6, 1), 100, calendar)
        with self.assertQueryCount(0):
            for day in range(1, 13):
                self.clock._plan(datetime(2026, 6, day), 10, calendar)
