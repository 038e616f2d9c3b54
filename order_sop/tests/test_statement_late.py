"""Statements that were sent: what is booked into their time afterwards shows, and what was not delivered is told."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..engine.guard import as_engine
from .common_statements import StatementCase


@tagged("post_install", "-at_install")
class TestStatementLate(StatementCase):
    def notices(self, statement):
        own = [("model", "=", "sop.statement"), ("res_id", "=", statement.id)]
        return self.env["mail.message"].search([*own, ("message_type", "=", "user_notification")])

    def book_late(self):
        with self.on("2025-02-25"):
            self.pay(self.bill_abroad, amount=50.0)
        self.env.flush_all()

    def forget(self, statements, **ago):
        """Make it some time ago that ``statements`` were made and compared."""
        moment = self.env.cr.now() - timedelta(**ago)
        as_engine(statements).write({"made_at": moment, "compared_at": moment})

    # -- late entries --------------------------------------------------------------------------------------------------

    def test_a_later_document_shows(self):
        statement, _others = self.make()
        figures, checksum = statement.figures, statement.checksum
        late = [("id", "=", statement.id), ("late_count", ">", 0)]
        self.book_late()
        self.forget(statement, days=1)
        self.run_cron("statement_late_cron")
        self.assertEqual(statement.late_count, 1)
        self.assertTrue(statement.late_at)
        payment = self.bill_abroad.line_ids.matched_credit_ids.credit_move_id.move_id.sorted("date")[:1]
        self.assertIn(payment.name, statement.late_summary)
        self.assertIn("50.00", statement.late_summary)
        self.assertEqual(self.env["sop.statement"].with_user(self.users["auditor"]).search(late), statement)
        self.assertEqual((statement.figures, statement.checksum, statement.state), (figures, checksum, "sent"))
        self.assertEqual(statement.event_ids[:1].code, "late")
        self.assertIn(payment.name, statement.event_ids[:1].note)
        self.assertEqual(self.notices(statement).notified_partner_ids, self.users["finance"].partner_id)
        self.forget(statement, days=1)
        self.run_cron("statement_late_cron")
        self.assertEqual(len(statement.event_ids.filtered(lambda event: event.code == "late")), 1, "told once")
        payment.button_draft()
        self.forget(statement, days=1)
        self.run_cron("statement_late_cron")
        self.assertEqual((statement.late_count, statement.late_summary), (0, False))
        self.assertEqual(statement.event_ids[:1].code, "agrees")

    def test_looked_for_at_once(self):
        statement, _others = self.make()
        self.env["sop.engine.statement"]._confirm(statement, "Bo")
        self.book_late()
        for user in ("auditor", "sales", "manager"):
            with self.assertRaises(AccessError):
                statement.with_user(self.users[user]).action_compare()
        statement.with_user(self.users["finance"]).action_compare()
        self.assertEqual((statement.late_count, statement.state), (1, "confirmed"))

    def test_a_later_period_is_nothing_to_it(self):
        statement, _others = self.make()
        with self.on("2025-03-25"):
            self.pay(self.bill_abroad, amount=50.0)
        statement.with_user(self.users["finance"]).action_compare()
        self.assertEqual(statement.late_count, 0)

    def test_the_age_alone(self):
        statement, _others = self.make()
        self.bill.line_ids.filtered("date_maturity").remove_move_reconcile()
        statement.with_user(self.users["finance"]).action_compare()
        self.assertEqual(statement.late_count, 1)
        self.assertIn("age", statement.late_summary)

    def test_the_cron_asks_for_what_changed_alone(self):
        statement, _others = self.make()
        draft = statement.with_user(self.users["finance"])
        self.env.flush_all()
        due = self.env["sop.engine.statement.late"]._get_due
        self.assertNotIn(statement, due(), "it was made just now")
        self.forget(statement, days=1)
        self.assertIn(statement, due())
        self.env.cr.execute("UPDATE account_move_line SET write_date = '2025-03-01'")
        self.assertNotIn(statement, due(), "nothing was written")
        self.forget(statement, days=8)
        self.assertIn(statement, due(), "all are compared once a week")
        as_engine(draft).write({"state": "draft"})
        self.assertNotIn(statement, due())

    def test_queries_do_not_grow(self):
        counts = []
        for number in (5, 50):
            made, _others = self.make(partners=self.make_customers(number))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["sop.engine.statement.late"]._compare(made)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.env.invalidate_all()
        self.assertLessEqual(counts[1] - counts[0], 1)

    # -- old drafts ----------------------------------------------------------------------------------------------------

    def test_an_old_draft_is_made_anew(self):
        self.customer.email = False
        statement, _others = self.make()
        self.assertEqual((statement.state, statement.result), ("draft", "no_email"))
        before = statement.closing
        self.book_late()
        self.customer.email = "buyer@example.com"
        statement.with_user(self.users["finance"]).action_send()
        self.assertEqual(statement.state, "sent")
        self.assertNotEqual(statement.closing, before)
        self.assertFalse(statement.has_moved)
        self.assertTrue(statement.is_intact)

    def test_one_that_waits_for_the_cron_is_made_anew(self):
        with patch("odoo.addons.order_sop.engine.statement.MOST_AT_ONCE", 0):
            statement, _others = self.make()
        self.book_late()
        self.run_cron("statement_cron")
        self.assertEqual(statement.state, "sent")
        self.assertFalse(statement.has_moved)

    def test_a_draft_of_which_nothing_is_left(self):
        [partner] = self.make_customers(1, email=False)
        statement, _others = self.make(partners=partner)
        moves = self.env["account.move"].search([("partner_id", "=", partner.id)])
        moves.button_draft()
        self.env.flush_all()
        partner.email = "x@example.com"
        statement.with_user(self.users["finance"]).action_send()
        self.assertEqual((statement.state, statement.result), ("draft", "nothing"))

    # -- mails that are refused ----------------------------------------------------------------------------------------

    def refuse(self, statement, reason="Mailbox unknown"):
        mail = statement.sudo().mail_id
        mail.write({"state": "exception", "failure_reason": reason})
        mail._postprocess_sent_message([], [], failure_reason=reason, failure_type="mail_smtp")
        self.env.invalidate_all()
        return mail

    def test_a_mail_that_is_refused(self):
        statement, _others = self.make()
        mail = self.refuse(statement)
        self.assertEqual((statement.state, statement.result), ("draft", "refused"))
        self.assertEqual(statement.failure, "Mailbox unknown")
        self.assertEqual((statement.event_ids[:1].code, statement.event_ids[:1].note), ("refused", "Mailbox unknown"))
        self.assertEqual(self.notices(statement).notified_partner_ids, self.users["finance"].partner_id)
        statement.with_user(self.users["finance"]).action_send()
        self.assertEqual((statement.state, statement.result, statement.failure), ("sent", "sent", False))
        self.assertNotEqual(statement.sudo().mail_id, mail)
        self.assertEqual(mail.state, "cancel", "it does not go out as well")

    def test_a_mail_that_goes_out_in_the_end(self):
        statement, _others = self.make()
        mail = self.refuse(statement)
        mail._postprocess_sent_message(self.customer, [])
        self.assertEqual((statement.state, statement.result, statement.failure), ("sent", "sent", False))
        self.assertFalse(mail.exists())

    def test_an_answer_counts_more(self):
        statement, _others = self.make()
        self.env["sop.engine.statement"]._confirm(statement, "Bo")
        self.refuse(statement)
        self.assertEqual((statement.state, statement.result), ("confirmed", "refused"))

    def test_mails_of_others(self):
        statement, _others = self.make()
        other = self.env["mail.mail"].create({"model": "sop.statement", "res_id": statement.id, "body_html": "x"})
        other._postprocess_sent_message([], [], failure_reason="no", failure_type="mail_smtp")
        self.assertEqual((statement.state, statement.result), ("sent", "sent"))
