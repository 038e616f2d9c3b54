from odoo import fields, models

from ..engine.arguments import plain

READERS = "order_sop.group_finance,order_sop.group_auditor"


class SaleOrder(models.Model):
    """What of an order's money is not as it should be, for Finance and auditors."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    sop_difference_count = fields.Integer("Differences", compute="_compute_sop_difference_count", groups=READERS)

    def _compute_sop_difference_count(self):
        groups = self.env["sop.difference"]._read_group(
            [("order_id", "in", self.ids), ("state", "=", "open")], ["order_id"], ["__count"]
        )
        counts = {order.id: count for order, count in groups}
        for order in self:
            order.sop_difference_count = counts.get(order.id, 0)

    def action_view_sop_differences(self):
        """Open the differences of the orders in ``self``; who reads them is the differences' to say."""
        orders = plain(self)
        return self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_difference_action") | {
            "domain": [("order_id", "in", orders.ids)],
            "context": {},
            "path": False,
        }
