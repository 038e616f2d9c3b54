from odoo import api, models


class ResourceCalendarAttendance(models.Model):
    """Changed working hours make the engine's schedules anew, see ``sop.engine.clock``."""

    _inherit = "resource.calendar.attendance"

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
        self.env.registry.clear_cache()
