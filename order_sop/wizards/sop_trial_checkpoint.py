from odoo import fields, models


class SopTrialCheckpoint(models.TransientModel):
    """What one checkpoint of a tried draft finds."""

    _name = "sop.trial.checkpoint"
    _inherit = "sop.rows.mixin"
    _description = "Trial of a Draft: Checkpoint"
    _rec_name = "checkpoint_id"
    _order = "sequence, id"

    trial_id = fields.Many2one("sop.trial", required=True, readonly=True, ondelete="cascade", index=True)
    sequence = fields.Integer(readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True, ondelete="cascade")
    checkpoint_id = fields.Many2one("sop.checkpoint", readonly=True, ondelete="cascade")
    department_id = fields.Many2one("sop.department", readonly=True, ondelete="cascade")
    kind = fields.Selection(related="checkpoint_id.kind")
    blocking = fields.Boolean(related="checkpoint_id.blocking")
    order_count = fields.Integer("Orders", readonly=True, help="Of how many orders it is asked.")
    fail_count = fields.Integer(
        "Fails", readonly=True, help="Checks that do not hold; it stops orders where it blocks."
    )
    unknown_count = fields.Integer(
        "Cannot Tell", readonly=True, help="Checks of what has not happened yet: a delivery that is still to come, say."
    )
    approval_count = fields.Integer("Approvals", readonly=True)
    detail = fields.Text("Reasons, or Who Approves", readonly=True)
