"""What came after the sale of an order; for the rules."""

from odoo.tools import SQL

from .fulfilment import TRANSFER_COLUMNS, transfers_of
from .helpers import select

CLOSED = ("done", "cancel")


def find_after_sales(orders):
    """Return those of ``orders`` with anything to look at: a transfer that is not done, goods to be credited that did
    not leave from stock, a repair, an open case. Most have none: one query tells."""
    rows = select(
        orders.env,
        TRANSFER_COLUMNS
        | {"repair.order": ["picking_id", "sale_order_id", "state"], "sop.case": ["order_id", "state"]},
        SQL(
            """
            WITH transfer AS (%(transfers)s)
            SELECT l.order_id
              FROM sale_order_line l
              JOIN stock_move m ON m.sale_line_id = l.id
              JOIN stock_location place ON place.id = m.location_id
             WHERE l.order_id = ANY(%(ids)s)
               AND (m.state NOT IN %(closed)s
                    OR (m.to_refund AND (place.usage <> 'internal' OR place.company_id IS NULL)))
             UNION
            SELECT t.order_id FROM transfer t JOIN stock_picking p ON p.id = t.id WHERE p.state NOT IN %(closed)s
             UNION
            SELECT t.order_id FROM transfer t JOIN repair_order r ON r.picking_id = t.id
             WHERE r.state NOT IN %(closed)s
             UNION
            SELECT sale_order_id FROM repair_order WHERE sale_order_id = ANY(%(ids)s) AND state NOT IN %(closed)s
             UNION
            SELECT order_id FROM sop_case WHERE order_id = ANY(%(ids)s) AND state = 'open'
            """,
            transfers=transfers_of(orders),
            ids=list(orders._ids),
            closed=CLOSED,
        ),
    )
    return orders.browse(id_ for [id_] in rows)
