"""What was received for orders: online, and on their invoices; nothing counted twice."""

from .helpers import company_day


def get_received(orders):
    """Return ``{order: what the customer has paid for it and not got back, in its currency}``."""
    _read_ahead(orders)
    return {order: get_captured(order) + get_settled(order) for order in orders}


def _read_ahead(orders):
    """Read all that counts at once: what is put together below order by order would be read order by order."""
    transactions = _get_family(orders.transaction_ids)
    transactions.payment_id.move_id.line_ids.mapped("account_type")
    orders.order_line.invoice_lines.move_id.matched_payment_ids.mapped("move_id")


def _get_family(transactions):
    """Return ``transactions`` with their captures and refunds, and the refunds of the captures."""
    transactions |= transactions.child_transaction_ids
    return transactions | transactions.child_transaction_ids


def get_captured(order):
    """Return what was captured online for the one ``order`` and is not yet assigned to an invoice, in its currency."""
    total = 0.0
    for transaction in order.transaction_ids:
        family = _get_family(transaction)
        # of partial captures, the children hold the money and their source only the sum
        captures = family.filtered(lambda child: child.operation == child.source_transaction_id.operation)
        captured = (family - captures.source_transaction_id).filtered(lambda part: part.state == "done")
        amount = sum(map(_get_unassigned, captured))
        orders = transaction.sale_order_ids
        if len(orders) > 1:  # paid together: each has its share
            amount *= order.amount_total / (sum(orders.mapped("amount_total")) or 1)
        total += _to_order_currency(amount, transaction.currency_id, order)
    return total


def get_settled(order):
    """Return what is settled of the posted invoices of the one ``order``, credit notes deducted, in its currency."""
    lines = order.order_line.invoice_lines
    total = 0.0
    for invoice in lines.move_id.filtered(lambda move: move.state == "posted" and move.amount_total):
        billed = sum(line.price_total for line in lines if line.move_id == invoice)
        settled = _get_settled_amount(invoice) * billed / invoice.amount_total  # it may bill other orders too
        total += _to_order_currency(-invoice.direction_sign * settled, invoice.currency_id, order)
    return total


def _get_unassigned(transaction):
    """Return the part of the captured ``transaction`` that no invoice has taken up; negative for a refund."""
    payment = transaction.payment_id
    if not payment:
        return transaction.amount
    if payment.state not in ("in_process", "paid"):
        return 0.0
    if payment.move_id:
        receivable = payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        return -sum(receivable.mapped("amount_residual_currency"))
    return 0.0 if payment.invoice_ids else transaction.amount  # with the invoice it is counted


def _get_settled_amount(invoice):
    """Return what is settled of ``invoice``, with payments that wait for the bank statement, in its currency."""
    residual = invoice.amount_residual
    settled = invoice.amount_total - residual
    # A payment without an outstanding account has no journal entry: the residual learns of it from the statement.
    # One that is “paid” was either found there, and is in the residual, or marked by hand.
    states = ("in_process", "paid") if invoice.currency_id.is_zero(settled) else ("in_process",)
    waiting = invoice.matched_payment_ids.filtered(
        lambda payment: payment.state in states and not payment.move_id and payment.currency_id == invoice.currency_id
    )
    return settled + min(sum(waiting.mapped("amount")), residual)


def _to_order_currency(amount, currency, order):
    return currency._convert(amount, order.currency_id, order.company_id, company_day(order.company_id))
