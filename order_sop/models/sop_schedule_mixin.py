from odoo import api, models


class SopScheduleMixin(models.AbstractModel):
    """Working hours or holidays: a change makes the schedules of ``sop.engine.clock`` anew."""

    _name = "sop.schedule.mixin"
    _description = "Part of a working schedule"

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
        if self.env["sop.process"]._is_in_use() and any(record._sop_shapes_schedule() for record in self):
            self.env.registry.clear_cache()

    def _sop_shapes_schedule(self):
        """Tell whether the one record in ``self`` counts for deadlines."""
        return True
