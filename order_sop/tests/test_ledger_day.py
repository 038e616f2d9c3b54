"""The ledger as of any day: what counts before and after each event, and what an amount costs to read."""

from datetime import date

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestLedgerDay(LedgerCase):
    """An order of March: ordered on the 3rd, delivered 5th, invoiced 7th, paid 9th, returned 11th, credited 13th."""

    def setUp(self):
        super().setUp()
        with self.on("2025-03-03"):
            self.order = self.make_order(lines=[(self.product, 10, 100.0)])
            self.order.action_confirm()
        with self.on("2025-03-05"):
            self.ship(self.order.picking_ids)
        with self.on("2025-03-07"):
            self.bill = self.invoice(self.order)
        with self.on("2025-03-09"):
            self.pay(self.bill, amount=400.0)
        with self.on("2025-03-11"):
            self.send_back(self.order.picking_ids, 2)
        with self.on("2025-03-13"):
            credit = self.invoice(self.order)
            (self.bill + credit).line_ids.filtered(lambda line: line.display_type == "payment_term").reconcile()

    def test_each_day(self):
        before = dict.fromkeys(("ordered", "net_delivered", "net_invoiced", "paid", "offset", "outstanding"), 0)
        for day, figures in (
            ("2025-03-02", {}),
            ("2025-03-03", {"ordered": 10}),
            ("2025-03-04", {}),
            ("2025-03-05", {"net_delivered": 10}),
            ("2025-03-06", {}),
            ("2025-03-07", {"net_invoiced": 10, "outstanding": 1000}),
            ("2025-03-08", {}),
            ("2025-03-09", {"paid": 400, "outstanding": 600}),
            ("2025-03-10", {}),
            ("2025-03-11", {"net_delivered": 8}),
            ("2025-03-12", {}),
            ("2025-03-13", {"net_invoiced": 8, "outstanding": 400}),
            ("2030-01-01", {}),
        ):
            before |= figures
            with self.subTest(day):
                self.assert_row(self.row(self.order, day), **before)
        self.assert_booked(self.order)

    def test_midnight_of_the_company(self):
        move = self.order.order_line.move_ids.sorted("id")[0]
        move.date = "2025-03-05 15:59:59"  # in Shanghai one second before midnight
        self.assert_row(self.row(self.order, "2025-03-05"), delivered=10)
        move.date = "2025-03-05 16:00:00"
        self.assert_row(self.row(self.order, "2025-03-05"), delivered=0)
        self.assert_row(self.row(self.order, "2025-03-06"), delivered=10)

    def test_lines_of_a_day(self):
        domain = [("order_id", "=", self.order.id)]
        self.assertFalse(self.get_lines(domain, date(2025, 3, 2)))
        self.assertEqual(self.get_lines(domain, date(2025, 3, 3)), self.order.order_line)
        self.order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertFalse(self.get_lines(domain, date(2025, 3, 4)))
        self.assertEqual(self.get_lines(domain, date(2025, 3, 5)), self.order.order_line)

    def test_day_of_the_context(self):
        ledger = self.env["sop.ledger"]
        self.assertEqual(ledger.with_context(sop_day="2025-03-05")._get_day(self.company), date(2025, 3, 5))
        with self.on("2025-03-05"):
            self.assertEqual(ledger._get_day(self.company), date(2025, 3, 5))
        for value in ("yesterday", 5, ["2025-03-05"], {"a": 1}, "2025-13-01", "9999-12-31", True):
            with self.subTest(value), self.assertRaises(ValidationError):
                ledger.with_context(sop_day=value)._get_day(self.company)

    def test_draft_entries_do_not_count(self):
        self.bill.button_draft()
        self.assert_row(self.row(self.order), invoiced=0, paid=0, credited=2, outstanding=-200)

    def test_companies_apart(self):
        other = self.env["res.company"].create({"name": "Other", "currency_id": self.foreign.id})
        self.env.user.company_ids += other
        order = self.make_order(company_id=other.id, lines=[(self.service, 1, 10.0)], warehouse_id=False)
        self.assertEqual(self.row(order)["company_currency_id"], self.foreign.id)
        both = self.env["sop.ledger"]._get_rows((order + self.order).order_line)
        self.assertEqual({row["company_id"] for row in both.values()}, {self.company.id, other.id})

    def test_queries_do_not_grow(self):
        self.rows(self.order)  # what Odoo keeps for good
        counts = []
        for size in (5, 50):
            orders = self.env["sale.order"].create(
                [
                    {
                        "partner_id": self.customer.id,
                        "order_line": [Command.create({"product_id": self.prepaid.id, "product_uom_qty": 1})],
                    }
                    for _number in range(size)
                ]
            )
            orders.action_confirm()
            orders._create_invoices(grouped=True).action_post()
            self.ship(orders.picking_ids)
            self.pay(orders.invoice_ids, group_payment=False)
            lines = orders.order_line
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self.env["sop.ledger"]._get_rows(lines)), size)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLess(counts[0], 20)
