from odoo import fields, models

from ..engine.books import BOOKS, install_book


class SopSalesTally(models.Model):
    """What was invoiced to customers, less credit notes, taxes included; ``invoiced``: without both. See ``BOOKS``."""

    _name = "sop.sales.tally"
    _description = "SOP sums: invoices"
    _inherit = ["sop.guard.mixin"]
    _log_access = False

    day = fields.Date(readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True)
    invoices = fields.Integer(required=True, readonly=True)
    amount = fields.Float(required=True, readonly=True, digits=0)
    invoiced = fields.Float(required=True, readonly=True, digits=0)

    def init(self):
        install_book(self.env.cr, BOOKS[self._name])
