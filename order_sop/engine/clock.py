from bisect import bisect_right
from datetime import UTC, timedelta

from odoo import api, fields, models, tools

HORIZON = timedelta(days=35)
"""How far a schedule kept in memory reaches; longer limits are planned by the calendar itself."""


class SopEngineClock(models.AbstractModel):
    """Working time: when does a limit of so many working hours end."""

    _name = "sop.engine.clock"
    _description = "SOP engine: the clock"

    @api.model
    def _get_deadline(self, start, stage, company, hours=None):
        """Return the deadline (naive UTC) of a stay in ``stage`` that begins at ``start`` (naive UTC), or False.

        :param hours: working hours, where it is not the stage's own limit that is asked for

        Counts the working hours of the process's calendar (or the company's), public holidays excluded. A calendar
        that has no such hours in the next years gives no deadline.
        """
        calendar = stage.process_id.calendar_id or company.resource_calendar_id
        hours = stage.time_limit_hours if hours is None else hours
        return self._plan(start, hours, calendar) if hours and calendar else False

    @api.model
    def _plan(self, start, hours, calendar):
        """Return ``start`` plus ``hours`` of the calendar's working time, both naive UTC.

        The same as ``calendar.plan_hours(hours, start, compute_leaves=True)``, out of a schedule that is kept for all
        transactions of a day, since each order that enters a stage asks.
        """
        schedule = self._get_schedule(calendar.id, start.date())
        left = timedelta(hours=hours)
        for begin, end in schedule[max(bisect_right(schedule, (start,)) - 1, 0) :]:
            begin = max(begin, start)
            if end - begin >= left:
                return begin + left
            left -= max(end - begin, timedelta())
        return _whole_second(calendar.plan_hours(hours, start, compute_leaves=True))

    @api.model
    @tools.ormcache("calendar_id", "day")
    def _get_schedule(self, calendar_id, day):
        """Return the working intervals of a calendar from the day before ``day`` on, for :data:`HORIZON`.

        :return: tuple of ``(begin, end)``, naive UTC, in order; public holidays taken out
        """
        calendar = self.env["resource.calendar"].sudo().browse(calendar_id)  # hours are the same for everybody
        begin = fields.Datetime.to_datetime(day).replace(tzinfo=UTC) - timedelta(days=1)
        intervals = calendar._work_intervals_batch(begin, begin + HORIZON)[False]
        return tuple(
            tuple(_whole_second(moment.astimezone(UTC).replace(tzinfo=None)) for moment in (start, stop))
            for start, stop, _attendance in intervals
        )

    @api.model
    def _warning_at(self, entered_at, deadline, percent):
        """Return when to warn: ``percent`` of the elapsed time between ``entered_at`` and ``deadline``."""
        return entered_at + timedelta(seconds=(deadline - entered_at).total_seconds() * percent / 100)

    @api.model
    def _follow_holds(self, documents, journal):
        """Bring the time limits of ``documents`` into line with their holds, which were set or released just now."""

    @api.model
    def _now(self):
        """Return the present (naive UTC), as tests may freeze it."""
        return fields.Datetime.now()


def _whole_second(moment):
    """Return ``moment`` on the second: calendars end a day a microsecond early, which would tear night shifts apart."""
    return moment and (moment + timedelta(milliseconds=1)).replace(microsecond=0)
