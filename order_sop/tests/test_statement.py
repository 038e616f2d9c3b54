"""Customer statements: what they say is what is booked; they are made and sent once, and answered."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..engine import statement as engine_statement
from .common_statements import FIRST, SECOND, StatementCase


@tagged("post_install", "-at_install")
class TestStatement(StatementCase):
    def test_made_and_sent(self):
        statement, others = self.make()
        self.assertFalse(others)
        self.assertEqual((statement.state, statement.result), ("sent", "sent"))
        self.assertEqual(statement.contact_id, self.customer)
        engine = self.env["sop.engine.statement"].with_context(force_report_rendering=True)
        self.assertTrue(engine._get_pdf(statement).raw.startswith(b"%PDF"))
        self.assertTrue(statement.is_intact)
        self.assertIn("350", statement.closing)
        mail = self.env["mail.mail"].search([("model", "=", statement._name), ("res_id", "=", statement.id)])
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertEqual(mail.attachment_ids, statement.attachment_id)
        self.assertIn(statement._get_url().replace("&", "&amp;"), mail.body_html)
        content = statement.with_user(self.users["auditor"]).content
        self.assertIn(self.bill.name, content)

    def test_never_twice(self):
        first, _others = self.make()
        made, others = self.make()
        self.assertFalse(made)
        self.assertEqual(others, [(self.customer, "before")])
        again, _others = self.make(reason="He lost it")
        self.assertEqual((again.state, again.again_reason), ("sent", "He lost it"))
        self.assertNotEqual(again.key, first.key)
        with self.assertRaisesRegex(UserError, "Say why"):
            first.with_user(self.users["finance"]).action_make_again(" ")
        action = first.with_user(self.users["finance"]).action_make_again("Lost again")
        self.assertEqual(self.env["sop.statement"].browse(action["res_id"]).again_reason, "Lost again")
        self.make(SECOND)
        self.assertEqual(self.env["sop.statement"].search_count([("partner_id", "=", self.customer.id)]), 4)

    def test_what_was_sent_does_not_change(self):
        statement, _others = self.make()
        figures, pdf = statement.figures, statement.attachment_id.raw
        self.assertFalse(statement.has_moved)
        with self.on("2025-02-25"):
            self.pay(self.bill_abroad, amount=50.0)
        self.env.invalidate_all()
        self.assertTrue(statement.has_moved)
        statement.with_user(self.users["finance"]).action_send()
        self.assertEqual((statement.figures, statement.attachment_id.raw), (figures, pdf))
        self.env.cr.execute("UPDATE sop_statement SET figures = '{\"currencies\": []}' WHERE id = %s", [statement.id])
        self.env.invalidate_all()
        self.assertFalse(statement.is_intact)

    def test_results(self):
        silent, idle = self.make_customers(1, email=False), self.env["res.partner"].create({"name": "Idle"})
        made, others = self.make(partners=self.customer + silent + idle)
        self.assertEqual({one.partner_id: one.result for one in made}, {self.customer: "sent", silent: "no_email"})
        self.assertEqual(others, [(idle, "nothing")])
        silent.email = "now@example.com"
        again, others = self.make(partners=silent)
        self.assertEqual((again, again.state), (made - made[0] if made[0].partner_id != silent else made[0], "sent"))

    def test_one_that_fails_does_not_stop_the_others(self):
        partners = self.make_customers(3)
        send = type(self.env["mail.template"]).send_mail

        def fail(template, res_id, **kwargs):
            if self.env["sop.statement"].browse(res_id).partner_id == partners[1]:
                raise ValueError("no")
            return send(template, res_id, **kwargs)

        self.patch(type(self.env["mail.template"]), "send_mail", fail)
        with self.assertLogs("odoo.addons.order_sop.engine.isolation", "ERROR"):
            made, _others = self.make(partners=partners)
        self.assertEqual(made.sorted("partner_id").mapped("result"), ["sent", "failed", "sent"])

    def test_many_are_sent_by_the_cron(self):
        self.patch(engine_statement, "MOST_AT_ONCE", 1)
        made, _others = self.make(partners=self.make_customers(3))
        self.assertEqual(made.mapped("result"), ["waiting"] * 3)
        self.run_cron("statement_cron")
        self.assertEqual(made.mapped("state"), ["sent"] * 3)

    def test_whoever_gets_the_invoices_gets_it(self):
        contact = self.env["res.partner"].create(
            {"name": "Books", "email": "books@example.com", "type": "invoice", "parent_id": self.customer.id}
        )
        statement, _others = self.make()
        mail = self.env["mail.mail"].search([("model", "=", statement._name), ("res_id", "=", statement.id)])
        self.assertEqual((statement.contact_id, mail.recipient_ids), (contact, contact))

    def test_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        statement, _others = self.make()
        self.assertEqual(statement._get_lang(), "zh_CN")
        self.assertEqual(statement.with_context(lang="zh_CN")._get_content()["to"], "2025/02/28")

    def test_dialog(self):
        dialog = self.env["sop.statement.dialog"].with_user(self.users["finance"])
        form = Form(dialog.with_context(active_model="res.partner", active_ids=self.customer.ids))
        form.date_from, form.date_to = FIRST
        record = form.save()
        self.assertEqual(record.partner_ids, self.customer)
        record.action_send()
        self.assertEqual(record.line_ids.mapped("result"), ["sent"])
        form = Form(dialog)
        form.date_from, form.date_to = FIRST
        form.partner_ids.add(self.customer)
        record = form.save()
        record.action_send()
        self.assertEqual(record.line_ids.mapped("result"), ["before"])
        form = Form(dialog)
        form.date_from, form.date_to, form.again = *FIRST, True
        form.partner_ids.add(self.customer)
        form.again_reason = "Lost"
        record = form.save()
        record.action_send()
        self.assertEqual(record.line_ids.statement_id.again_reason, "Lost")

    def test_periods(self):
        for period in (("2025-02-28", "2025-02-01"), ("2025-02-01", "2999-01-01")):
            with self.assertRaises(ValidationError):
                self.make(period)

    def test_rights(self):
        statement, _others = self.make()
        for user in ("auditor", "sales", "manager", "warehouse"):
            with self.assertRaises(AccessError):
                self.make(SECOND, user=user)
            for action in ("action_send", "action_make_again"):
                with self.assertRaises(AccessError):
                    getattr(statement.with_user(self.users[user]), action)(*(["x"] if "again" in action else []))
        for user in ("sales", "manager", "warehouse", "officer"):
            with self.assertRaises(AccessError):
                statement.with_user(self.users[user]).read(["closing"])
            with self.assertRaises(AccessError):
                statement.attachment_id.with_user(self.users[user]).read(["raw"])
        for user in ("finance", "auditor"):
            own = statement.with_user(self.users[user])
            self.assertTrue(own.attachment_id.raw)
            for change in (own.unlink, own.copy, lambda own=own: own.write({"state": "confirmed"})):
                with self.assertRaises(AccessError):
                    change()
            with self.assertRaises(AccessError):
                own.read(["access_token"])
        company = self.env["res.company"].create({"name": "Sister"})
        with self.assertRaises(AccessError):
            engine = self.env["sop.engine.statement"].with_user(self.users["finance"])
            engine._make(self.customer, company, statement.date_from, statement.date_to)

    def test_answers(self):
        engine = self.env["sop.engine.statement"]
        statement, _others = self.make()
        [invoice, receipt] = next(p for p in statement.figures["currencies"] if p["currency"] == self.own.name)["rows"]
        with self.assertRaises(UserError):
            engine._dispute(statement, {"nothing"}, "x", self.customer, "Bo")
        engine._dispute(statement, {invoice["key"], "nothing"}, "Too dear", self.customer, "Bo")
        self.assertEqual((statement.state, statement.answered_by), ("disputed", "Bo"))
        dispute = statement.dispute_ids
        self.assertEqual((dispute.text, dispute.amount, dispute.order_names), ("Too dear", 500.0, self.order.name))
        found = self.env["sop.difference"].search([("order_id", "=", self.order.id), ("kind", "=", "disputed")])
        self.assertEqual((found.claim, found.state), ("Too dear", "open"))
        with self.assertRaises(UserError):
            engine._dispute(statement, {invoice["key"]}, "Again", self.customer, "Bo")
        engine._dispute(statement, {receipt["key"]}, "I paid more", self.customer, "Bo")
        self.assertEqual(len(statement.dispute_ids), 2)
        engine._confirm(statement, "Bo")
        self.assertEqual(statement.state, "confirmed")
        for call in (
            lambda: engine._confirm(statement, "Bo"),
            lambda: engine._dispute(statement, {receipt["key"]}, "x", self.customer, "Bo"),
        ):
            with self.assertRaises(UserError):
                call()
