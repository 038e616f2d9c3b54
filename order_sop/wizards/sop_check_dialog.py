from odoo import fields, models


class SopCheckDialog(models.TransientModel):
    """Asks for note, evidence or reason before one check is passed or waived.

    It only forwards to the check's own actions, as the current user: they decide whether he may.
    """

    _name = "sop.check.dialog"
    _description = "SOP Check Dialog"

    check_id = fields.Many2one("sop.check", required=True, readonly=True)
    operation = fields.Selection(
        [("pass", "Done"), ("waive", "Pass Over")],
        required=True,
        readonly=True,
    )
    kind = fields.Selection(related="check_id.kind")
    instruction = fields.Char(related="check_id.instruction")
    evidence_required = fields.Boolean(related="check_id.checkpoint_id.evidence_required")
    note = fields.Text("Note or Reason")
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")

    def action_confirm(self):
        """Do the chosen operation on the check."""
        self.ensure_one()
        check = self.check_id
        if self.operation == "pass":
            check.action_pass(self.note, self.attachment_ids.ids)
        else:
            check.action_waive(self.note)
        return {"type": "ir.actions.act_window_close"}
