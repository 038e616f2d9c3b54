from odoo import models


class ResourceCalendarLeaves(models.Model):
    """Changed public holidays count for deadlines at once."""

    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "sop.schedule.mixin"]

    def _sop_get_changes(self):
        if self.resource_id:  # a person's own leave
            return []
        return [{"calendar_id": self.calendar_id.id} if self.calendar_id else {"company_id": self.company_id.id}]
