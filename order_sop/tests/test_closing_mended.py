"""Closings where it is narrow: payments reset to draft, searches that are stopped, merged and replaced customers."""

from datetime import datetime

from odoo.tests import tagged
from odoo.tools import SQL

from .common_settlement import ClosingCase

SINCE = datetime(2025, 6, 1)


@tagged("post_install", "-at_install")
class TestClosingMended(ClosingCase):
    def age(self):
        """Make all that was done until now old, as what the searches look for is what was written lately."""
        self.env.flush_all()
        for table in ("sale_order", "sale_order_line", "stock_move", "account_move", "account_partial_reconcile"):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = '2025-03-01', create_date = '2025-03-01'%s",
                    SQL.identifier(table),
                    SQL(", date = LEAST(date, '2025-03-01')") if table == "stock_move" else SQL(),
                )
            )
        self.env.cr.execute(SQL("UPDATE sop_closing SET signed_at = '2025-03-02' WHERE signed_at IS NOT NULL"))
        self.env.invalidate_all()

    def get_active(self, closing=None):
        """Return the ids of ``orders`` that are looked at for what was written since they were made old."""
        self.env.flush_all()
        found = self.env["sop.engine.difference.scan"]._get_active(self.company, SINCE, 0, 10_000, closing)
        return set(found) & set(self.orders.ids)

    # -- payments reset to draft ---------------------------------------------------------------------------------------

    def test_a_payment_reset_to_draft(self):
        with self.on("2025-02-20"):
            self.pay(self.invoice_1)
        closing = self.sign()
        term = self.invoice_1.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.age()
        self.assertNotIn(self.first.id, self.get_active())
        payment = term.matched_credit_ids.credit_move_id.move_id.origin_payment_id[:1]
        payment.action_draft()
        self.assertTrue(term.reconciled, "Odoo keeps what was reconciled")
        self.assertIn(self.first.id, self.get_active())
        rows = self.env["sop.settlement.order"]
        found = rows.search([("order_id", "in", self.orders.ids), ("has_open", "=", True)])
        self.assertIn(self.first, found.order_id)
        self.assertIn(payment.move_id.name, self.late(closing, self.first).documents)
        self.age()
        self.assertIn(self.first.id, self.get_active(), "it is open, and may be overdue one day")
