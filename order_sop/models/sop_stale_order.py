from odoo import fields, models


class SopStaleOrder(models.Model):
    """An order that has changed since its facts were kept. Written by ``sop.engine.fact`` alone, only ever added to."""

    _name = "sop.stale.order"
    _description = "SOP order whose facts are out of date"
    _inherit = ["sop.guard.mixin"]
    _log_access = False

    # no foreign key: noting a change must wait for nobody
    stale_order_id = fields.Integer(required=True, readonly=True, index=True)
