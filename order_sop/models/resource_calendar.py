from odoo import models


class ResourceCalendar(models.Model):
    """Changed working hours count for deadlines at once; their time zone says on which day something was."""

    _name = "resource.calendar"
    _inherit = ["resource.calendar", "sop.schedule.mixin", "sop.noted.mixin"]
    _sop_noted_fields = frozenset({"tz"})

    def _sop_get_changes(self):
        return [{"calendar_id": self.id}]

    def _sop_note_all_orders(self):
        companies = self.env["res.company"].sudo()  # which they are is no secret
        companies.search([("resource_calendar_id", "in", self.ids)])._sop_note_all_orders()
