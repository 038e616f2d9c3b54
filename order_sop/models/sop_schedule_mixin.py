from odoo import api, models


class SopScheduleMixin(models.AbstractModel):
    """Working hours or holidays: a change makes the schedules of ``sop.engine.clock`` anew, and open deadlines too."""

    _name = "sop.schedule.mixin"
    _description = "Part of a working schedule"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._sop_schedule_changed()
        return records

    def write(self, vals):
        self._sop_schedule_changed()  # where it was
        result = super().write(vals)
        self._sop_schedule_changed()  # and where it is now
        return result

    def unlink(self):
        self._sop_schedule_changed()
        result = super().unlink()
        if self.env["sop.process"]._is_in_use():
            self.env["sop.process"]._forget()
        return result

    def _sop_schedule_changed(self):
        """Forget the schedules kept for all transactions, and have open deadlines follow after the commit."""
        if not self.env["sop.process"]._is_in_use():
            return
        changes = [change for record in self for change in record._sop_get_changes()]
        if changes:
            self.env["sop.process"]._forget()
            self.env["sop.schedule.change"].sudo()._add(changes)  # follows whoever may change the hours

    def _sop_get_changes(self):
        """Return whose schedules the one record in ``self`` shapes, as values of ``sop.schedule.change``; none for what
        does not count for deadlines."""
        raise NotImplementedError(self._name)
