"""Closings where it is narrow: payments reset to draft, searches that are stopped, merged and replaced customers."""

from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
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

    # -- searches that are stopped -------------------------------------------------------------------------------------

    def run_stopped(self, run, module):
        """Call ``run`` with one order a batch and time for one batch, until nothing remains.

        Return how often it was called.
        """
        told, calls = [], 0
        cron = self.env.registry["ir.cron"]

        def commit_progress(cron, processed=0, *, remaining=None, deactivate=False):
            told.append((processed, remaining))
            return 0 if processed else 60

        with (
            patch.object(cron, "_commit_progress", commit_progress),
            patch(f"odoo.addons.order_sop.engine.{module}.AT_ONCE", 1),
        ):
            while not told or told[-1][1]:
                calls += 1
                run()
                self.assertTrue(told[-1][0] or not told[-1][1], "a call that does nothing is called again for ever")
                self.assertLess(calls, 200)
        return calls

    def test_late_entries_go_on_where_they_stopped(self):
        closings = self.sign(partner_id=self.customer.id) | self.sign(partner_id=self.consumer.id)
        with self.on("2025-02-14"):
            third = self.make_delivered(quantity=1)
        self.age()
        (self.orders | third).order_line.price_unit = 70.0
        engine, seen = self.env["sop.engine.late"], []
        compare = type(engine)._compare

        def spy(self, closing, ids):
            seen.append((closing, *ids))
            return compare(self, closing, ids)

        self.env.flush_all()
        with patch.object(type(engine), "_compare", spy):
            self.run_stopped(engine._cron_compare, "late")
        mine = [row for row in seen if row[0] in closings]
        self.assertEqual(len(mine), len(set(mine)), "none is compared twice")
        self.assertEqual(closings.late_ids.order_id, self.orders | third)
        self.assertFalse(any(closings.mapped("began_at")))
        self.assertTrue(all(closings.mapped("compared_at")))
        began = closings[0].compared_at
        engine._get_round()
        self.assertGreaterEqual(closings[0].began_at, began, "a new round begins with all")

    def test_companies_that_are_done_wait_for_the_next_round(self):
        other = self.env["res.company"].create({"name": "Other"})
        companies, seen = self.company | other, []
        scan = self.env["sop.engine.difference.scan"]
        get_active = type(scan)._get_active

        def spy(self, company, since, after, *arguments):
            seen.append((company, after))
            return get_active(self, company, since, after, *arguments)

        with patch.object(type(scan), "_get_active", spy):
            self.run_stopped(scan._cron_look, "difference_scan")
        self.assertEqual(len(seen), len(set(seen)), "none is looked for twice")
        self.assertLessEqual(companies, self.env["res.company"].union(*(company for company, _after in seen)))
        scans = self.env["sop.difference.scan"].search([("company_id", "in", companies.ids)])
        self.assertTrue(all(scans.mapped("done_at")))
        scan._get_scans()
        self.assertFalse(any(scans.mapped("done_at")), "a new round begins with all")
        self.assertTrue(all(scans.mapped("since")))

    # -- whose orders they are -----------------------------------------------------------------------------------------

    def test_an_order_that_is_another_customers_by_now(self):
        with self.on("2025-02-20"):
            self.pay(self.invoice_2)
        closing = self.sign(partner_id=self.consumer.id)
        self.age()
        self.assertFalse(self.get_active(closing))
        self.second.partner_id = self.customer
        self.assertIn(self.second.id, self.get_active(closing))
        self.run_cron("late_cron")
        self.assertEqual(closing.late_ids.order_id, self.second)

    # -- merged customers ----------------------------------------------------------------------------------------------

    def merge(self, source, target):
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge((source | target).ids, target)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_a_merged_customer(self):
        """Both customers' closings of the day stay, as they were signed, the one who is left being the customer."""
        double = self.env["res.partner"].create({"name": "Double"})
        with self.on("2025-02-10"):
            order = self.make_order(partner=double, lines=[(self.service, 1, 10.0)])
            order.action_confirm()
        closings = self.sign(partner_id=double.id) | self.sign(partner_id=self.consumer.id)
        draft = self.make_closing(partner_id=double.id, day="2025-01-31").sudo()
        hashes, name = closings.mapped("hash"), closings[0].display_name
        double_id = double.id
        self.merge(double, self.consumer)
        self.assertEqual(closings.partner_id, self.consumer)
        self.assertEqual(closings.mapped("partner_ref"), [double_id, self.consumer.id])
        self.assertEqual((closings[0].partner_name, closings[0].display_name), ("Double", name))
        self.assertEqual((closings.mapped("hash"), closings.line_ids.order_id), (hashes, order | self.second))
        for closing in closings:
            self.assertEqual(closing.action_verify()["params"]["type"], "success")
        draft.with_user(self.users["finance"]).action_sign()
        self.assertEqual((draft.partner_ref, draft.partner_name), (self.consumer.id, self.consumer.name))

    def test_who_was_signed_is_of_the_hash(self):
        closing = self.sign(partner_id=self.consumer.id)
        for column, value in (("partner_ref", self.customer.id), ("partner_name", "Somebody else")):
            with self.subTest(column), self.cr.savepoint() as savepoint:
                self.env.cr.execute(
                    SQL("UPDATE sop_closing SET %s = %s WHERE id = %s", SQL.identifier(column), value, closing.id)
                )
                self.env.invalidate_all()
                self.assertEqual(closing.action_verify()["params"]["type"], "danger")
                savepoint.rollback()
            self.env.invalidate_all()

    def test_two_drafts_of_merged_customers(self):
        """Only one of them can be signed."""
        double = self.env["res.partner"].create({"name": "Double"})
        first, second = (self.make_closing(partner_id=partner.id) for partner in (double, self.consumer))
        self.merge(double, self.consumer)
        second.action_sign()
        with self.assertRaisesRegex(UserError, "a closing of that day already"):
            first.action_sign()

    def test_a_customer_is_no_contact(self):
        contact = self.env["res.partner"].create({"name": "Clerk", "parent_id": self.customer.id})
        with self.assertRaisesRegex(ValidationError, "not of a contact"):
            self.make_closing(partner_id=contact.id)
        closing = self.make_closing(partner_id=self.customer.id)
        with self.assertRaisesRegex(ValidationError, "not of a contact"):
            closing.partner_id = contact
        closing.partner_id = self.consumer
        self.assertEqual(closing.partner_ref, self.consumer.id)
        with self.assertRaises(AccessError):
            closing.partner_ref = self.customer.id

    # -- the dialog for a day ------------------------------------------------------------------------------------------

    def test_the_warning(self):
        closing = self.sign()
        wizard = self.env["sop.settlement.day"].with_user(self.users["finance"]).create({"day": "2025-02-28"})
        self.assertIs(wizard._get_warning(), False)
        for orders, words in ((self.second, "one late entry differs"), (self.orders, "2 late entries differ")):
            orders.order_line.price_unit = 90.0
            self.late(closing)
            self.assertIn(words, wizard._get_warning())
