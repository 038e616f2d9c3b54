from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL

from ..models.sop_duty_pair import DUTIES

# The log lines of people's ticks and waivers, as the partial indexes of sop.event name them.
TICKED = SQL("""code = 'checks' AND data->>'by' = 'person' AND data->'changed' @> '[{"state": "passed"}]'""")
WAIVED = SQL("""code = 'checks' AND data->>'by' = 'person' AND data->'changed' @> '[{"state": "waived"}]'""")


def _passed(gate):
    return SQL(
        "SELECT order_id, user_id, date FROM sop_event WHERE code = 'passed_gate' AND data->>'gate' = %s",
        gate,
    )


# Who did it on which order and when, for each duty: as the order, the decisions and the log have it.
FACTS = {
    "made": SQL(
        "SELECT id AS order_id, create_uid AS user_id, create_date AS date FROM sale_order"
        " WHERE sop_process_id IS NOT NULL"
    ),
    "sold": SQL("SELECT id AS order_id, user_id, date_order AS date FROM sale_order WHERE sop_process_id IS NOT NULL"),
    "checked": SQL("SELECT order_id, user_id, date FROM sop_event WHERE %s", TICKED),
    "approved": SQL("SELECT order_id, user_id, date FROM sop_decision WHERE decision = 'approve'"),
    "waived": SQL("SELECT order_id, user_id, date FROM sop_event WHERE %s", WAIVED),
    "confirmed": _passed("confirm"),
    "shipped": _passed("ship"),
    "invoiced": _passed("invoice"),
    "closed": _passed("close"),
    # a difference of it is explained, or it is in what is signed
    "settled": SQL(
        "SELECT d.order_id, e.user_id, e.date"
        " FROM sop_settlement_event e JOIN sop_difference d ON d.id = e.difference_id"
        " WHERE e.code = 'explained' AND d.order_id IS NOT NULL"
        " UNION ALL SELECT l.order_id, e.user_id, e.date"
        " FROM sop_settlement_event e JOIN sop_closing_line l ON l.closing_id = e.closing_id"
        " WHERE e.code IN ('signed', 'countersigned')"
    ),
}
# An id of its own for each line, below 2^53: 64 pairs, a million users, 134 million orders.
LINE_ID = SQL("d.order_id * 67108864::bigint + d.user_id * 64 + d.position")


class SopDutyConflict(models.Model):
    """One line for each order on which one person did both duties of a pair; what happened, whatever is forbidden.

    The dates are the first time that he did each. What the system did by itself, and customers, are left out.
    """

    _name = "sop.duty.conflict"
    _description = "SOP Duty Conflict"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "order_id"
    _depends = {
        "sale.order": ["create_uid", "create_date", "user_id", "date_order", "company_id", "sop_process_id"],
        "sop.decision": ["order_id", "user_id", "date", "decision"],
        "sop.duty.pair": ["first_duty", "second_duty", "active"],
        "sop.event": ["order_id", "user_id", "date", "code", "data"],
        "sop.settlement.event": ["code", "user_id", "date", "difference_id", "closing_id"],
        "res.users": ["share"],
    }

    pair_id = fields.Many2one("sop.duty.pair", "Duties", readonly=True)
    first_duty = fields.Selection(DUTIES, readonly=True)
    second_duty = fields.Selection(DUTIES, readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    first_date = fields.Datetime(readonly=True)
    second_date = fields.Datetime(readonly=True)
    date = fields.Datetime("Both Done", readonly=True)

    @property
    def _table_query(self):
        # which pairs there are is no secret of whoever reads the report
        pairs = self.env["sop.duty.pair"].sudo().search([("active", "=", True)])
        lines = [self._pair_query(pair, position) for position, pair in enumerate(pairs or [pairs.new({})])]
        return SQL(
            "SELECT %(id)s AS id, d.pair_id, d.first_duty, d.second_duty, d.user_id, d.order_id, d.first_date,"
            " d.second_date, GREATEST(d.first_date, d.second_date) AS date, o.company_id"
            " FROM (%(lines)s) d"
            " JOIN sale_order o ON o.id = d.order_id"
            " JOIN res_users u ON u.id = d.user_id AND NOT u.share AND u.id <> %(system)s",
            id=LINE_ID,
            lines=SQL(" UNION ALL ").join(lines),
            system=SUPERUSER_ID,
        )

    def _pair_query(self, pair, position):
        """Return who did both duties of ``pair``, the one at ``position``, on which order; nobody for a new record."""
        return SQL(
            "SELECT %(position)s::int AS position, %(pair)s::int AS pair_id,"
            " %(first)s::varchar AS first_duty, %(second)s::varchar AS second_duty,"
            " a.user_id, a.order_id, MIN(a.date) AS first_date, MIN(b.date) AS second_date"
            " FROM (%(first_facts)s) a JOIN (%(second_facts)s) b USING (order_id, user_id)"
            " WHERE %(pair)s::int <> 0 GROUP BY a.order_id, a.user_id",
            position=position,
            pair=pair.id or 0,
            first=pair.first_duty or "",
            second=pair.second_duty or "",
            first_facts=FACTS[pair.first_duty or "made"],
            second_facts=FACTS[pair.second_duty or "sold"],
        )
