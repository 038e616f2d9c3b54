"""Customer statements: what nobody of the house may find out, and what customers dispute."""

from freezegun import freeze_time

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common_statements import FIRST, StatementFixture


@tagged("post_install", "-at_install")
class TestStatementMended(StatementFixture):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_business()

    def test_nobody_of_the_house_reads_the_customers_link(self):
        statement, _others = self.make()
        token = statement.sudo().access_token
        mail = self.env["mail.mail"].search([("model", "=", statement._name), ("res_id", "=", statement.id)])
        self.assertIn(token, mail.body_html)
        self.assertNotIn(token, mail.mail_message_id.body)
        for user in ("finance", "auditor", "manager"):
            messages = self.env["mail.message"].with_user(self.users[user])
            self.assertFalse(messages.search([("body", "ilike", token)]))
            with self.assertRaises(AccessError):
                mail.with_user(self.users[user]).read(["body_html"])
        message = mail.mail_message_id
        mail._postprocess_sent_message([], [])  # as it goes out
        self.assertFalse(mail.exists())
        self.assertFalse(message.exists())
        self.assertTrue(statement.attachment_id.exists())

    def test_the_last_day_of_a_period_is_not_over(self):
        for moment, over in (("2025-02-28 15:59:00", False), ("2025-02-28 16:01:00", True)):  # Shanghai: UTC+8
            with freeze_time(moment):
                if over:
                    self.assertTrue(self.make(FIRST)[0])
                else:
                    with self.assertRaisesRegex(ValidationError, "over"):
                        self.make(FIRST)
