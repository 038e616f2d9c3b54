from odoo import fields, models


class SaleOrderStock(models.Model):
    """What stock says of an order, what was decided about its short lines, and what became of its promised date."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    sop_stock_line_ids = fields.One2many(
        "sop.stock.line", "order_id", "Stock", copy=False, readonly=True, groups="order_sop.group_user"
    )
    sop_remedy_ids = fields.One2many(
        "sop.remedy", "order_id", "Decisions on Short Lines", copy=False, readonly=True, groups="order_sop.group_user"
    )
    sop_promise_ids = fields.One2many(
        "sop.promise", "order_id", "Promised Dates", copy=False, readonly=True, groups="order_sop.group_user"
    )

    def _sop_get_promises(self, vals):
        """Return ``{order: delivery date}`` of the orders in ``self`` under a process, where ``vals`` set another."""
        if "commitment_date" not in vals:
            return {}
        return {order: order.commitment_date for order in self if order.sudo().sop_process_id}  # whether there is one
