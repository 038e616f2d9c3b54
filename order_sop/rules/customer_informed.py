from collections import defaultdict

from odoo import models
from odoo.tools import SQL, LazyTranslate

from .helpers import select
from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)

MESSAGE_TYPES = ("email", "email_outgoing", "comment", "notification", "auto_comment")
FAILED = ("bounce", "exception", "canceled")
READ = {
    "mail.message": [
        *("author_id", "date", "is_internal", "message_type"),
        *("model", "partner_ids", "res_id", "subtype_id"),
    ],
    "mail.notification": ["mail_message_id", "notification_status", "res_partner_id"],
    "mail.message.subtype": ["internal"],
    "res.partner": ["commercial_partner_id"],
}
"""What of messages is read past the ORM."""


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
        if any(date >= delivery.date_done for date in told[delivery._name, delivery.id, customer.id]):
            return None
        if on_order := told[order._name, order.id, customer.id]:
            entered = check.visit_id.entered_at
            since = delivery.date_done if delivery.backorder_id or not entered else min(entered, delivery.date_done)
            if max(on_order) >= since:
                return None
        return self._reason("not_informed", delivery=delivery.name, customer=customer.name)

    def _get_told(self, checks):
        """Return ``{(model, id, customer id): [dates]}`` of the messages that reached customers about ``checks``."""
        told = defaultdict(list)
        if not checks:
            return told
        rows = select(
            self.env,
            READ,
            SQL(
                """
                SELECT m.model, m.res_id, reached.commercial_partner_id, m.date
                  FROM mail_message m
                  LEFT JOIN mail_message_subtype subtype ON subtype.id = m.subtype_id
                  LEFT JOIN res_partner author ON author.id = m.author_id
                  JOIN LATERAL (
                      SELECT res_partner_id AS id FROM mail_message_res_partner_rel WHERE mail_message_id = m.id
                       UNION
                      SELECT res_partner_id FROM mail_notification WHERE mail_message_id = m.id
                      EXCEPT
                      SELECT res_partner_id FROM mail_notification
                       WHERE mail_message_id = m.id AND notification_status IN %(failed)s
                  ) recipient ON TRUE
                  JOIN res_partner reached ON reached.id = recipient.id
                 WHERE (m.model, m.res_id) IN %(documents)s
                   AND m.message_type IN %(types)s
                   AND m.is_internal IS NOT TRUE
                   AND subtype.internal IS NOT TRUE
                   AND reached.commercial_partner_id IS DISTINCT FROM author.commercial_partner_id
                """,
                failed=FAILED,
                documents=tuple((part._name, part.id) for part in (*checks.picking_id, *checks.order_id)),
                types=MESSAGE_TYPES,
            ),
        )
        for model, res_id, customer_id, date in rows:
            told[model, res_id, customer_id].append(date)
        return told
