from odoo import fields, models

from .sop_flow_mixin import STATUSES


class SopOrderTally(models.Model):
    """Sums of the facts of orders by the days on which they were begun and ended; kept by ``sop.engine.tally``."""

    _name = "sop.order.tally"
    _description = "SOP sums: orders"
    _inherit = ["sop.guard.mixin"]
    _log_access = False

    company_id = fields.Many2one("res.company", readonly=True)
    process_id = fields.Many2one("sop.process", readonly=True)
    begun_on = fields.Date(readonly=True)
    ended_on = fields.Date(readonly=True, index=True)
    status = fields.Selection(STATUSES, readonly=True)
    orders = fields.Integer(required=True, readonly=True)
    promised = fields.Integer(required=True, readonly=True)
    on_time = fields.Integer(required=True, readonly=True)
    promised_lines = fields.Integer(required=True, readonly=True)
    lines_on_time = fields.Integer(required=True, readonly=True)
    with_goods = fields.Integer(required=True, readonly=True)
    in_full = fields.Integer(required=True, readonly=True)
    goods_lines = fields.Integer(required=True, readonly=True)
    perfect = fields.Integer(required=True, readonly=True)
    first_pass = fields.Integer(required=True, readonly=True)
    deviating = fields.Integer(required=True, readonly=True)
    returned = fields.Integer(required=True, readonly=True)
    returned_lines = fields.Integer(required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    returned_amount = fields.Monetary(required=True, readonly=True)
    goods_amount = fields.Monetary(required=True, readonly=True)
