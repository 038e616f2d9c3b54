from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED
from .told import get_told

_lt = LazyTranslate(__name__)


class SopRuleCustomerInformed(models.AbstractModel):
    """The delivery has left and the customer was told: a message went to him, or to somebody of his company.

    It counts from the moment when the delivery was done if it is on the delivery; from when the order entered the
    check's stage if it is on the order, except for a backorder, which wants its own. Internal notes, messages that
    could not be sent and those that he wrote himself do not count.
    """

    _name = "sop.rule.customer_informed"
    _inherit = "sop.rule"
    _description = "Customer informed of the shipment"

    _scopes = ("delivery",)
    _reasons = {
        "not_shipped": (AWAITED, _lt("Delivery %(delivery)s is not shipped yet: Logistics ships it.")),
        "not_informed": (
            AWAITED,
            _lt(
                "%(customer)s has not been told that delivery %(delivery)s is under way: Customer Service sends a "
                "message from the delivery or the order."
            ),
        ),
    }
    _needs_gate = "ship"

    def _evaluate(self, checks):
        told = get_told(checks.filtered(lambda check: check.picking_id.state == "done"))
        return {check: self._judge(check, told) for check in checks}

    def _judge(self, check, told):
        delivery, order = check.picking_id, check.order_id
        if not delivery or delivery.state == "cancel":
            return None
        if delivery.state != "done":
            return self._reason("not_shipped", delivery=delivery.name)
        customer = order.partner_id.commercial_partner_id
        if any(date >= delivery.date_done for date in told[delivery._name, delivery.id, customer.id]):
            return None
        if on_order := told[order._name, order.id, customer.id]:
            entered = check.visit_id.entered_at
            since = delivery.date_done if delivery.backorder_id or not entered else min(entered, delivery.date_done)
            if max(on_order) >= since:
                return None
        return self._reason("not_informed", delivery=delivery.name, customer=customer.name)
