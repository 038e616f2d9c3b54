from odoo import models
from odoo.tools import LazyTranslate

from .fulfilment import get_undelivered
from .sop_rule import AWAITED, WRONG
from .texts import quantity_text

_lt = LazyTranslate(__name__)


class SopRuleDelivered(models.AbstractModel):
    """All goods of the order are delivered, or the rest was given up; see ``get_undelivered``. Returns do not count."""

    _name = "sop.rule.delivered"
    _inherit = "sop.rule"
    _description = "Everything delivered"

    _parameters = {"rule_flag": _lt("services invoiced on delivered quantities have to be delivered too")}
    _reasons = {
        "not_confirmed": (AWAITED, _lt("%(order)s is not confirmed yet: Sales confirms it.")),
        "open": (AWAITED, _lt("%(order)s: still to be delivered: %(products)s. Logistics ships it.")),
        "services": (
            AWAITED,
            _lt("%(order)s: still to be done: %(products)s. Whoever does the service enters the delivered quantity."),
        ),
        "nothing_planned": (
            WRONG,
            _lt(
                "%(order)s: the delivery of %(products)s was cancelled. Sales cancels the order, or enters the "
                "quantity anew so that it is delivered."
            ),
        ),
    }
    _needs_gate = "ship"

    def _evaluate(self, checks):
        return {check: self._judge(check.order_id, check.checkpoint_id.rule_flag) for check in checks}

    def _judge(self, order, with_services):
        if order.state != "sale":
            return self._reason("not_confirmed", order=order.name)
        undelivered = get_undelivered(order)
        cancelled = [line for line, moves in undelivered.items() if not moves and line.move_ids]
        if cancelled:
            return self._reason("nothing_planned", order=order.name, products=self._name_rest(cancelled))
        if undelivered:
            return self._reason("open", order=order.name, products=self._name_rest(undelivered))
        services = with_services and order.order_line.filtered(self._is_open_service)
        if services:
            return self._reason("services", order=order.name, products=self._name_rest(services))
        return None

    def _is_open_service(self, line):
        return (
            line.product_id.type == "service"
            and line.product_id.invoice_policy == "delivery"
            and not (line.display_type or line._sop_is_aside())
            and line.product_uom_id.compare(line.qty_delivered, line.product_uom_qty) < 0
        )

    def _name_rest(self, lines):
        return [
            quantity_text(line.product_id, line.product_uom_qty - line.qty_delivered, line.product_uom_id)
            for line in lines
        ]
