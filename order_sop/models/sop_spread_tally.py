from odoo import fields, models


class SopSpreadTally(models.Model):
    """How many visits of a stage took so many minutes of working time, by month: what medians are found from."""

    _name = "sop.spread.tally"
    _description = "SOP sums: how often a stage took so many minutes"
    _inherit = ["sop.guard.mixin"]
    _log_access = False

    basis = fields.Char(
        required=True, readonly=True, help="Month in which it was left, or in which the order was begun."
    )
    month = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    minutes = fields.Integer(readonly=True)
    visits = fields.Integer(required=True, readonly=True)

    _basis_idx = models.Index("(basis, month)")
