"""Approvers learn of what waits for them: activity, mail, a reminder, the lead; each once, and gone when decided."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common_approvals import ApprovalCase

MONDAY = datetime(2026, 3, 2, 9)


@tagged("post_install", "-at_install")
class TestApprovalTelling(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.make_approvals(
            {"name": "Clerk"},
            {"name": "Board", "approver_kind": "group", "group_id": cls.board.id},
            checkpoint={"remind_hours": 4, "escalate_hours": 8},
        )
        cls.env.company.resource_calendar_id.tz = "UTC"

    def setUp(self):
        super().setUp()
        self.clock = freeze_time(MONDAY)
        self.time = self.clock.start()
        self.addCleanup(self.clock.stop)
        self.order = self.make_waiting(self.process)

    def mails(self):
        """Return ``[(subject, recipient)…]`` of all mails on approvals, oldest first."""
        found = self.env["mail.mail"].sudo().search([("model", "=", "sop.approval")], order="id")
        return [(mail.subject, mail.recipient_ids.email) for mail in found]

    def told(self):
        return self.names(self.order.activity_ids.filtered("sop_approval_id").user_id)

    def test_an_activity_and_a_mail_for_each(self):
        self.run_teller()
        self.run_teller()
        self.assertEqual(self.told(), ["clerk", "second"])
        subject = f"To approve: {self.order.name}: Clerk"
        self.assertEqual(self.mails(), [(subject, "clerk@example.com"), (subject, "second@example.com")])
        body = self.env["mail.mail"].sudo().search([("model", "=", "sop.approval")], limit=1).body_html
        for text in ("Business Customer", "200.00", f"/odoo/sop-approvals/{self.approvals(self.order, 'open').id}"):
            self.assertIn(text, body)
        self.assertFalse(self.decide(self.order, "clerk"))
        self.run_teller()
        self.assertEqual(self.told(), ["board1", "board2", "board3"])

    def test_who_has_nothing_to_tell_calls_nobody(self):
        """Every order is looked at again and again; the cron is asked for only when something is new to somebody."""
        asked = [("cron_id", "=", self.env.ref("order_sop.approval_cron").id)]
        before = self.env["ir.cron.trigger"].search_count(asked)
        self.assertTrue(before, "the approval was asked for")
        self.env["sop.engine.evaluation"]._run(self.order)
        self.commit()
        self.assertEqual(self.env["ir.cron.trigger"].search_count(asked), before)
        self.decide(self.order, "clerk")
        self.assertGreater(self.env["ir.cron.trigger"].search_count(asked), before)

    def test_a_mail_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env.ref("base.module_order_sop")._update_translations("zh_CN")
        self.users["clerk"].lang = "zh_CN"
        self.run_teller()
        bodies = self.env["mail.mail"].sudo().search([("model", "=", "sop.approval")], order="id").mapped("body_html")
        self.assertIn("客户", bodies[0])
        self.assertIn("Customer", bodies[1])

    def test_to_mark_the_activity_done_decides_nothing(self):
        self.run_teller()
        mine = self.order.activity_ids.filtered(lambda activity: activity.user_id == self.users["clerk"])
        mine.with_user(self.users["clerk"]).action_feedback("Approved, as far as I am concerned")
        self.commit()
        self.assertEqual(self.check_of(self.order).state, "pending")
        self.assertFalse(self.decide(self.order, "clerk"))

    def test_reminded_and_escalated_once_each(self):
        self.run_teller()
        before = len(self.mails())
        self.time.tick(timedelta(hours=3, minutes=59))
        self.run_teller()
        self.assertEqual(len(self.mails()), before)
        self.time.tick(timedelta(hours=2))
        for _again in range(2):
            self.run_teller()
            reminders = self.mails()[before:]
            self.assertEqual([subject[:16] for subject, _to in reminders], ["Still to approve"] * 2)
        self.time.tick(timedelta(days=1))
        for _again in range(2):
            self.run_teller()
            late = [to for subject, to in self.mails() if subject.startswith("Not decided in time")]
            self.assertEqual(late, ["head@example.com"])
        self.assertEqual(self.told(), ["clerk", "head", "second"])
        self.assertFalse(self.decide(self.order, "head"), "the lead may decide now")

    def test_decided_in_time_is_neither_reminded_nor_escalated(self):
        self.run_teller()
        self.assertFalse(self.decide(self.order, "clerk", "reject", "No"))
        before = len(self.mails())
        self.time.tick(timedelta(days=3))
        self.run_teller()
        self.assertEqual(len(self.mails()), before)

    def test_one_that_cannot_be_told_does_not_stop_the_others(self):
        other = self.make_waiting(self.process)
        other.sudo().activity_ids.unlink()
        original = type(self.env["sop.engine.teller"])._schedule

        def broken(engine, approval, user, summary):
            if approval.order_id == self.order:
                raise ValueError("Broken")
            return original(engine, approval, user, summary)

        self.patch(type(self.env["sop.engine.teller"]), "_schedule", broken)
        with self.assertLogs("odoo.addons.order_sop.engine.isolation", "ERROR"):
            self.run_teller()
        self.assertTrue(other.activity_ids.filtered("sop_approval_id"))
        self.assertFalse(self.told())
