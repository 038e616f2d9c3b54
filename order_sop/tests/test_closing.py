"""Sign-off: a month is signed, what is booked into it afterwards shows, and nothing that was signed changes."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..engine.ledger import COLUMNS
from .common_settlement import ClosingCase


@tagged("post_install", "-at_install")
class TestClosing(ClosingCase):
    # -- signing -------------------------------------------------------------------------------------------------------

    def test_a_month_is_signed(self):
        with Form(self.env["sop.closing"].with_user(self.users["finance"])) as form:
            form.day = "2025-02-28"
        closing = form.save()
        self.assertEqual(closing.state, "draft")
        closing.action_sign()
        self.assertEqual((closing.state, closing.signed_by_id), ("signed", self.users["finance"]))
        rows = self.env["sop.settlement.order"].with_context(sop_day="2025-02-28").browse(self.orders.ids)
        for line, row in zip(self.lines(closing), rows, strict=True):
            self.assertEqual((line.order_name, line.partner_name), (row.order_id.name, row.partner_id.name))
            for name in COLUMNS:
                expected = (
                    row[name]
                    if name in row._fields
                    else sum(
                        self.row(row.order_id, "2025-02-28", index)[name]
                        for index in range(len(row.order_id.order_line))
                    )
                )
                self.assertAlmostEqual(line[name], float(expected), 6, name)
        self.assertEqual(self.lines(closing).mapped("outstanding"), [600, 180])
        scope = self.env["sop.settlement.order"].with_context(sop_day="2025-02-28")
        everything = scope.search([("company_id", "=", self.company.id)])
        self.assertEqual(closing.line_count, len(everything))
        self.assertAlmostEqual(closing.outstanding_company, sum(everything.mapped("outstanding_company")), 2)
        self.assertFalse(self.late(closing, everything.order_id))
        self.assertEqual(closing.action_verify()["params"]["type"], "success")

    def test_one_customer(self):
        closing = self.sign(partner_id=self.consumer.id)
        self.assertEqual(closing.line_ids.order_id, self.second)
        self.sign()
        with self.on("2025-02-15"), self.assertRaisesRegex(UserError, "day is over"):
            self.sign(day="2025-02-15")

    def test_in_batches_it_is_the_same(self):
        whole = self.sign()
        rows = self.lines(whole).mapped("outstanding")
        with patch("odoo.addons.order_sop.engine.closing.AT_ONCE", 1):
            self.assertTrue(self.env["sop.engine.closing"]._is_intact(whole))
            other = self.sign(partner_id=self.customer.id)
            self.assertEqual(self.lines(other).mapped("outstanding"), rows[:1])
        with patch("odoo.addons.order_sop.engine.late.AT_ONCE", 1):
            self.assertFalse(self.late(whole))

    def test_names_with_everything_in_them(self):
        name = "Tab\tand\nline \\ back \\N | “长城”"
        partner = self.env["res.partner"].create({"name": name})
        with self.on("2025-02-10"):
            order = self.make_delivered(quantity=1, partner=partner)
        closing = self.sign(partner_id=partner.id)
        self.assertEqual(closing.line_ids.mapped("partner_name"), [name])
        self.assertEqual(closing.line_ids.order_id, order)
        self.assertFalse(self.late(closing, order))

    def test_four_eyes(self):
        self.company.sop_countersign = True
        other = new_test_user(self.env, login="sop_finance_2", groups="order_sop.group_finance")
        closing = self.sign()
        self.assertEqual(closing.state, "half")
        with self.assertRaisesRegex(AccessError, "Four eyes"):
            closing.with_user(self.users["finance"]).action_countersign()
        closing.with_user(other).action_countersign()
        self.assertEqual((closing.state, closing.countersigned_by_id), ("signed", other))
        with self.assertRaisesRegex(UserError, "Signed by now"):
            closing.with_user(self.users["finance"]).action_sign()

    def test_nothing_signed_changes(self):
        closing = self.sign()
        finance = closing.with_user(self.users["finance"])
        for change in (
            lambda: finance.write({"day": "2025-03-31"}),
            lambda: finance.write({"note": "x"}),
            lambda: finance.write({"state": "draft"}),
            finance.unlink,
            closing.unlink,
            lambda: closing.write({"day": "2025-03-31"}),
            lambda: closing.write({"state": "draft"}),
            lambda: closing.line_ids[:1].write({"paid": 1}),
            lambda: closing.line_ids[:1].unlink(),
            lambda: closing.line_ids.create({"closing_id": closing.id, "order_id": self.first.id}),
            lambda: closing.event_ids.unlink(),
            lambda: closing.event_ids.write({"note": "x"}),
        ):
            with self.assertRaises(UserError):  # AccessError is one
                change()
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE sop_closing_line SET paid = paid + 0.01 WHERE id = %s", self.lines(closing)[0].id)
        )
        self.assertEqual(closing.action_verify()["params"]["type"], "danger")

    def test_signed_once(self):
        self.sign()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.make_closing()

    # -- late entries --------------------------------------------------------------------------------------------------

    def test_a_refund_is_back_dated(self):
        closing = self.sign()
        before = self.lines(closing).mapped("net_invoiced_total")
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=self.invoice_1.ids
        )
        wizard = wizard.create({"date": "2025-02-27", "journal_id": self.invoice_1.journal_id.id})
        refund = self.env["account.move"].browse(wizard.refund_moves()["res_id"])
        refund.action_post()
        entry = self.late(closing)
        self.assertEqual((entry.order_id, entry.net_invoiced_change), (self.first, -1000))
        self.assertIn("Net Invoiced: ", entry.summary)
        self.assertIn(refund.name, entry.documents)
        self.assertEqual(self.env["account.move"].search(entry.action_open_documents()["domain"]) & refund, refund)
        self.assertEqual(self.lines(closing).mapped("net_invoiced_total"), before)
        refund.button_draft()
        self.assertFalse(self.late(closing))
        self.assertEqual(entry.state, "gone")

    def test_a_payment_is_unreconciled(self):
        closing = self.sign()
        lines = self.invoice_1.line_ids.filtered(lambda line: line.display_type == "payment_term")
        lines.remove_move_reconcile()
        entry = self.late(closing)
        self.assertEqual((entry.order_id, entry.paid_change, entry.outstanding_change), (self.first, -400, 400))

    def test_a_price_is_changed(self):
        closing = self.sign()
        self.second.order_line[0].price_unit = 60.0
        entry = self.late(closing)
        self.assertEqual(entry.order_id, self.second)
        self.assertEqual(entry.changes["ordered_total"], ["280.00", "320.00"])

    def test_what_comes_later_is_no_late_entry(self):
        closing = self.sign()
        with self.on("2025-03-05"):
            self.pay(self.invoice_1)
            self.ship(self.second.picking_ids.filtered(lambda picking: picking.state != "done"))
        self.bill(self.second, "2025-03-05")
        self.assertFalse(self.late(closing))

    def test_an_order_that_was_not_there(self):
        closing = self.sign()
        with self.on("2025-02-25"):
            order = self.make_delivered(quantity=1)
        self.assertEqual(self.late(closing, order).order_id, order)

    def test_the_cron_finds_them(self):
        closing = self.sign()
        self.pay(self.invoice_2, payment_date="2025-02-27")
        self.run_cron("late_cron")
        self.assertEqual(closing.late_ids.order_id, self.second)
        self.assertTrue(closing.compared_at)
        self.assertEqual(closing.event_ids[:1].code, "late")

    def test_the_lists_warn(self):
        closing = self.sign()
        self.second.order_line[0].price_unit = 60.0
        self.late(closing)
        for day, late in (
            ("2025-02-28", self.second),
            ("2025-02-20", self.second),
            ("2025-03-01", self.env["sale.order"]),
        ):
            rows = self.env["sop.settlement.order"].with_user(self.users["finance"]).with_context(sop_day=day)
            found = rows.search([("order_id", "in", self.orders.ids), ("is_late", "=", True)])
            self.assertEqual(found.order_id, late)
            self.assertEqual(rows.browse(self.orders.ids).filtered("is_late"), found)
            form = Form(self.env["sop.settlement.day"].with_user(self.users["finance"]))
            form.day = day
            self.assertEqual("one late entry" in (form.warning or ""), bool(late))

    # -- reopening -----------------------------------------------------------------------------------------------------

    def test_reopened_by_the_lead(self):
        closing = self.sign()
        finance = closing.with_user(self.users["finance"])
        with self.assertRaisesRegex(AccessError, "lead of Finance"):
            finance.action_reopen("A credit note is missing")
        self.departments["finance"].lead_id = self.users["finance"]
        with self.assertRaisesRegex(UserError, "Say why"):
            finance.action_reopen("  ")
        wizard = self.env["sop.closing.dialog"].with_user(self.users["finance"])
        form = Form(wizard.with_context(**finance.action_open_dialog()["context"]))
        form.reason = "A credit note is missing"
        form.save().action_confirm()
        self.assertEqual((closing.state, closing.reason), ("reopened", "A credit note is missing"))
        self.assertEqual(closing.event_ids.mapped("code"), ["unsigned", "signed"])
        self.assertEqual(len(self.lines(closing)), 2, "what was signed stays")
        self.second.order_line[0].price_unit = 60.0
        again = self.sign()
        self.assertEqual(self.lines(again).mapped("ordered_total"), [1000, 320])
        self.assertEqual(self.lines(closing).mapped("ordered_total"), [1000, 280])

    def test_an_sop_manager_of_finance(self):
        manager = self.users["manager"]
        closing = self.sign()
        with self.assertRaises(AccessError):
            closing.with_user(manager).action_reopen("Because")
        manager.group_ids += self.env.ref("order_sop.group_finance")
        closing.with_user(manager).action_reopen("Because")
        self.assertEqual(closing.reopened_by_id, manager)

    # -- how much it asks ----------------------------------------------------------------------------------------------

    def test_queries_do_not_grow(self):
        counts = []
        for number, name in ((1, "A"), (5, "B"), (50, "C")):
            partner = self.env["res.partner"].create({"name": name})
            with self.on("2025-02-10"):
                for _number in range(number):
                    order = self.make_order(partner=partner, lines=[(self.service, 1, 10.0)])
                    order.action_confirm()
                    self.bill(order, "2025-02-10")
            closing = self.make_closing(partner_id=partner.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            closing.action_sign()
            closing.action_compare()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(closing.line_count, number)
        self.assertLessEqual(counts[2] - counts[1], 1, "who signs may have been read or not")
