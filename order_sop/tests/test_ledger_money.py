"""The ledger: money, currencies, write-offs, rounding, taxes and ages, by figures worked out by hand."""

from odoo import Command
from odoo.tests import tagged

from .common_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestLedgerMoney(LedgerCase):
    """What became of the money of invoices."""

    def make_invoiced(self, price=1000.0, foreign=False, taxes=None, **vals):
        """Return an order of one stool, invoiced today."""
        pricelist = {"pricelist_id": self.pricelist.id} if foreign else {}
        order = self.make_order(lines=[(self.prepaid, 1, price)], **pricelist)
        order.order_line.tax_ids = taxes or self.env["account.tax"]
        order.action_confirm()
        self.invoice(order, **vals)
        return order

    def write_off(self, order, amount):
        """Pay all but ``amount`` of what ``order`` was invoiced, and give that up."""
        invoice = order.invoice_ids
        rest = {"payment_difference_handling": "reconcile", "writeoff_account_id": self.loss.id}
        self.pay(invoice, amount=invoice.amount_total - amount, **rest)

    def test_written_off_by_the_payment(self):
        order = self.make_invoiced()
        self.write_off(order, 5)
        self.assert_row(self.row(order), paid=995, written_off=5, outstanding=0)
        self.assert_booked(order)

    def test_written_off_by_an_entry(self):
        order = self.make_invoiced()
        debt = order.invoice_ids.line_ids.filtered(lambda line: line.display_type == "payment_term")
        entry = self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create({"account_id": debt.account_id.id, "credit": 20, "partner_id": self.customer.id}),
                    Command.create({"account_id": self.loss.id, "debit": 20}),
                ]
            }
        )
        entry.action_post()
        (debt + entry.line_ids.filtered(lambda line: line.account_id == debt.account_id)).reconcile()
        self.assert_row(self.row(order), paid=0, written_off=20, outstanding=980)

    def test_paid_over_is_left_on_the_payment(self):
        order = self.make_invoiced()
        self.pay(order.invoice_ids, amount=1200)
        self.assert_row(self.row(order), paid=1000, outstanding=0)

    def test_paid_from_the_bank_statement(self):
        order = self.make_invoiced()
        debt = order.invoice_ids.line_ids.filtered(lambda line: line.display_type == "payment_term")
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        received = self.env["account.bank.statement.line"].create(
            {"journal_id": bank.id, "payment_ref": "x", "amount": 600.0, "partner_id": self.customer.id}
        )
        _liquidity, suspense, _other = received._seek_for_lines()
        received.move_id.with_context(skip_account_move_synchronization=True, skip_readonly_check=True).write(
            {"line_ids": [Command.update(suspense.id, {"account_id": debt.account_id.id})]}
        )
        (debt + suspense).reconcile()
        self.assert_row(self.row(order), paid=600, written_off=0, outstanding=400)

    def test_currency_and_exchange_difference(self):
        with self.on("2025-02-10"):  # 2 for 1
            order = self.make_invoiced(foreign=True)
        self.assert_row(
            self.row(order, "2025-02-10"),
            ordered_total=1000,
            ordered_total_company=500,
            invoiced_total=1000,
            invoiced_total_company=500,
            outstanding_company=500,
        )
        with self.on("2025-03-05"):  # 2.5 for 1: 400
            self.pay(order.invoice_ids)
        row = self.row(order, "2025-03-05")
        self.assert_row(row, paid=1000, paid_company=400, exchange=0, exchange_company=100)
        self.assert_row(row, outstanding=0, outstanding_company=0)
        self.assert_row(self.row(order, "2025-03-04"), paid=0, outstanding=1000, outstanding_company=500)
        self.assert_booked(order)

    def test_currency_written_off(self):
        with self.on("2025-02-10"):
            order = self.make_invoiced(foreign=True)
            self.write_off(order, 10)
        self.assert_row(
            self.row(order),
            paid=990,
            paid_company=495,
            written_off=10,
            written_off_company=5,
            outstanding=0,
            outstanding_company=0,
        )

    def test_invoice_in_another_currency_than_the_order(self):
        with self.on("2025-02-10"):
            order = self.make_order(lines=[(self.prepaid, 1, 1000.0)], pricelist_id=self.pricelist.id)
            order.action_confirm()
            invoice = self.invoice(order, post=False)
            invoice.currency_id = self.own
            invoice.invoice_line_ids.price_unit = 100.01
            invoice.action_post()
            self.pay(invoice, amount=50.0)
        row = self.row(order)
        self.assert_row(row, invoiced_total=200.02, invoiced_total_company=100.01, paid=100, paid_company=50)
        self.assert_row(row, outstanding=100.02, outstanding_company=50.01)

    def test_cash_rounding(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "5 cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.loss.id,
                "loss_account_id": self.loss.id,
            }
        )
        order = self.make_order(lines=[(self.prepaid, 1, 10.01), (self.service, 1, 20.01)])
        order.action_confirm()
        invoice = self.invoice(order, invoice_cash_rounding_id=rounding.id)
        self.assertEqual(invoice.amount_total, 30.0)
        first, second = self.rows(order)
        # -0.02 shared out by 10.01 and 20.01
        self.assert_row(first, invoiced_untaxed=10.01, invoiced_total=10.0)
        self.assert_row(second, invoiced_untaxed=20.01, invoiced_total=20.0)
        self.assert_booked(order)

    def test_taxes_included_and_excluded(self):
        order = self.make_invoiced(113.0, taxes=self.included)
        self.assert_row(
            self.row(order), ordered_untaxed=100, ordered_total=113, invoiced_untaxed=100, invoiced_total=113
        )
        order = self.make_invoiced(100.0, taxes=self.excluded)
        self.assert_row(
            self.row(order), ordered_untaxed=100, ordered_total=113, invoiced_untaxed=100, invoiced_total=113
        )

    def test_tax_rounded_on_the_whole_invoice(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        order = self.make_order(lines=[(self.prepaid, 1, 0.11) for _number in range(5)])
        order.order_line.tax_ids = self.excluded
        order.action_confirm()
        invoice = self.invoice(order)
        rows = self.rows(order)
        self.assertEqual(float(sum(row["invoiced_total"] for row in rows)), invoice.amount_total)
        self.assertEqual(float(sum(row["outstanding_company"] for row in rows)), invoice.amount_residual)

    def test_discount(self):
        order = self.make_order(lines=[(self.prepaid, 3, 100.0)])
        order.order_line.write({"discount": 33.0, "tax_ids": self.excluded.ids})
        order.action_confirm()
        self.ship(order.picking_ids, 1)
        self.invoice(order)
        self.assert_row(
            self.row(order),
            ordered_untaxed=201,
            ordered_total=227.13,
            delivered_untaxed=67,
            delivered_total=75.71,
            invoiced_untaxed=201,
            invoiced_total=227.13,
        )

    def test_ages(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 60)
                ],
            }
        )
        with self.on("2025-02-10"):
            order = self.make_invoiced(invoice_payment_term_id=term.id)
            self.pay(order.invoice_ids, amount=100.0)
        for day, ages in (
            ("2025-02-10", {"not_due": 900}),
            ("2025-02-11", {"overdue_30": 400, "not_due": 500}),
            ("2025-03-12", {"overdue_30": 400, "not_due": 500}),
            ("2025-03-13", {"overdue_60": 400, "not_due": 500}),
            ("2025-04-12", {"overdue_90": 400, "overdue_30": 500, "not_due": 0}),
            ("2025-12-12", {"overdue_older": 900, "overdue": 900}),
        ):
            self.assert_row(self.row(order, day), outstanding=900, **ages)
