from odoo import fields, models


class SopTrialDepartment(models.TransientModel):
    """What a tried draft asks of one department, beside what the versions that the orders ran by ask of it."""

    _name = "sop.trial.department"
    _inherit = "sop.rows.mixin"
    _description = "Trial of a Draft: Department"
    _rec_name = "department_id"
    _order = "id"

    trial_id = fields.Many2one("sop.trial", required=True, readonly=True, ondelete="cascade", index=True)
    department_id = fields.Many2one("sop.department", readonly=True, ondelete="cascade")
    checks_count = fields.Integer("Checks", readonly=True)
    auto_count = fields.Integer("Automatic", readonly=True)
    manual_count = fields.Integer("Manual", readonly=True)
    approval_count = fields.Integer("Approvals", readonly=True)
    stops_count = fields.Integer("Stops", readonly=True)
    checks_before = fields.Integer(readonly=True)
    auto_before = fields.Integer("Automatic Before", readonly=True)
    manual_before = fields.Integer(readonly=True)
    approval_before = fields.Integer("Approvals Before", readonly=True)
    stops_before = fields.Integer(readonly=True)
    more = fields.Integer(
        "More Than Before", readonly=True, help="How many checks more than before, of the orders that have a process."
    )
