"""The tie-out: each customer's receivables in the general ledger against what they consist of."""

from odoo import Command
from odoo.tests import tagged

from .common_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestTieOut(LedgerCase):
    """Customers with orders, invoices beside them, payments not applied, entries by hand."""

    def tie(self, partner, day=None, user="finance"):
        """Return the one row of ``partner``."""
        self.env.flush_all()
        rows = self.env["sop.tie.out"].with_user(self.users[user]).with_context(sop_day=day)
        rows.invalidate_model()  # of what was booked since
        return rows.search([("partner_id", "=", partner.id)])

    def make_invoiced(self, partner=None, price=100.0):
        order = self.make_order(partner, lines=[(self.prepaid, 1, price)])
        order.action_confirm()
        self.invoice(order)
        return order

    def make_invoice(self, *lines, partner=None):
        """Return a posted invoice of lines ``(price, order lines)``."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or self.customer).id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.prepaid.id,
                            "price_unit": price,
                            "tax_ids": [],
                            "sale_line_ids": [Command.set(lines.ids)] if lines else [],
                        }
                    )
                    for price, lines in lines
                ],
            }
        )
        invoice.action_post()
        return invoice

    def test_all_kinds(self):
        order = self.make_invoiced()
        other = self.make_order(lines=[(self.prepaid, 1, 70.0)])
        other.action_confirm()
        self.make_invoice((30.0, None))
        mixed = self.make_invoice((70.0, other.order_line), (20.0, None))
        self.pay(mixed, amount=45.0)
        self.env["account.payment"].create(
            {"partner_id": self.customer.id, "amount": 11.0, "payment_type": "inbound"}
        ).action_post()
        row = self.tie(self.customer)
        self.assertEqual(row.orders, 100 + 35)
        self.assertEqual(row.no_order, 30 + 10)
        entries = self.env["account.move.line"].search(
            [("partner_id", "=", self.customer.id), ("account_type", "=", "asset_receivable")]
        )
        self.assertEqual(row.balance, sum(entries.filtered(lambda e: e.parent_state == "posted").mapped("balance")))
        self.assertEqual(row.balance, row.orders + row.no_order + row.other)
        self.assertEqual((row.difference, row.wrong), (0, False))
        rows = self.rows(order + other)
        self.assertEqual(float(sum(each["outstanding_company"] for each in rows)), row.orders)
        self.assertFalse(self.tie(self.customer, "2020-01-01"))

    def test_paid_by_somebody_else_is_red(self):
        order, stranger = self.make_invoiced(), self.make_invoiced(self.consumer, 40.0)
        debt = order.invoice_ids.line_ids.filtered(lambda line: line.display_type == "payment_term")
        credit = self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create({"account_id": debt.account_id.id, "credit": 60, "partner_id": self.consumer.id}),
                    Command.create({"account_id": self.loss.id, "debit": 60}),
                ]
            }
        )
        credit.action_post()
        paid = credit.line_ids.filtered("credit")
        (debt + paid).reconcile()
        row = self.tie(self.customer)
        self.assertEqual((row.balance, row.orders, row.difference, row.wrong), (100, 40, 60, True))
        action = row.action_open_entries()
        found = self.env["account.move.line"].with_user(self.users["finance"]).search(action["domain"])
        self.assertEqual(found, debt + paid)
        row = self.tie(self.consumer)
        self.assertEqual((row.balance, row.orders, row.difference), (-20, 40, -60))
        rows = self.env["sop.tie.out"].search([("wrong", "=", True)])
        self.assertLessEqual(self.customer + self.consumer, rows.partner_id)
        entries = self.tie(stranger.partner_id).action_open_entries()
        self.assertEqual(entries["res_model"], "account.move.line")

    def test_ages(self):
        with self.on("2025-02-10"):
            self.make_invoiced(self.consumer)
        with self.on("2025-03-20"):
            self.make_invoiced(self.consumer, 7.0)
        row = self.tie(self.consumer, "2025-03-20")
        self.assertEqual((row.not_due, row.overdue_60, row.overdue, row.invoices), (7, 100, 100, 107))
        row = self.tie(self.consumer, "2025-03-12")
        self.assertEqual((row.not_due, row.overdue_30, row.invoices), (0, 100, 100))

    def test_foreign_currency_ties_out_to_the_cent(self):
        for day, price in (("2025-02-10", 333.33), ("2025-03-05", 0.05), ("2025-04-02", 10.01)):
            with self.on(day):
                order = self.make_order(lines=[(self.prepaid, 3, price)], pricelist_id=self.pricelist.id)
                order.action_confirm()
                invoice = self.invoice(order)
                self.pay(invoice, amount=invoice.amount_total / 3)
        for day in ("2025-02-10", "2025-03-05", "2025-04-02", None):
            row = self.tie(self.customer, day)
            self.assertEqual((row.difference, row.wrong), (0, False))
            orders = self.env["sale.order"].search([("partner_id", "=", self.customer.id)])
            rows = self.rows(orders, day)
            self.assertAlmostEqual(float(sum(each["outstanding_company"] for each in rows)), row.orders, 6)

    def test_a_wrong_share_is_red(self):
        order = self.make_invoiced()
        mixed = self.make_invoice((70.0, self.make_order(lines=[(self.prepaid, 1, 70.0)]).order_line), (20.0, None))
        ledger = type(self.env["sop.ledger"])
        get_part, wrong = ledger._get_part, self.env["sop.tie.out"].with_user(self.users["finance"])

        def tamper(engine, base, invoice, line, index, rate):
            part = dict(get_part(engine, base, invoice, line, index, rate))
            if line["move_id"] == mixed.id:
                part["not_due_company"] += 1
            return part

        self.assertFalse(self.tie(order.partner_id).wrong)
        self.assertNotIn(order.partner_id, wrong.search([("wrong", "=", True)]).partner_id)
        self.patch(ledger, "_get_part", tamper)
        row = self.tie(order.partner_id)
        self.assertEqual((row.difference, row.wrong, row.crossed), (-0.01, True, False))
        self.assertIn(order.partner_id, wrong.search([("wrong", "=", True)]).partner_id)
        self.assertNotIn(order.partner_id, wrong.search([("wrong", "=", False)]).partner_id)
        self.assertIn(("partner_id.commercial_partner_id", "=", row.partner_id.id), row.action_open_entries()["domain"])

    def test_two_days_in_one_transaction(self):
        for day, price in (("2025-02-10", 100.0), ("2025-03-20", 7.0)):
            with self.on(day):
                self.make_invoiced(self.consumer, price)
        self.env.flush_all()
        rows = self.env["sop.tie.out"].search([("partner_id", "=", self.consumer.id)])
        for day, amount in (("2025-02-10", 100.0), ("2025-03-20", 107.0), ("2025-02-11", 100.0)):
            row = rows.with_context(sop_day=day)
            self.assertEqual((row.balance, row.orders, row.invoices, str(row.day)), (amount, amount, amount, day))

    def test_companies_apart(self):
        row = self.tie(self.make_invoiced().partner_id)
        stranger = self.users["auditor"]
        other = self.env["res.company"].create({"name": "Other"})
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self.env["sop.tie.out"].with_user(stranger).search([("id", "=", row.id)]))
        self.assertFalse(self.env["sop.settlement.line"].with_user(stranger).search([]))
