from datetime import timedelta

from odoo import api, fields, models


class SopEngineClock(models.AbstractModel):
    """Working time: when does a limit of so many working hours end."""

    _name = "sop.engine.clock"
    _description = "SOP engine: the clock"

    @api.model
    def _get_deadline(self, start, stage, company):
        """Return the deadline (naive UTC) of a stay in ``stage`` that begins at ``start`` (naive UTC), or False.

        Counts the working hours of the process's calendar (or the company's), public holidays excluded. A calendar
        that has no such hours in the next years gives no deadline.
        """
        if not stage.time_limit_hours:
            return False
        calendar = stage.process_id.calendar_id or company.resource_calendar_id
        return self._plan(start, stage.time_limit_hours, calendar)

    @api.model
    def _plan(self, start, hours, calendar):
        """Return ``start`` plus ``hours`` of the calendar's working time, both naive UTC; one plan a minute a batch."""
        cache = self.env.cr.cache.setdefault("order_sop.plan", {})
        key = (start.replace(second=0, microsecond=0), hours, calendar.id)
        if key not in cache:
            cache[key] = calendar.plan_hours(hours, start, compute_leaves=True) if calendar else False
        return cache[key]

    @api.model
    def _warning_at(self, entered_at, deadline, percent):
        """Return when to warn: ``percent`` of the elapsed time between ``entered_at`` and ``deadline``."""
        return entered_at + timedelta(seconds=(deadline - entered_at).total_seconds() * percent / 100)

    @api.model
    def _now(self):
        """Return the present (naive UTC), as tests may freeze it."""
        return fields.Datetime.now()
