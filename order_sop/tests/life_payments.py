"""How money comes in a random life: parts, sums for several invoices, other currencies, statements, write-offs."""

from datetime import timedelta

from odoo import Command
from odoo.fields import Date


class PaymentActs:
    """Payments of :class:`Life`."""

    def open_invoices(self, *kinds):
        """Return posted invoices of which something is open."""
        return self.posted(*(kinds or ("out_invoice", "out_receipt"))).filtered(
            lambda move: not move.currency_id.is_zero(move.amount_residual)
        )

    def do_pay(self):
        """Pay one invoice or several with one payment: in full, a part, too much, with the rest written off."""
        invoices = self.open_invoices()
        if self.chance(0.1):
            invoices = self.open_invoices("out_refund")
        if not invoices:
            return False
        invoice = self.rng.choice(invoices)
        alike = invoices.filtered(lambda move: move.currency_id == invoice.currency_id)
        invoices = alike if self.chance(0.3) else invoice
        vals = {"payment_date": self.some_day(), "journal_id": self.world.bank.id}
        if len(invoices) > 1:
            vals["group_payment"] = True
        if self.chance(0.2):
            vals["currency_id"] = self.rng.choice(list(self.world.currencies.values())).id
        elif self.chance(0.15):
            vals["journal_id"] = self.world.foreign_bank.id
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create(vals)
        )
        how = self.rng.random()
        if wizard.can_edit_wizard and how < 0.65:
            amount = wizard.amount
            part = self.rng.choice((0.3, 0.5, 0.95, 1.1)) if how < 0.4 else self.rng.choice((0.97, 0.99, 1.01))
            wizard.amount = wizard.currency_id.round(amount * part) or amount
            if how >= 0.4:
                wizard.payment_difference_handling = "reconcile"
                wizard.writeoff_account_id = self.world.fees
        wizard._create_payments()
        return True

    def some_day(self):
        """Return today or some days before."""
        return Date.today() - timedelta(days=self.rng.choice((0, 0, 0, 1, 5)))

    def receivable(self, moves):
        """Return the open receivable lines of some entries."""
        return moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )

    def do_pay_in_advance(self):
        """Take a payment that belongs to no invoice yet."""
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "payment_type": "inbound",
                "partner_type": "customer",
                "amount": round(self.rng.uniform(5, 500), 2),
                "date": self.some_day(),
                "journal_id": self.world.bank.id,
                "currency_id": self.rng.choice(list(self.world.currencies.values())).id,
            }
        )
        payment.action_post()
        ends = self.receivable(self.open_invoices())
        if ends and self.chance(0.7):
            lines = self.receivable(payment.move_id)
            (lines + ends.filtered(lambda line: line.account_id == lines.account_id)).reconcile()

    def do_settle_by_statement(self):
        """Match a line of the bank's statement with invoices, its fee with an account for that."""
        invoices = self.open_invoices()
        if not invoices:
            return False
        invoice = self.rng.choice(invoices)
        ends = self.receivable(invoice)
        journal = self.world.bank
        due = sum(ends.mapped("amount_residual"))
        part = self.rng.choice((0.4, 1, 1, 1.05))
        fee = round(due * 0.013, 2) if self.chance(0.3) else 0.0
        received = round(due * part - fee, 2)
        if received <= 0:
            return False
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": self.some_day(),
                "payment_ref": invoice.name,
                "partner_id": self.invoiced_to.id,
                "amount": received,
            }
        )
        _liquid, suspense, _other = line._seek_for_lines()
        commands = [
            Command.update(
                suspense.id,
                {"account_id": ends.account_id.id, "balance": -received - fee, "amount_currency": -received - fee},
            )
        ]
        if fee:
            fees = {"account_id": self.world.fees.id, "balance": fee, "amount_currency": fee, "name": "Fee"}
            commands.append(Command.create(fees))
        line.move_id.with_context(force_delete=True, skip_readonly_check=True).write({"line_ids": commands})
        (self.receivable(line.move_id) + ends).reconcile()
        return True

    def do_write_off(self):
        """Give up what is open of an invoice, or a part of it, by an entry."""
        invoices = self.open_invoices()
        if not invoices:
            return False
        ends = self.receivable(self.rng.choice(invoices))[:1]
        amount = round(ends.amount_residual * self.rng.choice((0.2, 1)), 2)
        amount_currency = ends.currency_id.round(ends.amount_residual_currency * amount / ends.amount_residual)
        common = {"partner_id": ends.partner_id.id, "currency_id": ends.currency_id.id}
        entry = self.env["account.move"].create(
            {
                "journal_id": self.world.general.id,
                "date": self.some_day(),
                "line_ids": [
                    Command.create(
                        {
                            **common,
                            "account_id": self.world.expense.id,
                            "balance": amount,
                            "amount_currency": amount_currency,
                        }
                    ),
                    Command.create(
                        {
                            **common,
                            "account_id": ends.account_id.id,
                            "balance": -amount,
                            "amount_currency": -amount_currency,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        (self.receivable(entry) + ends).reconcile()
        return True

    def do_set_off(self):
        """Set credit notes off against invoices."""
        credits, invoices = self.open_invoices("out_refund"), self.open_invoices("out_invoice")
        ends = self.receivable(credits | invoices)
        if not credits or not invoices or len(ends.account_id) > 1:
            return False
        ends.reconcile()
        return True

    def do_bounce(self):
        """Take a payment of the customer back: a draft again, or cancelled."""
        payments = self.env["account.payment"].search(
            [("partner_id", "in", (self.customer | self.invoiced_to).ids), ("state", "in", ("in_process", "paid"))]
        )
        if not payments:
            return False
        payment = self.rng.choice(payments)
        payment.action_draft()
        if self.chance(0.3):
            payment.action_post()
        elif self.chance(0.5):
            payment.action_cancel()
        return True

    def do_undo_reconciliation(self):
        """Take reconciliations of an invoice away again."""
        invoices = self.posted("out_invoice").filtered("has_reconciled_entries")
        if not invoices:
            return False
        invoice = self.rng.choice(invoices)
        invoice.line_ids.remove_move_reconcile()
        if self.chance(0.5):
            self.do_set_off()
        return True
