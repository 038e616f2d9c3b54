"""Calendars of all kinds, and an oracle that counts their working time minute by minute, apart from the engine."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo import Command

from .common import SopCase
from .replay_log import replay

BEGIN, END = datetime(2025, 11, 1), datetime(2027, 3, 1)
MINUTE = timedelta(minutes=1)

OFFICE = [(day, begin, end, {}) for day in range(5) for begin, end in ((8, 12), (13, 17.5))]
NIGHT = [(day, begin, end, {}) for day in range(7) for begin, end in ((0, 6), (22, 24))]
TWO_WEEKS = [(day, 9, 15, {"week_type": str(week)}) for week in (0, 1) for day in ((0, 1), (2, 3, 4))[week]]
SUNDAYS = [(6, 0, 24, {}), (0, 0, 4.25, {})]  # around the hour that is skipped or doubled
KINDS = (
    ("Office", "Europe/Berlin", OFFICE, {}),
    ("Night", "America/New_York", NIGHT, {}),
    ("Shanghai", "Asia/Shanghai", OFFICE, {}),
    ("Two weeks", "Europe/Berlin", TWO_WEEKS, {"two_weeks_calendar": True}),
    ("Two weeks overseas", "America/New_York", TWO_WEEKS, {"two_weeks_calendar": True}),
    ("Sundays", "Europe/Berlin", SUNDAYS, {}),
    ("Sundays overseas", "America/New_York", SUNDAYS, {}),
)
HOLIDAYS = [
    (datetime(2026, 12, 24, 23), datetime(2026, 12, 26, 23)),
    (datetime(2026, 5, 1, 6), datetime(2026, 5, 1, 10)),
]


class Oracle:
    """Working time of one calendar as a list of minutes; start and end of 2026 lie well inside."""

    def __init__(self, zone, hours, holidays, first=BEGIN, last=END):
        self.first, zone = first, ZoneInfo(zone)
        shifts = {(day, week): [] for day in range(7) for week in "01"}
        for day, begin, end, extra in hours:
            for week in extra.get("week_type", "01"):
                shifts[day, week].append((begin * 60, end * 60))
        self.works = bytearray()
        moment = first
        while moment < last:
            local = moment.replace(tzinfo=UTC).astimezone(zone)
            week = str((local.date().toordinal() - 1) // 7 % 2)
            minute = local.hour * 60 + local.minute
            self.works.append(
                any(begin <= minute < end for begin, end in shifts[local.weekday(), week])
                and not any(begin <= moment < end for begin, end in holidays)
            )
            moment += MINUTE

    def count(self, start, end):
        """Return the working minutes between two moments."""
        return sum(self.works[self.index(start) : self.index(end)])

    def plan(self, start, minutes, pauses=()):
        """Return the moment by which ``minutes`` were worked since ``start``, backwards when negative."""
        index, step = self.index(start), -1 if minutes < 0 else 1
        minutes = abs(minutes)
        stopped = [(self.index(begin), self.index(end)) for begin, end in pauses]
        while minutes:
            minute = index - 1 if step < 0 else index
            minutes -= self.works[minute] and not any(begin <= minute < end for begin, end in stopped)
            index += step
        return self.first + index * MINUTE

    def index(self, moment):
        return (moment - self.first) // MINUTE


class CalendarFixture:
    """Makers of working hours and holidays."""

    @classmethod
    def make_calendar(cls, name="Office", zone="UTC", hours=OFFICE, holidays=(), **vals):
        """Return a calendar with ``hours``: ``(day, from, to, more values)``, and holidays in UTC."""
        calendar = cls.env["resource.calendar"].create(
            {
                "name": name,
                "tz": zone,
                "attendance_ids": [
                    Command.create({"name": name, "dayofweek": str(day), "hour_from": begin, "hour_to": end, **extra})
                    for day, begin, end, extra in hours
                ],
                **vals,
            }
        )
        for begin, end in holidays:
            cls.make_holiday(begin, end, calendar_id=calendar.id)
        return calendar

    @classmethod
    def make_holiday(cls, begin, end, **vals):
        """Return a holiday of a calendar, or of a whole company."""
        return cls.env["resource.calendar.leaves"].create(
            {"name": "Holiday", "date_from": begin, "date_to": end, **vals}
        )


class TimeCase(CalendarFixture, SopCase):
    """A company at work under the SOP, whose schedules are looked after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sop_active = True


class FrozenCase(TimeCase):
    """The same on a Monday morning, with an office in UTC that is open from 8 to 12 and from 13 to 17:30."""

    MONDAY = datetime(2026, 3, 2, 8)

    def setUp(self):
        super().setUp()
        clock = freeze_time(self.MONDAY)
        self.time = clock.start()
        self.addCleanup(clock.stop)
        self.calendar = self.make_calendar()
        self.stop_type = self.env["sop.hold.type"].create({"name": "Waits", "code": "waits", "stops_clock": True})
        self.other_stop_type = self.env["sop.hold.type"].create({"name": "Also", "code": "also", "stops_clock": True})
        self.plain_type = self.env["sop.hold.type"].create({"name": "Plain", "code": "plain"})

    def at(self, day, hour, minute=0):
        """Return a moment of March 2026."""
        return datetime(2026, 3, day, hour, minute)

    def move_to(self, day, hour, minute=0):
        """Let time pass, until a moment of March 2026."""
        self.commit()
        self.time.move_to(self.at(day, hour, minute))

    def make_timed(self, *stages, count=1, owner=None, **vals):
        """Return orders under a process of ``stages`` (dicts of values; a manual checkpoint each) in this office."""
        stages = [{"checkpoints": [{"name": "Do", "kind": "manual"}], **stage} for stage in stages]
        process = self.make_process(
            *stages,
            code="TIMED",
            calendar_id=self.calendar.id,
            company_id=self.company.id,
            owner_id=(owner or self.env.user).id,
        )
        vals = {"user_id": self.users["sales"].id, **vals}
        orders = self.env["sale.order"].union(*(self.make_order(**vals) for _number in range(count)))
        self.put_under(orders, process)
        return orders

    def hold(self, orders, hold_type=None):
        """Put ``orders`` on hold and return the holds."""
        self.commit()
        return self.env["sop.engine.holds"]._set(orders, (hold_type or self.stop_type).code)

    def release(self, holds):
        """Release ``holds``."""
        self.commit()
        journal = []
        self.env["sop.engine.holds"]._release(holds.sudo(), "hand", journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    def do(self, order):
        """Tick what the present stage of ``order`` asks, so that it moves on."""
        self.commit()
        check = self.check(order, "Do").filtered(lambda check: check.stage_id == order.sop_stage_id)
        check.with_user(self.users["sales"]).action_pass()
        self.commit()

    def assert_log_knows(self, order):
        """The log alone gives the clocks of all visits and checks of ``order``."""
        self.commit()
        events = self.env["sop.event"].search([("order_id", "=", order.id)], order="id")
        told = replay(events)
        for records, lines in ((order.sop_visit_ids, told.visits), (order.sop_check_ids, told.checks)):
            for record in records:
                line = lines[record.id]
                self.assertEqual(line.deadline, record.deadline.isoformat() if record.deadline else None)
                self.assertEqual(line.warn, record.warn_at.isoformat() if record.warn_at else None)
                self.assertEqual(line.paused_at, record.paused_at or None)
                self.assertEqual(line.pauses, record.pauses or [])
        self.assertFalse(self.env["sop.engine.log"]._verify([order.id]))
        return events.mapped("code")
