from odoo import fields, models

from ..models.sop_tracking_event import CODES


class SopTrackingDialog(models.TransientModel):
    """Asks what happened to a delivery on its way.

    It only forwards to the delivery's own action, as the current user: that decides whether he may.
    """

    _name = "sop.tracking.dialog"
    _description = "SOP Tracking Dialog"

    picking_id = fields.Many2one("stock.picking", "Delivery", required=True, readonly=True)
    partner_id = fields.Many2one(related="picking_id.partner_id")
    carrier_tracking_ref = fields.Char(related="picking_id.carrier_tracking_ref")
    code = fields.Selection(CODES, "What Happened", required=True)
    event_at = fields.Datetime("When", required=True, default=lambda self: fields.Datetime.now())
    place = fields.Char()
    note = fields.Char()

    def action_confirm(self):
        """Enter the event."""
        self.ensure_one()
        self.picking_id.action_sop_track(self.code, self.event_at, self.place, self.note)
        return {"type": "ir.actions.act_window_close"}
