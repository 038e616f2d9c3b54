from odoo import fields, models

from ..models.sop_waiver import SCOPES


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
    order_id = fields.Many2one(related="check_id.order_id")
    case_id = fields.Many2one(related="check_id.case_id")
    partner_id = fields.Many2one(related="check_id.partner_id")
    document = fields.Char("Delivery or Invoice", compute="_compute_document")
    kind = fields.Selection(related="check_id.kind")
    instruction = fields.Char(related="check_id.instruction")
    missing = fields.Char(related="check_id.reason", string="What Is Missing")
    evidence_required = fields.Boolean(related="check_id.checkpoint_id.evidence_required")
    note = fields.Text("Note or Reason")
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")
    waiver_scope = fields.Selection(SCOPES, "Passed Over", default="check")
    waiver_expires_at = fields.Datetime("Until", help="Empty: for as long as the order stays as it is.")

    def _compute_document(self):
        for dialog in self:
            dialog.document = dialog.check_id.sudo()._get_document().display_name  # of a check that the user can read

    def action_confirm(self):
        """Do the chosen operation on the check."""
        self.ensure_one()
        check = self.check_id
        if self.operation == "pass":
            check.action_pass(self.note, self.attachment_ids.ids)
        else:
            check.action_waive(self.note, self.waiver_scope, self.waiver_expires_at)
        return {"type": "ir.actions.act_window_close"}
