from odoo import fields, models
from odoo.tools import LazyTranslate

from .fulfilment import get_undelivered
from .helpers import company_day
from .sop_rule import AWAITED, WRONG
from .texts import quantity_text

_lt = LazyTranslate(__name__)


class SopRuleStock(models.AbstractModel):
    """Every storable product of the order is delivered, reserved, or expected before the promised day.

    The promised day is the delivery date on the order, else the date that Odoo expects. What is expected comes from
    Odoo's own forecast, for all moves of the batch at once; a receipt that is overdue is expected today at best. What
    is to follow later, as was decided when the order was parted, does not count.
    """

    _name = "sop.rule.stock"
    _inherit = "sop.rule"
    _description = "Stock covers the order in time"

    _reasons = {
        "not_confirmed": (AWAITED, _lt("%(order)s: stock is matched once Sales has confirmed the order.")),
        "short": (
            WRONG,
            _lt(
                "%(order)s: stock does not cover %(products)s. Purchasing replenishes, or Sales agrees with the "
                "customer on another quantity."
            ),
        ),
        "late": (
            WRONG,
            _lt(
                "%(order)s is promised for %(promised)s, but %(products)s is expected only on %(expected)s. Purchasing "
                "speeds it up, or Sales agrees with the customer on another delivery date."
            ),
        ),
    }
    _time_dependent = True
    _needs_gate = "confirm"

    def _evaluate(self, checks):
        undelivered = {order: get_undelivered(order) for order in checks.order_id if order.state == "sale"}
        moves = self.env["stock.move"].union(*(m for lines in undelivered.values() for m in lines.values()))
        waiting = moves.filtered(lambda move: move.product_id.is_storable and move.state != "assigned")
        # The forecast depends on the stock of all orders, so a value in the cache may be stale.
        waiting._fields["forecast_availability"].compute_value(waiting)
        later = self._get_later(waiting)
        return {check: self._judge(check.order_id, undelivered.get(check.order_id), waiting, later) for check in checks}

    def _get_later(self, moves):
        """Return ``{id of an order line: how much of it is to follow}`` of lines shipped in parts."""
        if not moves:
            return {}
        parted = [("line_id", "in", moves.sale_line_id.ids), ("kind", "=", "parts"), ("state", "=", "done")]
        remedies = self.env["sop.remedy"].search_fetch(parted, ["line_id", "rest_qty"], order="id")
        return {remedy.line_id.id: remedy.rest_qty for remedy in remedies}

    def _judge(self, order, undelivered, waiting, later):
        if order.state != "sale":
            return self._reason("not_confirmed", order=order.name)
        short, late = [], []
        promise = order.commitment_date or order.expected_date
        promised = promise and company_day(order.company_id, promise)
        latest = None
        for line, moves in undelivered.items():
            if not moves and line.product_id.is_storable:
                missing = line.product_uom_qty - line.qty_delivered
                short.append(quantity_text(line.product_id, missing, line.product_uom_id))
            for move in moves & waiting:
                if line.product_id.uom_id.compare(later.get(line.id, 0), move.product_qty) >= 0:
                    continue
                product, available = move.product_id, move.forecast_availability
                if product.uom_id.compare(available, move.product_qty) < 0:
                    # Odoo's forecast tells what is lacking as a negative quantity
                    missing = -available if available < 0 else move.product_qty - available
                    short.append(quantity_text(product, missing, product.uom_id))
                elif promised and move.forecast_expected_date:
                    expected = max(move.forecast_expected_date, fields.Datetime.now())
                    expected = company_day(order.company_id, expected)
                    if expected > promised:
                        late.append(quantity_text(product, move.product_qty, product.uom_id))
                        latest = max(latest or expected, expected)
        if short:
            return self._reason("short", order=order.name, products=short)
        if late:
            return self._reason(
                "late", order=order.name, products=late, expected=latest.isoformat(), promised=promised.isoformat()
            )
        return None
