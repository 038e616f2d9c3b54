from odoo import fields


class DemoClock:
    """The time at which the story of a demo order stands; hours are the company's working hours.

    The engine goes by it where it finds one in the context. A context that comes from outside holds no such object.
    """

    key = "sop_demo_clock"

    def __init__(self, company):
        self.calendar = company.resource_calendar_id
        self.now = fields.Datetime.now()

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
