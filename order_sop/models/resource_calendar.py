from odoo import models


class ResourceCalendar(models.Model):
    """Changed working hours count for deadlines at once."""

    _name = "resource.calendar"
    _inherit = ["resource.calendar", "sop.schedule.mixin"]

    def _sop_get_changes(self):
        return [{"calendar_id": self.id}]
