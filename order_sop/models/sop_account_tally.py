from odoo import fields, models

from ..engine.books import BOOKS, install_book


class SopAccountTally(models.Model):
    """What was booked on each account: see ``BOOKS``."""

    _name = "sop.account.tally"
    _description = "SOP sums: posted entries"
    _inherit = ["sop.guard.mixin"]
    _log_access = False

    day = fields.Date(readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    entries = fields.Integer(required=True, readonly=True)
    balance = fields.Float(required=True, readonly=True, digits=0)

    def init(self):
        install_book(self.env.cr, BOOKS[self._name])
