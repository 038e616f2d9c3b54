from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models, tools
from odoo.fields import Domain

MONTHS = 240
"""How far the clock looks for working hours, and how many months without any end the search."""
EMPTY_MONTHS = 14


class SopEngineClock(models.AbstractModel):
    """Working time: when does a limit of so many working hours end, how many of them lie between two moments.

    Hours are those of a ``resource.calendar`` in its own time zone, without public holidays. Nights of shifts, days
    with 23 or 25 hours and calendars of two weeks need no care here: the calendar says in UTC when somebody works, and
    all arithmetic is in UTC, on whole seconds.
    """

    _name = "sop.engine.clock"
    _description = "SOP engine: the clock"

    @api.model
    def _now(self):
        """Return the present (naive UTC), as tests may freeze it."""
        return fields.Datetime.now()

    @api.model
    def _get_date(self, company, moment):
        """Return the date of ``moment`` (naive UTC) where ``company`` is."""
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(company._sop_locale()[1])).date()

    @api.model
    def _get_calendar(self, process, company):
        """Return the ``resource.calendar`` that counts for orders of ``company`` under ``process``; may be empty."""
        return process.calendar_id or company.resource_calendar_id

    @api.model
    def _get_deadline(self, start, stage, company, hours=None):
        """Return the deadline (naive UTC) of a stay in ``stage`` that begins at ``start`` (naive UTC), or False.

        :param hours: working hours, where it is not the stage's own limit that is asked for

        Counts the working hours of the process's calendar (or the company's), public holidays excluded. A calendar
        that has no such hours in the next years gives no deadline.
        """
        hours = stage.time_limit_hours if hours is None else hours
        return hours and self._plan(start, hours, self._get_calendar(stage.process_id, company), company)

    @api.model
    def _plan(self, start, hours, calendar, company=None):
        """Return the first moment by which ``hours`` of working time have passed since ``start``, both naive UTC.

        Negative ``hours`` go back: the last moment from which on so much working time lies before ``start``. The same
        as ``calendar.plan_hours(hours, start, compute_leaves=True)``, out of a schedule kept for all transactions.

        :param company: ``res.company`` whose public holidays count; the calendar's own where it is left out
        :return: False where the calendar has no working hours
        """
        left = abs(round(hours * 3600))
        if not left or not calendar:
            return bool(calendar) and start
        back, empty = hours < 0, 0
        for number in range(MONTHS):
            schedule = self._get_schedule(*self._key(calendar, company), _month(start) + (-number if back else number))
            empty = 0 if schedule else empty + 1
            if empty == EMPTY_MONTHS:
                break
            if back:
                for begin, end in reversed(schedule[: bisect_left(schedule, (start,))]):
                    end = min(end, start)
                    worked = _seconds(begin, end)
                    if worked >= left:
                        return end - timedelta(seconds=left)
                    left -= worked
            else:
                for begin, end in schedule[max(bisect_right(schedule, (start,)) - 1, 0) :]:
                    begin = max(begin, start)
                    worked = _seconds(begin, end)
                    if worked >= left:
                        return begin + timedelta(seconds=left)
                    left -= worked
        return False

    @api.model
    def _get_worked(self, start, end, calendar, company=None):
        """Return the hours of working time between ``start`` and ``end`` (naive UTC); 0 when that is before."""
        if not calendar:
            return 0.0
        key = self._key(calendar, company)
        return (
            sum(
                _seconds(max(start, begin), min(end, stop))
                for month in range(_month(start), _month(end) + 1)
                for begin, stop in self._get_schedule(*key, month)
            )
            / 3600
        )

    @api.model
    def _get_due(self, start, hours, calendar, company, pauses=()):
        """Return when ``hours`` of working time have passed since ``start``, not counting ``pauses``; or False.

        :param pauses: ``[[begin, end]…]`` (naive UTC) in order; one that begins when the time is up moves nothing
        """
        due = self._plan(start, hours, calendar, company)
        for begin, end in pauses:
            if due and due > begin:
                due = self._plan(due, self._get_worked(max(begin, start), end, calendar, company), calendar, company)
        return due

    @api.model
    def _has_hours(self, calendar, company=None):
        """Tell whether anybody works by ``calendar`` (which may be empty) in the months to come."""
        return bool(calendar and self._plan(self._now(), 1, calendar, company))

    @api.model
    def _key(self, calendar, company):
        company = company or calendar.company_id or self.env.company
        return calendar.id, company.id

    @api.model
    @tools.ormcache("calendar_id", "company_id", "month")
    def _get_schedule(self, calendar_id, company_id, month):
        """Return the working time of a calendar in one month (UTC), counted from the year 0.

        Kept for all transactions, since each order that enters a stage asks; ``sop.schedule.mixin`` forgets it.

        :param company_id: whose public holidays count; those of other companies and those of single people don't
        :return: tuple of ``(begin, end)``, naive UTC, in order; public holidays taken out
        """
        calendar = self.env["resource.calendar"].sudo().browse(calendar_id)  # hours are the same for everybody
        bounds = (datetime(*_year_and_month(each), 1, tzinfo=UTC) for each in (month, month + 1))
        holidays = Domain("time_type", "=", "leave") & (
            Domain("calendar_id", "=", calendar_id) | Domain("company_id", "in", (False, company_id))
        )
        intervals = calendar._work_intervals_batch(*bounds, domain=list(holidays))[False]
        schedule = []
        for start, stop, _attendance in intervals:
            begin, end = (_whole_second(moment.astimezone(UTC).replace(tzinfo=None)) for moment in (start, stop))
            if schedule and begin <= schedule[-1][1]:
                schedule[-1] = (schedule[-1][0], max(end, schedule[-1][1]))
            elif begin < end:
                schedule.append((begin, end))
        return tuple(schedule)


def _year_and_month(month):
    """Return ``(year, month)`` of a month counted as :func:`_month` does."""
    year, month = divmod(month, 12)
    return year, month + 1


def _month(moment):
    return moment.year * 12 + moment.month - 1


def _seconds(begin, end):
    return max((end - begin).total_seconds(), 0)


def _whole_second(moment):
    """Return ``moment`` on the second: calendars end a day a microsecond early, which would tear night shifts apart."""
    return (moment + timedelta(milliseconds=1)).replace(microsecond=0)
