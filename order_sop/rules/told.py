"""Who was told something about a delivery or its order; for the rules."""

from collections import defaultdict

from odoo.tools import SQL

from .helpers import select

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


def get_told(checks):
    """Return ``{(model, id, customer id): [dates]}`` of the messages that reached customers about ``checks``."""
    told = defaultdict(list)
    if not checks:
        return told
    rows = select(
        checks.env,
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
