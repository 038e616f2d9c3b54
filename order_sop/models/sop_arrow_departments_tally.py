from odoo import fields, models


class SopArrowDepartmentsTally(models.Model):
    """Sums of completed visits of ended orders by the stage before, the time taken, and all departments that the order
    was with; kept by ``sop.engine.tally``."""

    _name = "sop.arrow.departments.tally"
    _description = "SOP sums: ways between stages by the departments of orders"
    _inherit = ["sop.guard.mixin"]
    _log_access = False

    month = fields.Date(readonly=True, index=True, help="In which the order was put under the SOP.")
    company_id = fields.Many2one("res.company", readonly=True)
    previous_stage_id = fields.Many2one("sop.stage", readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    minutes = fields.Integer(readonly=True, help="Of working time that one visit took: see TENTHS in tally_sources.")
    departments = fields.Char(readonly=True)
    visits = fields.Integer(required=True, readonly=True)
    limited = fields.Integer(required=True, readonly=True)
    late = fields.Integer(required=True, readonly=True)
    elapsed = fields.Float(required=True, readonly=True)
