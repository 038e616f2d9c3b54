from odoo import fields, models


class SopPathTally(models.Model):
    """How many orders went through the same stages in about the same time, by the month in which they were begun."""

    _name = "sop.path.tally"
    _description = "SOP sums: ways of orders"
    _inherit = ["sop.guard.mixin"]
    _log_access = False

    month = fields.Date(readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True)
    process_id = fields.Many2one("sop.process", readonly=True)
    path = fields.Char(readonly=True)
    is_open = fields.Boolean(readonly=True)
    minutes = fields.Integer(readonly=True, help="The least of about as many: see STEPS in tally_sources.")
    orders = fields.Integer(required=True, readonly=True)
