"""Differences of the settlement: which there are, and that they are named for what they are."""

from odoo import Command
from odoo.fields import Date
from odoo.tests import tagged

from .common_settlement import DifferenceCase


@tagged("post_install", "-at_install")
class TestDifference(DifferenceCase):
    def test_the_life_of_an_order(self):
        """Ordered, delivered, billed, paid in part, returned, credited: each step has its difference."""
        with self.on("2025-02-10"):
            order = self.make_order(lines=[(self.product, 10, 100.0)])
            order.action_confirm()
            self.assertEqual(self.kinds(order, "2025-02-10"), {})
            self.ship(order.picking_ids, 6)
        self.assertEqual(self.kinds(order, "2025-02-11"), {"not_invoiced": 600})
        invoice = self.bill(order, "2025-02-12", invoice_date_due="2025-02-20")
        self.assertEqual(self.kinds(order, "2025-02-12"), {})
        self.assertEqual(self.kinds(order, "2025-02-20"), {})
        self.assertEqual(self.kinds(order, "2025-02-21"), {"overdue": 600})
        with self.on("2025-02-22"):
            self.pay(invoice, amount=250.0)
        self.assertEqual(self.kinds(order, "2025-02-22"), {"overdue": 350, "paid_short": 350})
        with self.on("2025-02-23"):
            self.pay(invoice, amount=350.0)
            self.send_back(order.picking_ids.filtered(lambda picking: picking.state == "done"), 2)
        self.assertEqual(self.kinds(order, "2025-02-23"), {"no_credit_note": 200})
        self.bill(order, "2025-02-24")
        self.assertEqual(self.kinds(order, "2025-02-24"), {"paid_over": 200})
        self.assertEqual(set(self.differences(order).mapped("state")), {"gone", "open"})

    def test_what_it_says(self):
        with self.on("2025-02-10"):
            order = self.make_order(lines=[(self.product, 10, 100.0), (self.service, 2, 50.0)])
            order.action_confirm()
            self.ship(order.picking_ids, 6)
        difference = self.look(order, "2025-02-11").filtered("quantity")
        line = order.order_line[0]
        self.assertEqual((difference.line_id, difference.quantity, difference.amount), (line, 6, 600))
        self.assertEqual((difference.partner_id, difference.company_id), (self.customer, self.company))
        self.assertEqual(str(difference.found_on), "2025-02-11")
        self.assertEqual(difference.state, "open")
        self.look(order, "2025-02-14")
        self.assertEqual(len(self.differences(order)), 1, "services as ordered are delivered by nobody")
        self.assertEqual((str(difference.found_on), str(difference.seen_on)), ("2025-02-11", "2025-02-14"))

    def test_billed_before_it_is_delivered(self):
        with self.on("2025-02-10"):
            order = self.make_order(lines=[(self.prepaid, 4, 25.0)])
            order.action_confirm()
        self.bill(order, "2025-02-11", invoice_date_due="2025-03-11")
        self.assertEqual(self.kinds(order, "2025-02-11"), {"not_delivered": 100})

    def test_half_of_the_last_decimal(self):
        """An invoice line of two order lines: each has 7.045 of it, 0.05 more than delivered as Odoo rounds."""
        with self.on("2025-02-10"):
            order = self.make_order(lines=[(self.prepaid, 7, 100.0), (self.prepaid, 7, 100.0)])
            order.action_confirm()
            self.ship(order.picking_ids)
            bill = self.invoice(order, post=False)
            first, second = bill.invoice_line_ids
            first.write({"quantity": 14.09, "sale_line_ids": [Command.set(order.order_line.ids)]})
            second.unlink()
            bill.action_post()
        found = self.look(order, "2025-02-10").filtered(lambda difference: difference.kind == "not_delivered")
        self.assertEqual(found.mapped("quantity"), [0.05, 0.05])

    def test_another_price(self):
        with self.on("2025-02-10"):
            order = self.make_delivered(quantity=3)
        with self.on("2025-02-11"):
            invoice = self.invoice(order, post=False)
            invoice.invoice_line_ids.price_unit = 90.0
            invoice.write({"invoice_date": "2025-02-11", "invoice_date_due": "2025-03-11"})
            invoice.action_post()
        self.assertEqual(self.kinds(order, "2025-02-11"), {"price": -30})

    def test_rounding_is_no_other_price(self):
        """Three invoices over a third each of 100.00 with a discount may differ by half a cent each."""
        with self.on("2025-02-10"):
            order = self.make_order(lines=[(self.product, 3, 33.335)])
            order.action_confirm()
            for _number in range(3):
                transfer = order.picking_ids.filtered(lambda picking: picking.state != "done")
                self.ship(transfer, 1)
                self.bill(order, "2025-02-10", invoice_date_due="2025-03-11")
        self.assertEqual(len(order.invoice_ids), 3)
        self.assertEqual(self.kinds(order, "2025-02-11"), {})

    def test_down_payments_are_no_difference(self):
        with self.on("2025-02-10"):
            order = self.make_order(lines=[(self.product, 10, 100.0)])
            order.action_confirm()
            deposit = self.deposit(order, 30)
            self.pay(deposit)
        self.assertEqual(self.kinds(order, "2025-02-11"), {})

    def test_money_left_over(self):
        """A payment of more than the invoice: what is left is named, with the payment."""
        with self.on("2025-02-10"):
            order = self.make_delivered(quantity=2)
        invoice = self.bill(order, "2025-02-10")
        with self.on("2025-02-11"):
            self.pay(invoice, amount=230.0)
        difference = self.look(order, "2025-02-11")
        self.assertEqual((difference.kind, difference.amount), ("paid_over", 30))
        self.assertTrue(difference.move_id.origin_payment_id)

    def test_one_payment_for_two_orders(self):
        """What is left of it is the latest order's, once."""
        with self.on("2025-02-10"):
            orders = self.make_delivered(quantity=1) | self.make_delivered(quantity=1)
        invoices = self.bill(orders[0], "2025-02-10") | self.bill(orders[1], "2025-02-10")
        with self.on("2025-02-11"):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoices.ids
            ).create({"amount": 250.0, "group_payment": True})._create_payments()
        self.assertEqual(self.look(orders[0], "2025-02-11"), self.env["sop.difference"])
        difference = self.look(orders, "2025-02-11")
        self.assertEqual((difference.order_id, difference.amount), (orders[1], 50))

    def test_one_invoice_of_two_orders(self):
        with self.on("2025-02-10"):
            orders = self.make_delivered(quantity=1) | self.make_delivered(quantity=3)
        invoice = self.bill(orders, "2025-02-10")
        self.assertEqual(len(invoice), 1)
        found = self.look(orders, "2025-02-11")
        self.assertEqual(
            {d.order_id: (d.kind, d.amount) for d in found},
            dict(zip(orders, [("overdue", 100), ("overdue", 300)], strict=True)),
        )

    def test_another_currency(self):
        """Amounts in both currencies: the company's as they were booked, or at the order's rate."""
        with self.on("2025-02-10"):
            order = self.make_order(lines=[(self.product, 10, 100.0)], pricelist_id=self.pricelist.id)
            order.action_confirm()
            self.ship(order.picking_ids, 5)
        difference = self.look(order, "2025-02-11")
        self.assertEqual(
            (difference.currency_id, difference.amount, difference.amount_company), (self.foreign, 500, 250)
        )
        self.bill(order, "2025-03-10")
        difference = self.look(order, "2025-03-11")
        self.assertEqual((difference.kind, difference.amount, difference.amount_company), ("overdue", 500, 200))

    def test_proof_of_delivery(self):
        """It is missed where the order's process asks for it."""
        process = self.make_process(
            {"checkpoints": [{"kind": "auto", "rule": "proof_of_delivery", "scope": "delivery"}], "auto_advance": False}
        )
        with self.on("2025-02-10"):
            asked, free = self.make_delivered(quantity=2, process=process), self.make_delivered(quantity=2)
        for order, kinds in ((asked, {"no_proof": 200, "not_invoiced": 200}), (free, {"not_invoiced": 200})):
            self.assertEqual(self.kinds(order, "2025-02-11"), kinds)
        self.assertEqual(self.look(asked).filtered("picking_id").picking_id, asked.picking_ids)

    def test_the_lists_filter_by_them(self):
        order, other = self.make_short()[0], self.make_delivered(quantity=2)
        self.bill(other, "2025-02-10", invoice_date_due="2099-01-01")
        self.look(other)
        for model, records in (("order", order), ("line", order.order_line)):
            rows = self.env[f"sop.settlement.{model}"].with_user(self.users["finance"])
            mine = [("order_id", "in", (order | other).ids)]
            found = rows.search([*mine, ("difference_kind", "=", "not_invoiced")])
            self.assertEqual(found.ids, records.ids)
            self.assertEqual(found.mapped("difference_kind"), ["not_invoiced"])
            self.assertEqual(rows.search([*mine, ("difference_kind", "!=", False)]), found)
            self.assertEqual(rows.search([*mine, ("difference_kind", "=", False)]).order_id, other)
            self.assertFalse(rows.search([*mine, ("difference_kind", "in", ["overdue", "price"])]))
        self.assertEqual(order.with_user(self.users["finance"]).sop_difference_count, 1)
        action = order.with_user(self.users["finance"]).action_view_sop_differences()
        self.assertEqual(self.env["sop.difference"].search(action["domain"]).order_id, order)

    def test_queries_do_not_grow(self):
        """Five orders or fifty: the same queries, as they are found and as they are looked at again."""
        counts = []
        for number in (5, 50):
            with self.on("2025-02-10"):
                orders = self.env["sale.order"].create(
                    [
                        {
                            "partner_id": self.customer.id,
                            "order_line": [
                                Command.create({"product_id": self.prepaid.id, "product_uom_qty": 1, "price_unit": 10})
                            ],
                        }
                        for _number in range(number)
                    ]
                )
                orders.action_confirm()
                orders._create_invoices(grouped=True).action_post()
            self.env.flush_all()
            for _time in range(2):
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self.env["sop.engine.difference"]._look(orders, Date.to_date("2025-02-10"))
                self.env.flush_all()
                counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(self.differences(orders)), number)
        (found, again), (found_more, again_more) = counts[:2], counts[2:]
        self.assertLessEqual(found_more, found, "what is asked once a session is asked the first time")
        self.assertEqual(again, again_more)
