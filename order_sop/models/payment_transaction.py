from odoo import models


class PaymentTransaction(models.Model):
    """Captured money is never lost: an order whose gate is closed is held and explained, nothing raises."""

    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        gate = self.env["sop.engine.gate"]
        closed = self.env["sale.order"]
        for transaction in self:
            orders = transaction.sale_order_ids.filtered(lambda order: order.state in ("draft", "sent"))
            if len(transaction.sale_order_ids) == 1 and orders and orders._is_confirmation_amount_reached():
                closed |= gate._hold_closed(orders, "confirm", "payment")
        return super(
            PaymentTransaction, self.filtered(lambda transaction: not transaction.sale_order_ids & closed)
        )._check_amount_and_confirm_order()

    def _invoice_sale_orders(self):
        # Invoices made here are posted in the same post-processing: only for orders whose invoice gate is open.
        gate = self.env["sop.engine.gate"]
        confirmed = self.sale_order_ids.filtered(lambda order: order.state == "sale" and order._is_paid())
        closed = gate._hold_closed(confirmed, "invoice", "invoice")
        return super(
            PaymentTransaction, self.filtered(lambda transaction: not transaction.sale_order_ids & closed)
        )._invoice_sale_orders()
