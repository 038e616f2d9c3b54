from contextvars import ContextVar

from odoo import fields

_RUNNING = ContextVar("order_sop.demo_clock", default=None)


class DemoClock:
    """The time at which the story of a demo order stands; hours are the company's working hours.

    The engine goes by it inside a ``with`` block. Only code can open one: no context key, no record and no parameter.
    """

    def __init__(self, company):
        self.calendar = company.resource_calendar_id
        self.now = fields.Datetime.now()

    def __enter__(self):
        self._token = _RUNNING.set(self)
        return self

    def __exit__(self, *_error):
        _RUNNING.reset(self._token)

    @staticmethod
    def running():
        """Return the clock that the engine goes by, or None in real life."""
        return _RUNNING.get()

    @property
    def day(self):
        """Return the day (UTC) that it is in the story."""
        return self.now.date()

    def set_back(self, hours):
        """Begin a story that many working hours before the present."""
        self.now = self.calendar.plan_hours(-hours, fields.Datetime.now(), compute_leaves=True)

    def go_on(self, hours):
        """Let so many working hours pass, up to the present at most."""
        later = self.calendar.plan_hours(hours, self.now, compute_leaves=True)
        self.now = min(later, fields.Datetime.now())
