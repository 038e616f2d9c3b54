"""What of an order is delivered, still to be delivered and returned; shared by the rules.

Lines come as lists, not as filtered recordsets: a record taken from a list still knows the whole batch, and what it
fetches it fetches for all orders of the batch at once.
"""

from collections import defaultdict

from odoo.tools import SQL

from .helpers import outside, select
from .kits import get_parts, get_whole

TRANSFER_COLUMNS = {
    "sale.order.line": ["order_id"],
    "stock.location": ["company_id", "usage"],
    "stock.move": ["location_id", "picking_id", "sale_line_id", "state", "to_refund"],
    "stock.picking": ["date_done", "location_dest_id", "location_id", "sale_id", "state"],
}
"""What the queries on :func:`transfers_of` read past the ORM."""


def transfers_of(orders):
    """Return the query (SQL) of the transfers of ``orders``, as ``order_id, id``; see :func:`get_transfers`."""
    return SQL(
        """
        SELECT sale_id AS order_id, id FROM stock_picking WHERE sale_id = ANY(%(ids)s)
         UNION
        SELECT l.order_id, m.picking_id FROM sale_order_line l JOIN stock_move m ON m.sale_line_id = l.id
         WHERE l.order_id = ANY(%(ids)s)
        """,
        ids=list(orders._ids),
    )


def get_goods_lines(order):
    """Return the lines of the one ``order`` that ask for goods: no services, expenses, sections or down payments."""
    return [
        line
        for line in order.order_line
        if line.product_id.type == "consu"
        and not (line.display_type or line._sop_is_aside())
        and line.product_uom_id.compare(line.product_uom_qty, 0) > 0
    ]


def is_outbound(move):
    """Tell whether the one ``move`` brings goods on their way to the customer: also the steps before, no return."""
    final = move.location_final_id or move.location_dest_id
    return (
        not move.location_id._sop_is_outside()
        and move.location_dest_usage != "inventory"
        and not move.origin_returned_move_id
        and final._is_outgoing()
    )


def get_transfers(order):
    """Return the transfers of the one ``order``, those included that Odoo links to another order that they serve."""
    moved = [move.picking_id for line in order.order_line for move in line.move_ids if move.picking_id]
    return list(dict.fromkeys([*order.picking_ids, *moved]))


def get_last_deliveries(orders):
    """Return ``{order: when the last of its deliveries was done}`` of those of ``orders`` that have one, by a query:
    done transfers whose goods have reached the customer."""
    rows = select(
        orders.env,
        TRANSFER_COLUMNS,
        SQL(
            """
            SELECT transfer.order_id, MAX(p.date_done)
              FROM (%s) transfer
              JOIN stock_picking p ON p.id = transfer.id AND p.state = 'done'
              JOIN stock_location start ON start.id = p.location_id
              JOIN stock_location place ON place.id = p.location_dest_id
             WHERE %s AND NOT %s
             GROUP BY transfer.order_id
            """,
            transfers_of(orders),
            outside("place"),
            outside("start"),
        ),
    )
    return {orders.browse(order_id): done_at for order_id, done_at in rows}


def get_undelivered(order):
    """Return what the one ``order`` still has to get: ``{line: open stock.move}``.

    A line is left out when it is delivered in full, and also when less was delivered and the rest was given up (no
    backorder, or cancelled while the order was delivered otherwise): Odoo plans nothing more for it. What comes back
    later does not put it on the list again. A line without open moves is on it when nothing is planned at all.
    """
    undelivered = {}
    for line in get_goods_lines(order):
        if line.product_uom_id.compare(line.qty_delivered, line.product_uom_qty) >= 0:
            continue
        moves = [move for move in line.move_ids if is_outbound(move)]
        to_do = line.move_ids.browse(move.id for move in moves if move.state not in ("done", "cancel"))
        given_up = any(move.state == "done" and move.location_dest_id._is_outgoing() for move in moves) or (
            moves and any(picking.state == "done" and picking._sop_is_leaving() for picking in get_transfers(order))
        )
        if to_do or not given_up:
            undelivered[line] = to_do
    return undelivered


def get_returned(line):
    """Return how much of the one ``line`` came back to be credited, in the line's unit of measure; of a kit how many
    whole ones."""
    moved = [move for move in line.move_ids if move.state == "done"]
    if moved and all(move.product_id != line.product_id for move in moved):
        parts, quantities = get_parts(line), defaultdict(float)
        for move in moved:
            if move.to_refund and move.location_id._sop_is_outside() and not move.location_dest_id._sop_is_outside():
                quantities[move.product_id] += move.product_uom._compute_quantity(
                    move.quantity, move.product_id.uom_id, rounding_method="HALF-UP"
                )
        return get_whole(parts, quantities)
    _outgoing, incoming = line._get_outgoing_incoming_moves()
    return sum(
        move.product_uom._compute_quantity(move.quantity, line.product_uom_id, rounding_method="HALF-UP")
        for move in incoming
        if move.state == "done"
    )


def get_exchanges(line):
    """Return the open transfers that bring the customer of the one ``line`` more than he ordered: an exchange."""
    moves = [move for move in line.move_ids if move.product_id == line.product_id and is_outbound(move)]
    to_do = [move for move in moves if move.state not in ("done", "cancel") and not move.move_dest_ids]
    sent = [move for move in moves if move.state == "done" and move.location_dest_id._is_outgoing()]
    if not (to_do and sent):
        return []
    quantity = sum(
        move.product_uom._compute_quantity(
            move.quantity if move in sent else move.product_uom_qty, line.product_uom_id, rounding_method="HALF-UP"
        )
        for move in (*sent, *to_do)
    )
    exchanged = line.product_uom_id.compare(quantity, line.product_uom_qty) > 0
    return [move.picking_id for move in to_do if exchanged]
