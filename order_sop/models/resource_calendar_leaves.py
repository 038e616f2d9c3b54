from odoo import api, models


class ResourceCalendarLeaves(models.Model):
    """Changed holidays make the engine's schedules anew, see ``sop.engine.clock``."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._sop_forget_schedules()
        return records

    def write(self, vals):
        self._sop_forget_schedules()
        result = super().write(vals)
        self._sop_forget_schedules()
        return result

    def unlink(self):
        self._sop_forget_schedules()
        return super().unlink()

    def _sop_forget_schedules(self):
        if any(not leave.resource_id for leave in self):  # a person's own leave changes no schedule
            self.env.registry.clear_cache()
