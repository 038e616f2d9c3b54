from odoo import fields, models


class SopClosingDialog(models.TransientModel):
    """Asks why closings are reopened.

    It only forwards to the closings' own action, as the current user: it decides whether he may.
    """

    _name = "sop.closing.dialog"
    _description = "SOP Closing Dialog"

    closing_ids = fields.Many2many("sop.closing", required=True, readonly=True)
    reason = fields.Text("Why", required=True)

    def action_confirm(self):
        """Reopen the closings."""
        self.ensure_one()
        self.closing_ids.action_reopen(self.reason)
        return {"type": "ir.actions.act_window_close"}
