from datetime import datetime, timedelta

from odoo import models

LONGEST_LEAD = 36_500
"""Days: a longer lead time, which nobody means, counts as this one."""


class SaleOrderTime(models.Model):
    """What an order promises its customer."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    _sop_risk_idx = models.Index(
        "(sop_risk_at) WHERE sop_risk_at IS NOT NULL AND sop_status IN ('running', 'waiting', 'on_hold')"
    )

    def _sop_promised(self):
        # The delivery date, else what the lead times of the goods say, as in ``expected_date``, but counted from the
        # order's own date: a draft's would move with each day. A lead time of 0 promises nothing.
        promises = {}
        for order in self:
            dates = [order.commitment_date] if order.commitment_date else order._sop_lead_dates()
            promises[order] = order._select_expected_date(dates) if dates else False
        return promises

    def _sop_lead_dates(self):
        """Return when the goods of the one order in ``self`` can be delivered, by the lead times of its lines."""
        longest = timedelta(days=LONGEST_LEAD)
        ordered = self.date_order and min(self.date_order, datetime.max - longest)
        return [
            ordered + timedelta(days=min(line.customer_lead, LONGEST_LEAD))
            for line in self.order_line
            if ordered and line.customer_lead > 0 and line.product_id.type == "consu" and not line._is_delivery()
        ]
