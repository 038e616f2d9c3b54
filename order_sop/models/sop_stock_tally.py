from odoo import fields, models

from ..engine.books import BOOKS, install_book


class SopStockTally(models.Model):
    """What went into stock less what left it, by the values of moves, and what of it was sold: see ``BOOKS``."""

    _name = "sop.stock.tally"
    _description = "SOP sums: value of stock"
    _inherit = ["sop.guard.mixin"]
    _log_access = False

    day = fields.Date("Day (UTC)", readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True)
    moves = fields.Integer(required=True, readonly=True)
    value = fields.Float(required=True, readonly=True, digits=0)
    cost = fields.Float(required=True, readonly=True, digits=0)

    def init(self):
        install_book(self.env.cr, BOOKS[self._name])
