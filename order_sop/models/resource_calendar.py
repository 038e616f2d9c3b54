from odoo import models


class ResourceCalendar(models.Model):
    """Changed working hours make the engine's schedules anew, see ``sop.engine.clock``."""

    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result
