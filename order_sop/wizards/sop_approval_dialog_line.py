from odoo import fields, models


class SopApprovalDialogLine(models.TransientModel):
    """One approval in the dialog: what it is about, as the user saw it, and what became of it."""

    _name = "sop.approval.dialog.line"
    _description = "SOP Approval Dialog Line"

    dialog_id = fields.Many2one("sop.approval.dialog", required=True, readonly=True, ondelete="cascade")
    approval_id = fields.Many2one("sop.approval", required=True, readonly=True, ondelete="cascade")
    seen = fields.Char(readonly=True, help="Fingerprint of what the order said when the dialog was opened.")
    result = fields.Char(readonly=True, help="Why it could not be done.")
    order_id = fields.Many2one(related="approval_id.order_id")
    case_id = fields.Many2one(related="approval_id.case_id")
    partner_id = fields.Many2one(related="approval_id.partner_id")
    checkpoint_id = fields.Many2one(related="approval_id.checkpoint_id")
    currency_id = fields.Many2one(related="approval_id.currency_id")
    amount_total = fields.Monetary(related="approval_id.amount_total")
    company_currency_id = fields.Many2one(related="approval_id.company_currency_id")
    margin = fields.Monetary(related="approval_id.margin", currency_field="company_currency_id")
    exposure = fields.Monetary(related="approval_id.exposure", currency_field="company_currency_id")
    changes = fields.Text(related="approval_id.changes")
