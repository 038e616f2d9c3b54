"""What of an order is to be invoiced, and its invoices; shared by the rules."""

from .fulfilment import get_returned


def get_due(line):
    """Return how much of the one ``line`` the customer owes by its invoicing policy, in the line's unit of measure.

    As Odoo's ``qty_to_invoice``, but with one difference: goods invoiced on ordered quantities that came back to be
    credited are not owed any more, unless they were delivered anew.
    """
    if line.product_id.invoice_policy == "delivery":
        return line.qty_delivered
    delivered = line.qty_delivered
    if line.qty_delivered_method != "stock_move":
        return line.product_uom_qty
    sent = min(delivered + get_returned(line), line.product_uom_qty)
    return line.product_uom_qty - max(sent - delivered, 0)


def get_invoiceable_lines(order):
    """Return the lines of the one ``order`` that ask for money: no sections, no down payments, nothing for free."""
    return [
        line
        for line in order.order_line
        if not (line.display_type or line._sop_is_deposit())
        and line.product_id.type != "combo"  # its price is on the lines of what was chosen
        and line.price_unit
        and line.discount < 100
    ]


def get_due_amount(line):
    """Return what the customer owes for the one ``line``, without taxes, in the order's currency; see :func:`get_due`.

    Before rounding: each invoice line rounds its own part of it.
    """
    if line.product_uom_qty:
        return get_due(line) * line.price_subtotal / line.product_uom_qty
    return get_due(line) * line.price_unit * (1 - line.discount / 100)


def get_order_invoices(order):
    """Return the posted customer invoices of the one ``order``, down payments included, credit notes not."""
    return order.order_line.invoice_lines.move_id.filtered(
        lambda move: move.state == "posted" and move.move_type in ("out_invoice", "out_receipt")
    )
