from odoo import models


class ResourceCalendarAttendance(models.Model):
    """Changed working hours count for deadlines at once."""

    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "sop.schedule.mixin"]

    def _sop_get_changes(self):
        return [{"calendar_id": self.calendar_id.id}] if self.calendar_id else []
