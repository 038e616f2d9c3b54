"""Kits: sold as one, delivered and returned in their parts."""

from collections import defaultdict


def get_parts(order_line):
    """Return ``{part: how many of it make one}`` of the kit that ``order_line`` sells, in the part's own unit per unit
    of the line; nothing for what is delivered as it is sold.

    By what was delivered on the order, not by what the bill of materials says today. What cases sent anew is no part.
    """
    parts = defaultdict(float)
    moves = order_line.move_ids.filtered(
        lambda move: move.state != "cancel" and move._sop_is_leaving() and not move.origin_returned_move_id
    )
    if not moves or order_line.product_id in moves.product_id:
        return {}
    links = order_line.env["sop.case.document"].sudo()  # which moves cases have made
    moves -= links.search([("stock_move_id", "in", moves.ids)]).stock_move_id if links._are_there() else moves.browse()
    for move in moves:
        parts[move.product_id] += move.product_uom._compute_quantity(
            move.quantity if move.state == "done" else move.product_uom_qty,
            move.product_id.uom_id,
            rounding_method="HALF-UP",
        )
    ordered = order_line.product_uom_qty
    return {part: quantity / ordered for part, quantity in parts.items()} if ordered else {}


def get_whole(parts, quantities):
    """Return how many whole ones ``quantities`` (``{part: quantity}``) make, with ``parts`` as of :func:`get_parts`."""
    whole = min((quantities.get(part, 0.0) / ratio for part, ratio in parts.items() if ratio), default=0.0)
    return round(whole, 6)
