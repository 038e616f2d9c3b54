from odoo import api, fields, models


class SopSendBack(models.TransientModel):
    """Asks to which stage, and why, orders go back; forwards to ``action_sop_send_back`` as the current user."""

    _name = "sop.send.back"
    _description = "Send Orders Back"

    order_ids = fields.Many2many("sale.order")
    case_ids = fields.Many2many("sop.case")
    stage_id = fields.Many2one("sop.stage", "Back To", required=True)
    allowed_stage_ids = fields.Many2many("sop.stage", compute="_compute_allowed_stage_ids")
    reason = fields.Text(required=True)

    @api.depends("order_ids", "case_ids")
    def _compute_allowed_stage_ids(self):
        for wizard in self:
            stages = self.env["sop.stage"]
            for document in wizard.order_ids or wizard.case_ids:
                present = document.sop_stage_id
                stages |= document.sop_process_id.stage_ids.filtered(lambda s, present=present: s._is_before(present))
            wizard.allowed_stage_ids = stages

    def action_confirm(self):
        """Send the orders, or the cases, back."""
        self.ensure_one()
        (self.order_ids or self.case_ids).action_sop_send_back(self.stage_id.id, self.reason)
        return {"type": "ir.actions.act_window_close"}
