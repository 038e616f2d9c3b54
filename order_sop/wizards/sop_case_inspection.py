from odoo import api, fields, models


class SopCaseInspection(models.TransientModel):
    """Asks what was found of goods that came back; forwards to the action of their line as the current user."""

    _name = "sop.case.inspection"
    _description = "Inspect Goods"

    line_id = fields.Many2one("sop.case.line", required=True, readonly=True, ondelete="cascade")
    received_qty = fields.Float(related="line_id.uninspected_qty", string="Came Back")
    restock_qty = fields.Float("To Stock", digits="Product Unit", compute="_compute_qty", store=True, readonly=False)
    scrap_qty = fields.Float("Scrap", digits="Product Unit")
    repair_qty = fields.Float("To Repair", digits="Product Unit", compute="_compute_qty", store=True, readonly=False)
    note = fields.Char("What Was Found")

    @api.depends("line_id")
    def _compute_qty(self):
        for dialog in self:
            repaired = dialog.line_id.solution == "repair"
            dialog.repair_qty = dialog.received_qty if repaired else 0.0
            dialog.restock_qty = 0.0 if repaired else dialog.received_qty

    def action_confirm(self):
        """Keep what was found."""
        self.ensure_one()
        self.check_access("write")
        self.line_id.action_inspect(self.restock_qty, self.scrap_qty, self.repair_qty, self.note or "")
        return {"type": "ir.actions.act_window_close"}
