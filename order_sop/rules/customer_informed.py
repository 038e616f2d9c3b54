from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)

MESSAGE_TYPES = ("email", "email_outgoing", "comment", "notification", "auto_comment")
FAILED = ("bounce", "exception", "canceled")


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
        told = self._get_told(checks.filtered(lambda check: check.picking_id.state == "done"))
        return {check: self._judge(check, told) for check in checks}

    def _judge(self, check, told):
        delivery, order = check.picking_id, check.order_id
        if not delivery or delivery.state == "cancel":
            return None
        if delivery.state != "done":
            return self._reason("not_shipped", delivery=delivery.name)
        customer = order.partner_id.commercial_partner_id
        entered = check.visit_id.entered_at
        since = delivery.date_done if delivery.backorder_id or not entered else min(entered, delivery.date_done)
        if any(date >= delivery.date_done for date in told[delivery._name, delivery.id, customer]) or any(
            date >= since for date in told[order._name, order.id, customer]
        ):
            return None
        return self._reason("not_informed", delivery=delivery.name, customer=customer.name)

    def _get_told(self, checks):
        """Return ``{(model, id, customer): [dates]}`` of the messages that reached customers about ``checks``."""
        told = defaultdict(list)
        if not checks:
            return told
        documents = Domain.OR(
            Domain("model", "=", records._name) & Domain("res_id", "in", records.ids)
            for records in (checks.picking_id, checks.order_id)
        )
        outward = Domain("message_type", "in", MESSAGE_TYPES) & Domain("is_internal", "=", False)
        outward &= Domain("subtype_id", "=", False) | Domain("subtype_id.internal", "=", False)
        for message in self.env["mail.message"].search(documents & outward):
            unreached = message.notification_ids.filtered(lambda n: n.notification_status in FAILED).res_partner_id
            reached = (message.partner_ids | message.notification_ids.res_partner_id) - unreached
            for customer in reached.commercial_partner_id - message.author_id.commercial_partner_id:
                told[message.model, message.res_id, customer].append(message.date)
        return told
