from odoo import fields, models


class SopProofDialog(models.TransientModel):
    """Asks for the file that proves the receipt of a delivery, who received it and when.

    It only forwards to the delivery's own action, as the current user: that decides whether he may.
    """

    _name = "sop.proof.dialog"
    _description = "SOP Proof Dialog"

    picking_id = fields.Many2one("stock.picking", "Delivery", required=True, readonly=True)
    partner_id = fields.Many2one(related="picking_id.partner_id")
    file = fields.Binary("Signed Receipt", required=True, attachment=False)
    filename = fields.Char()
    name = fields.Char("Received By", required=True)
    received_at = fields.Datetime("Received", required=True, default=lambda self: fields.Datetime.now())

    def action_confirm(self):
        """Add the proof."""
        self.ensure_one()
        self.picking_id.action_sop_prove(
            self.name, self.with_context(bin_size=False).file, self.filename, self.received_at
        )
        return {"type": "ir.actions.act_window_close"}
