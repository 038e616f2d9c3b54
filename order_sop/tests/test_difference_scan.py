"""The nightly search: which orders are looked at, in batches, and from where it goes on after it was stopped."""

from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common_settlement import DifferenceCase

SCAN = "odoo.addons.order_sop.engine.difference_scan"


@tagged("post_install", "-at_install")
class TestDifferenceScan(DifferenceCase):
    def setUp(self):
        super().setUp()
        with self.on("2025-02-10"):
            self.orders = self.env["sale.order"].union(*(self.make_delivered(quantity=2) for _number in range(3)))
        self.scan = self.env["sop.engine.difference.scan"]

    def search(self, stop_after=None):
        """Search as the cron does, one order at a time, and return the orders that were looked at; ``stop_after`` as
        many the time is up."""
        looked, engine, cron = [], type(self.env["sop.engine.difference"]), type(self.env["ir.cron"])
        look = engine._look

        def note(this, orders, day=None):
            looked.extend(orders & self.orders.with_env(orders.env))
            return look(this, orders, day)

        def report(_cron, _processed=0, remaining=None, **_options):
            return not stop_after or len(looked) < stop_after

        self.env.flush_all()
        with (
            patch(f"{SCAN}.AT_ONCE", 1),
            patch.object(engine, "_look", note),
            patch.object(cron, "_commit_progress", report),
        ):
            self.scan._cron_look()
        return self.env["sale.order"].union(*looked)

    def forget(self):
        """Let all that was written be long ago."""
        self.env.flush_all()
        past = "2025-01-01"
        for table in ("sale_order", "sale_order_line", "stock_move", "account_move"):
            self.env.cr.execute(SQL("UPDATE %s SET write_date = %s", SQL.identifier(table), past))
        self.env.cr.execute(SQL("UPDATE account_partial_reconcile SET create_date = %s, write_date = %s", past, past))
        self.env.cr.execute(SQL("UPDATE sop_proof SET create_date = %s", past))
        self.env.invalidate_all()

    def test_all_the_first_time_and_then_what_moved(self):
        self.assertEqual(self.search(), self.orders)
        self.assertEqual(self.differences(self.orders).mapped("kind"), ["not_invoiced"] * 3)
        invoices = self.bill(self.orders, "2025-02-11")
        with self.on("2025-02-11"):
            self.pay(invoices)
        self.search()
        self.assertEqual(set(self.differences(self.orders).mapped("state")), {"gone"})
        self.forget()
        self.assertFalse(self.search(), "nothing has moved")
        for number, change in enumerate(
            (
                lambda: self.orders[0].order_line.write({"price_unit": 90.0}),
                lambda: self.send_back(self.orders[1].picking_ids, 1),
                lambda: invoices.line_ids.remove_move_reconcile(),
            )
        ):
            self.forget()
            change()
            found = self.search()
            self.assertLessEqual(self.orders[: number + 1], found, "what moved, and what has a difference")
            self.assertTrue(number or found == self.orders[0])
        kinds = {difference.kind for difference in self.differences(self.orders) if difference.state == "open"}
        self.assertEqual(kinds, {"price", "no_credit_note", "overdue"})

    def test_stopped_it_goes_on(self):
        first = self.search(stop_after=1)
        self.assertEqual(len(first), 1)
        second = self.search(stop_after=1)
        self.assertEqual((first | second).ids, self.orders.sorted("id").ids[:2])
        self.assertEqual(self.search(), self.orders.sorted("id")[2:])
        scan = self.env["sop.difference.scan"].search([("company_id", "=", self.company.id)])
        self.assertTrue(scan.done_at)

    def test_one_that_fails_does_not_stop_the_others(self):
        bad, engine = self.orders[1], type(self.env["sop.engine.difference"])
        look = engine._look

        def fail(this, orders, day=None):
            if bad.id in orders.ids:
                raise ValueError("Broken")
            return look(this, orders, day)

        logged = self.assertLogs("odoo.addons.order_sop.engine.isolation", "ERROR")
        with patch.object(engine, "_look", fail), logged, self.enter_registry_test_mode():
            self.env.ref("order_sop.difference_cron").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.differences(self.orders).order_id, self.orders - bad)

    def test_it_is_found_when_it_is_due(self):
        """An invoice that becomes overdue is found though nobody touches it."""
        self.bill(self.orders[0], "2025-02-11", invoice_date_due=fields.Date.add(fields.Date.today(), days=3))
        self.search()
        self.forget()
        self.assertIn(self.orders[0], self.search())
