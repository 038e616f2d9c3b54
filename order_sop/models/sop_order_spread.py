from odoo import fields, models


class SopOrderSpread(models.Model):
    """How many finished orders took so long, went so many rounds, were rated so: what medians and averages are of."""

    _name = "sop.order.spread"
    _description = "SOP sums: how often orders took so long"
    _inherit = ["sop.guard.mixin"]
    _log_access = False

    basis = fields.Char(required=True, readonly=True, help="What is counted.")
    month = fields.Date(readonly=True, help="First day of the month in which they were finished.")
    company_id = fields.Many2one("res.company", readonly=True)
    process_id = fields.Many2one("sop.process", readonly=True)
    value = fields.Integer(readonly=True)
    orders = fields.Integer(required=True, readonly=True)

    _basis_idx = models.Index("(basis, month)")
