from odoo import models


class ResourceCalendarAttendance(models.Model):
    """Changed working hours count for deadlines at once."""

    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "sop.schedule.mixin"]
