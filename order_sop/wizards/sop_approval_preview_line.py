from odoo import fields, models


class SopApprovalPreviewLine(models.TransientModel):
    """One step that an order will have to pass."""

    _name = "sop.approval.preview.line"
    _description = "SOP Approval Preview Line"

    preview_id = fields.Many2one("sop.approval.preview", required=True, readonly=True, ondelete="cascade")
    stage_id = fields.Many2one("sop.stage", readonly=True)
    checkpoint_id = fields.Many2one("sop.checkpoint", readonly=True)
    step_id = fields.Many2one("sop.approval.step", readonly=True)
    place = fields.Integer("Turn", readonly=True, help="Steps with the same number are decided side by side.")
    user_ids = fields.Many2many("res.users", string="Approvers", readonly=True)
    needed = fields.Integer(readonly=True)
    is_short = fields.Boolean(readonly=True, help="Fewer people than needed may approve this order.")
