"""Mails to the after-sales address: what they open, what they are added to, and what opens nothing."""

from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import Form, tagged

from .common import SopFixture

MAIL = """From: {sender}
To: {to}
Subject: {subject}
Message-Id: <{number}@customer.example.com>
Date: Sat, 28 Nov 2026 10:00:00 +0000
{headers}MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="part"

--part
Content-Type: text/plain; charset=utf-8

{body}
--part
Content-Type: text/plain; name="note.txt"
Content-Disposition: attachment; filename="note.txt"

attached
--part--
"""


@tagged("post_install", "-at_install")
class TestCaseMail(SopFixture, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_company()
        cls.company.alias_domain_id = cls.mail_alias_domain
        cls.company._sop_set_case_alias("after-sales")
        cls.address = f"after-sales@{cls.mail_alias_domain.name}"
        cls.consumer.lang = "en_US"
        cls.order = cls.make_order(cls.consumer)
        cls.order.action_confirm()
        cls.foreign = cls.make_order(cls.customer)
        cls.foreign.action_confirm()
        cls.numbers = 0

    def receive(
        self, subject="Broken", sender="Consumer <consumer@example.com>", to=None, body="It is broken", **headers
    ):
        """Let the gateway take a mail and return the cases that it opened, and the mails that were sent."""
        type(self).numbers += 1
        known = self.env["sop.case"].search([])
        lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
        with self.mock_mail_gateway():
            self.env["mail.thread"].with_context(tracking_disable=False).message_process(
                False,
                MAIL.format(
                    sender=sender,
                    to=to or self.address,
                    subject=subject,
                    number=self.numbers,
                    headers=lines,
                    body=body,
                ),
            )
            self.env.flush_all()
            mails = list(self._mails)
        return self.env["sop.case"].search([]) - known, mails

    def said(self, case):
        """Return who wrote what on ``case`` by mail, oldest first."""
        messages = case.message_ids.filtered(lambda message: message.message_type == "email").sorted("id")
        return [(message.author_id, message.attachment_ids.mapped("name")) for message in messages]

    def test_story(self):
        case, mails = self.receive(f"Chair of order {self.order.name}: a leg is loose")
        self.assertEqual((case.kind, case.channel, case.partner_id), ("question", "mail", self.consumer))
        self.assertEqual((case.order_id, case.company_id), (self.order, self.company))
        self.assertEqual(case.subject, f"Chair of order {self.order.name}: a leg is loose")
        self.assertEqual(self.said(case), [(self.consumer, ["note.txt"])])
        [mail] = mails
        self.assertIn("consumer@example.com", mail["email_to"][0])
        self.assertIn(case.name, mail["subject"])
        self.assertIn(f"/my/cases/{case.id}", mail["body"])
        self.assertFalse(case.answered_at, "an acknowledgement is no answer")

        with self.mock_mail_gateway():
            answer = case.with_user(self.users["after_sales"]).message_post(
                body="Which leg?", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            self.env.flush_all()
            self.assertTrue([mail for mail in self._mails if "consumer@example.com" in str(mail["email_to"])])
        self.assertEqual(case.answered_by_id, self.users["after_sales"])
        first = case.answered_at
        answer = answer.sudo()
        none, mails = self.receive("Re: whatever", In_Reply_To=answer.message_id, body="The left one")
        self.assertFalse(none)
        self.assertEqual(len(self.said(case)), 2)
        none, mails = self.receive(f"One more thing about {case.name}")
        self.assertFalse(none)
        self.assertEqual((len(self.said(case)), case.answered_at), (3, first))

    def test_the_customers_word_calls_the_hook(self):
        case, _mails = self.receive()
        called = []
        self.patch(type(self.env["sop.case"]), "_sop_customer_spoke", lambda case: called.append(case.id))
        self.receive(f"About {case.name}")
        self.assertEqual(called, case.ids)
        case.message_post(body="Note", author_id=self.consumer.id, subtype_xmlid="mail.mt_note")
        case.with_user(self.users["after_sales"]).message_post(body="Ours", message_type="comment")
        self.receive(f"About {case.name}", Auto_Submitted="auto-replied", In_Reply_To=case.message_ids[0].message_id)
        self.assertEqual(called, case.ids, "neither notes, nor we, nor machines")

    def test_only_his_own(self):
        case, _mails = self.receive(f"{self.foreign.name} is broken")
        self.assertFalse(case.order_id, "it is another customer's")
        other, _mails = self.receive(f"{case.name}: let me in", sender="Other <other@example.com>")
        self.assertTrue(other)
        self.assertEqual(len(self.said(case)), 1)
        self.assertEqual(other.partner_id.email, "other@example.com", "who is not known yet becomes a contact")
        both = self.order.copy()
        both.action_confirm()
        case, _mails = self.receive(f"{self.order.name} and {both.name}")
        self.assertFalse(case.order_id, "which of the two is for a person to say")
        case, _mails = self.receive("x" * 5000)
        self.assertEqual(len(case.subject), 200)

    def test_of_another_company(self):
        sister = self.env["res.company"].create({"name": "Sister", "alias_domain_id": self.mail_alias_domain.id})
        sister._sop_set_case_alias("sister")
        case, _mails = self.receive(f"{self.order.name}", to=f"sister@{self.mail_alias_domain.name}")
        self.assertEqual((case.company_id, case.order_id.id), (sister, False))

    def test_machines_open_nothing(self):
        for headers in (
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-generated; owner-email=x"},
            {"Precedence": "bulk"},
            {"X_Autoreply": "yes"},
            {"List_Id": "<news.example.com>"},
            {"Return_Path": "<>"},
        ):
            case, mails = self.receive("Out of office", **headers)
            self.assertFalse(case or mails, headers)
        case, _mails = self.receive(Auto_Submitted="no")
        self.assertTrue(case)
        case, _mails = self.receive("Undelivered", sender="MAILER-DAEMON@example.com")
        self.assertFalse(case)

    def test_a_flood_is_stopped(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        opened = [bool(self.receive(f"Number {number}")[0]) for number in range(5)]
        self.assertEqual(opened, [True] * 3 + [False] * 2)

    def test_acknowledged_once_in_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.consumer.lang = "fr_FR"
        template = self.env.ref("order_sop.mail_template_case_received")
        template.with_context(lang="fr_FR").subject = "Nous avons votre message {{ object.name }}"
        with self.mock_mail_gateway():
            case = (
                self.env["sop.case"]
                .with_user(self.users["customer_service"])
                .create({"partner_id": self.consumer.id, "kind": "complaint"})
            )
            case.write({"kind": "question"})
            self.env.flush_all()
            self.assertEqual([mail["subject"] for mail in self._mails], [f"Nous avons votre message {case.name}"])
        with self.mock_mail_gateway():
            imported = self.env["sop.case"].with_context(import_file=True).create({"partner_id": self.consumer.id})
            self.env["sop.case"].create({"partner_id": self.env["res.partner"].create({"name": "No address"}).id})
            template.unlink()
            with self.assertLogs("odoo.addons.order_sop.engine.notify", "ERROR"):
                broken = self.env["sop.case"].create({"partner_id": self.consumer.id})
            self.env.flush_all()
            self.assertFalse(self._mails)
        self.assertTrue(imported and broken.exists())

    def test_the_address_in_the_settings(self):
        settings = Form(self.env["res.config.settings"])
        self.assertEqual(settings.sop_case_alias_name, "after-sales")
        settings.sop_case_alias_name = "help"
        settings.save().execute()
        self.assertEqual(self.company.sop_case_alias_id.alias_full_name, f"help@{self.mail_alias_domain.name}")
        self.assertTrue(self.receive(to=f"help@{self.mail_alias_domain.name}")[0])

    def test_who_answers(self):
        case, _mails = self.receive()
        customer = case.with_user(self.users["after_sales"])
        customer.message_post(body="Note", subtype_xmlid="mail.mt_note")
        customer.message_post(body="Automatic", subtype_xmlid="mail.mt_comment")
        case.message_post(
            body="He", author_id=self.consumer.id, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        case.message_unsubscribe(self.consumer.ids)
        customer.message_post(body="To nobody", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertFalse(case.answered_at)
        customer.message_post(
            body="To him",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.consumer.ids,
        )
        self.assertEqual(case.answered_by_id, self.users["after_sales"])
