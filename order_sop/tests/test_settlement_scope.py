"""Orders that are dated after a day and have a document by then are in its lists, however that came to be."""

from odoo.tests import tagged

from .common_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestSettlementScope(LedgerCase):
    """Two orders: one was shipped on the 5th of March, one invoiced on the 7th; both are dated later."""

    def setUp(self):
        super().setUp()
        with self.on("2025-03-03"):
            self.shipped = self.make_order(lines=[(self.product, 1, 100.0)])
            self.billed = self.make_order(lines=[(self.service, 1, 100.0)])
            (self.shipped | self.billed).action_confirm()
        with self.on("2025-03-05"):
            self.ship(self.shipped.picking_ids)
        with self.on("2025-03-07"):
            self.bill = self.invoice(self.billed)
        self.made("2025-03-01", "2025-03-03")

    def made(self, ordered, documents):
        """Let orders and documents have been made on these days: in a test all are made as it begins."""
        self.env.flush_all()
        for records, day in (
            (self.shipped | self.billed, ordered),
            (self.shipped.picking_ids.move_ids, documents),
            (self.bill, documents),
        ):
            self.env.cr.execute(f"UPDATE {records._table} SET create_date = %s WHERE id = ANY(%s)", [day, records.ids])

    def date_orders(self, day):
        """Confirm the orders once more, or date them by hand."""
        (self.shipped | self.billed).date_order = f"{day} 04:00:00"

    def assert_listed(self):
        """Assert that each order is listed from its document on, in both lists."""
        for order, first, before in (
            (self.shipped, "2025-03-05", "2025-03-04"),
            (self.billed, "2025-03-07", "2025-03-06"),
        ):
            domain = [("order_id", "=", order.id)]
            for day, count in ((before, 0), (first, 1)):
                with self.subTest(order=order.name, day=day):
                    for model in ("sop.settlement.line", "sop.settlement.order"):
                        self.assertEqual(self.env[model].with_context(sop_day=day).search_count(domain), count)

    def test_dated_days_later(self):
        self.date_orders("2025-03-09")
        self.assert_listed()

    def test_dated_weeks_later(self):
        self.date_orders("2025-06-30")
        self.assert_listed()

    def test_made_later_than_dated(self):
        self.date_orders("2025-06-30")
        self.made("2025-06-29", "2025-06-30")
        self.assert_listed()

    def test_made_on_the_day_that_it_is_dated(self):
        """Late in the evening of UTC it is the next day where the company is."""
        self.date_orders("2025-06-30")
        self.made("2025-03-05 20:00:00", "2025-03-07 20:00:00")
        self.assert_listed()

    def test_nobody_knows_when_they_were_made(self):
        self.date_orders("2025-06-30")
        self.made(None, None)
        self.assert_listed()

    def test_by_index(self):
        """The rows that are looked for are few, and found by an index of their own."""
        # of the few rows of a test any index would do: only theirs gives them in order
        self.env.cr.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        for table, condition, order in (
            ("sale_order", "(date_order < create_date + interval '7 days') IS NOT TRUE", "date_order"),
            ("stock_move", "state = 'done' AND sale_line_id > 0 AND (date >= create_date) IS NOT TRUE", "date"),
            ("account_move", "state = 'posted' AND (date >= create_date::date) IS NOT TRUE", "date"),
        ):
            self.env.cr.execute(f"EXPLAIN SELECT {order} FROM {table} WHERE {condition} ORDER BY {order}")
            self.assertIn("_sop_", "\n".join(line for [line] in self.env.cr.fetchall()))
