from odoo import models

from ..engine.guard import unattended


class PaymentTransaction(models.Model):
    """Captured money is never lost: an order whose gate is closed is held and explained, nothing raises."""

    _inherit = "payment.transaction"

    def _post_process(self):
        # Orders and invoices that are confirmed and posted from here, by whatever module, are held when they may not.
        return super(PaymentTransaction, unattended(self))._post_process()

    def _check_amount_and_confirm_order(self):
        # Customers of orders that are held are told that their payment has arrived, not that the order is confirmed.
        confirmed = super(PaymentTransaction, unattended(self))._check_amount_and_confirm_order()
        return confirmed.filtered(lambda order: order.state == "sale")

    def _invoice_sale_orders(self):
        # Invoices made here are posted in the same post-processing: only for orders whose invoice gate is open.
        gate = self.env["sop.engine.gate"]
        confirmed = self.sale_order_ids.filtered(lambda order: order.state == "sale" and order._is_paid())
        closed = gate._hold_closed(confirmed, "invoice", "invoice") if confirmed else confirmed
        return super(
            PaymentTransaction, self.filtered(lambda transaction: not transaction.sale_order_ids & closed)
        )._invoice_sale_orders()
