"""What the tests of delivered, invoiced and returned orders share: short makers of what happens in an order's life."""

from odoo import Command

from .common import SopCase
from .common_rules import RuleBatchCase


class FulfilmentCase(RuleBatchCase, SopCase):
    """A company at work, with makers that confirm, ship, return, invoice and pay."""

    @classmethod
    def make_orders(cls, count=20, **kwargs):
        """Return ``count`` confirmed orders alike; arguments as for ``make_order``."""
        orders = cls.env["sale.order"].union(*(cls.make_order(**kwargs) for _number in range(count)))
        orders.action_confirm()
        return orders

    @classmethod
    def confirm(cls, **kwargs):
        """Return one confirmed order and its first transfer; arguments as for ``make_order``."""
        order = cls.make_orders(1, **kwargs)
        return order, order.picking_ids

    @classmethod
    def ship(cls, transfers, quantity=None, backorder=True):
        """Validate ``transfers``; with a ``quantity`` pick only that of each move and answer Odoo's question."""
        for move in transfers.move_ids:
            if quantity is not None:
                move.quantity = quantity
        transfers.move_ids.picked = True
        keep_rest = {} if backorder else {"picking_ids_not_to_backorder": transfers.ids}
        transfers.with_context(skip_backorder=True, **keep_rest).button_validate()

    @classmethod
    def send_back(cls, delivery, quantity, receive=True, refund=True):
        """Return ``quantity`` of each product of the done ``delivery``; give the return transfer."""
        wizard = cls.env["stock.return.picking"].create({"picking_id": delivery.id})
        for line in wizard.product_return_moves:
            line.write({"quantity": quantity, "to_refund": refund})
        transfer = cls.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        if receive:
            cls.ship(transfer)
        return transfer

    @classmethod
    def invoice(cls, orders, post=True, **vals):
        """Return an invoice (or credit note) over what Odoo finds to be invoiced, deposits deducted."""
        invoices = orders._create_invoices(final=True)
        invoices.write(vals)
        if post:
            invoices.action_post()
        return invoices

    @classmethod
    def deposit(cls, order, percent):
        """Return the posted invoice of a down payment."""
        wizard = cls.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "percentage",
                "amount": percent,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        invoice = wizard._create_invoices(order)
        invoice.action_post()
        return invoice

    @classmethod
    def pay(cls, invoices, **vals):
        """Register a payment of ``invoices``, in full unless ``vals`` names an amount."""
        context = {"active_model": "account.move", "active_ids": invoices.ids}
        cls.env["account.payment.register"].with_context(**context).create(vals)._create_payments()


class SettlementCase(FulfilmentCase):
    """Products invoiced on delivered and on ordered quantities."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.invoice_policy = "delivery"
        cls.prepaid = cls.env["product.product"].create(
            {"name": "Stool", "type": "consu", "is_storable": True, "invoice_policy": "order", "taxes_id": []}
        )
        cls.add_stock(cls.prepaid, 1000)

    def make_delivered(self, product=None, quantity=10, delivered=None, **vals):
        """Return an order over ``quantity`` at 100.00 each, of which ``delivered`` (all) are delivered."""
        order, delivery = self.confirm(lines=[(product or self.product, quantity, 100.0)], **vals)
        self.ship(delivery, delivered)
        return order
