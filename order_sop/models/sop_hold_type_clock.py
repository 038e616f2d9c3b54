from odoo import models


class SopHoldTypeClock(models.Model):
    """When a type of hold begins, or ceases, to stop clocks, those of the orders that it holds follow at once."""

    _inherit = "sop.hold.type"

    def write(self, vals):
        changed = self.filtered(lambda t: "stops_clock" in vals and t.stops_clock != bool(vals["stops_clock"]))
        result = super().write(vals)
        if changed:
            # whoever may set up types may see the orders differently: the holds count, not he
            holds = self.env["sop.hold"].sudo().search([("type_id", "in", changed.ids), ("released_at", "=", False)])
            journal = []
            self.env["sop.engine.evaluation"]._lock(holds.flow)
            self.env["sop.engine.clock"]._follow_holds(holds.flow, journal)
            self.env["sop.engine.evaluation"]._close_journal(journal)
        return result
