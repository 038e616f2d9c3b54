from odoo import fields, models


class SopTrialApprover(models.TransientModel):
    """How many approvals of a tried draft would wait for one person."""

    _name = "sop.trial.approver"
    _inherit = "sop.rows.mixin"
    _description = "Trial of a Draft: Approver"
    _rec_name = "user_id"
    _order = "approval_count desc, approval_before desc, user_id"

    trial_id = fields.Many2one("sop.trial", required=True, readonly=True, ondelete="cascade", index=True)
    user_id = fields.Many2one("res.users", "Approver", readonly=True, ondelete="cascade")
    approval_count = fields.Integer("Approvals", readonly=True, help="Steps that he may decide.")
    alone_count = fields.Integer("Nobody Else May", readonly=True, help="Of these, steps that only he may decide.")
    approval_before = fields.Integer(
        "Approvals Before", readonly=True, help="By the versions that the orders ran by, judged the same way."
    )
