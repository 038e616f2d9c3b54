from odoo import fields, models

from ..engine.ledger import AMOUNTS, COMPANY_AMOUNTS, QUANTITIES
from ..reports.settlement_labels import LABELS


class SopClosingLine(models.Model):
    """What one order had come to as a closing was signed: the sums of its lines in all columns of the ledger.

    Written once, past the ORM, by ``sop.engine.closing``; quantities are sums of lines, each in its own unit.
    """

    _name = "sop.closing.line"
    _description = "SOP Closing Line"
    _inherit = ["sop.guard.mixin"]
    _order = "closing_id desc, order_id desc"
    _rec_name = "order_id"
    _log_access = False

    closing_id = fields.Many2one("sop.closing", required=True, readonly=True, ondelete="restrict", index=True)
    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="restrict", index=True)
    order_name = fields.Char("Order Number", readonly=True, help="As it was signed.")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, ondelete="set null", index=True)
    partner_name = fields.Char("Customer's Name", readonly=True, help="As it was signed.")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one("res.currency", required=True, readonly=True)

    # the ledger's columns, under its own names: a class body is a dict
    for _name_ in QUANTITIES:
        vars()[_name_] = fields.Float(LABELS[_name_], readonly=True, digits="Product Unit", aggregator=None)
    for _name_ in AMOUNTS:
        vars()[_name_] = fields.Monetary(LABELS[_name_], readonly=True)
    for _name_ in COMPANY_AMOUNTS:
        vars()[_name_] = fields.Monetary(LABELS[_name_], readonly=True, currency_field="company_currency_id")
    del _name_

    _closing_unique = models.UniqueIndex("(closing_id, order_id)", "An order is signed once in a closing.")
