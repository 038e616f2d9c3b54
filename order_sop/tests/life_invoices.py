"""What is invoiced in a random life: deposits, parts, several orders at once, credit notes, reissued invoices."""

from datetime import timedelta

from odoo import Command
from odoo.fields import Date


class InvoiceActs:
    """Invoices of :class:`Life`."""

    def do_invoice(self):
        """Invoice what there is to invoice: one order or all together, deposits deducted or not."""
        orders = self.confirmed().filtered(lambda order: order.invoice_status in ("to invoice", "upselling"))
        if not orders:
            return False
        if self.chance(0.5):
            orders = self.rng.choice(orders)
        invoices = orders._create_invoices(final=self.chance(0.8))
        for invoice in invoices:
            self.dress(invoice)
        return bool(invoices)

    def dress(self, invoice):
        """Do to a draft what an accountant may do, and post it, most times."""
        rng = self.rng
        self.invoices |= invoice
        invoice.invoice_date = Date.today() - timedelta(days=rng.choice((0, 0, 0, 1, 6)))
        if rng.random() < 0.05:
            invoice.date = Date.today() + timedelta(days=rng.choice((-9, 3)))
        if rng.random() < 0.05 and invoice.currency_id.decimal_places:
            # to a currency of other decimals Odoo would leave amounts that are none of it
            invoice.currency_id = self.world.currencies[rng.choice(("USD", "EUR", "CNY"))]
        if rng.random() < 0.15:
            invoice.invoice_cash_rounding_id = rng.choice(self.world.cash_roundings)
        lines = invoice.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        plain = lines.filtered(lambda line: not line.is_downpayment)
        if plain and rng.random() < 0.12:
            line = rng.choice(plain)
            invoice.invoice_line_ids = [
                Command.update(line.id, {"price_unit": round(line.price_unit * rng.uniform(0.8, 1.2), 2)})
            ]
        if plain and rng.random() < 0.08:
            line = rng.choice(plain)
            unit, dozen = self.world.uoms[0], self.world.uoms[1]
            if line.product_uom_id == unit and line.product_id in self.world.goods:
                invoice.invoice_line_ids = [
                    Command.update(line.id, {"product_uom_id": dozen.id, "quantity": round(line.quantity / 12, 2)})
                ]
        if rng.random() < 0.06:
            invoice.invoice_line_ids = [Command.create(self.apart_vals())]
        if rng.random() < 0.04 and len(invoice.line_ids.sale_line_ids) > 1:
            line = rng.choice(lines)
            line.sale_line_ids = [Command.set(rng.sample(invoice.line_ids.sale_line_ids.ids, 2))]
        if rng.random() < 0.94:
            invoice.action_post()
        elif rng.random() < 0.5:
            invoice.button_cancel()

    def apart_vals(self):
        """Return a line of an invoice that belongs to no order."""
        return {
            "name": "Apart",
            "product_id": self.world.advance_service.id,
            "quantity": 1,
            "price_unit": round(self.rng.uniform(1, 60), 2),
            "tax_ids": [Command.set(self.rng.choice(self.world.taxes).ids)],
        }

    def do_sell_apart(self):
        """Invoice something, or give a receipt for it, without an order."""
        kind = self.rng.choice(("out_invoice", "out_invoice", "out_receipt", "out_refund"))
        invoice = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": self.customer.id,
                "invoice_line_ids": [Command.create(self.apart_vals())],
            }
        )
        self.dress(invoice)

    def do_take_deposit(self):
        """Invoice a deposit, a percentage or an amount."""
        orders = self.confirmed().filtered(lambda order: order.amount_total > 10)
        if not orders:
            return False
        order = self.rng.choice(orders)
        vals = self.rng.choice(
            (
                {"advance_payment_method": "percentage", "amount": self.rng.choice((10, 30, 33.3))},
                {"advance_payment_method": "fixed", "fixed_amount": round(order.amount_total * 0.21, 2)},
            )
        )
        wizard = self.env["sale.advance.payment.inv"].create({"sale_order_ids": [Command.set(order.ids)], **vals})
        self.dress(wizard._create_invoices(order))
        return True

    def posted(self, *kinds):
        """Return the posted invoices of some kinds."""
        self.invoices = self.invoices.exists()
        return self.invoices.filtered(lambda move: move.state == "posted" and move.move_type in kinds)

    def do_credit(self):
        """Credit an invoice, in full or a part of it."""
        invoices = self.posted("out_invoice")
        if not invoices:
            return False
        wizard = self.reversal(self.rng.choice(invoices))
        wizard.refund_moves()
        credit = wizard.new_move_ids
        self.invoices |= credit
        lines = credit.invoice_line_ids.filtered(lambda line: line.display_type == "product" and line.quantity > 1)
        if lines and self.chance(0.5):
            line = self.rng.choice(lines)
            credit.invoice_line_ids = [Command.update(line.id, {"quantity": line.quantity - 1})]
        if self.chance(0.9):
            credit.action_post()
        return True

    def do_reissue(self):
        """Reverse an invoice and issue it again."""
        invoices = self.posted("out_invoice")
        if not invoices:
            return False
        invoice = self.rng.choice(invoices)
        wizard = self.reversal(invoice)
        wizard.modify_moves()
        self.invoices |= invoice.reversal_move_ids
        self.dress(wizard.new_move_ids)
        return True

    def do_draw_back(self):
        """Make a posted invoice or credit note a draft again; post it once more, cancel it, or leave it so."""
        invoices = self.posted("out_invoice", "out_refund")
        if not invoices:
            return False
        invoice = self.rng.choice(invoices)
        invoice.button_draft()
        how = self.rng.random()
        if how < 0.6:
            invoice.action_post()
        elif how < 0.8:
            invoice.button_cancel()
        return True

    def reversal(self, invoice):
        """Return the dialog that reverses an invoice, today or the day before."""
        return (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {"date": Date.today() - timedelta(days=self.rng.choice((0, 0, 1))), "journal_id": invoice.journal_id.id}
            )
        )
