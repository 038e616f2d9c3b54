from odoo import models


class ResourceCalendarLeaves(models.Model):
    """Changed public holidays count for deadlines at once."""

    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "sop.schedule.mixin"]

    def _sop_shapes_schedule(self):
        return not self.resource_id  # a person's own leave does not
