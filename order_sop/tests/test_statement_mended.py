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

    # -- disputes ------------------------------------------------------------------------------------------------------

    def dispute(self, statement, *moves):
        """Have the customer dispute the rows of ``moves``; return ``{order: what he disputes of it}``."""
        rows = [row for part in statement.figures["currencies"] for row in part["rows"]]
        keys = {row["key"] for row in rows if row["move_id"] in [move.id for move in moves]}
        self.env["sop.engine.statement"]._dispute(statement, keys, "No", self.customer, "Bo")
        found = self.env["sop.difference"].search(
            [("kind", "=", "disputed"), ("order_id.partner_id", "=", self.customer.id)]
        )
        return {difference.order_id: difference.amount for difference in found}

    def bill_both(self):
        """Return ``(orders, their one invoice, its receipt)``: of 100 and 300, of which half is paid."""
        with self.on("2025-02-12"):
            orders = self.make_order(lines=[(self.prepaid, 1, 100.0)]) + self.make_order(lines=[(self.prepaid, 3, 100)])
            orders.action_confirm()
            invoice = self.invoice(orders)
        with self.on("2025-02-15"):
            self.pay(invoice, amount=200.0)
        terms = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        return orders, invoice, terms.matched_credit_ids.credit_move_id.move_id

    def test_each_order_has_its_share_of_an_invoice(self):
        (small, large), invoice, receipt = self.bill_both()
        self.assertEqual(len(invoice), 1)
        statement, _others = self.make()
        self.assertEqual(self.dispute(statement, invoice), {small: 100.0, large: 300.0})
        self.assertEqual(statement.dispute_ids.order_names, f"{small.name}, {large.name}")
        self.assertEqual(self.dispute(statement, receipt), {small: 50.0, large: 150.0})  # both rows by now

    def test_rows_of_one_order_sum_up(self):
        (small, large), invoice, receipt = self.bill_both()
        statement, _others = self.make()
        found = self.dispute(statement, invoice, receipt, self.bill_abroad)
        self.assertEqual(found, {small: 50.0, large: 150.0, self.abroad: 1000.0})

    def test_orders_of_other_companies_are_not_touched(self):
        (small, large), invoice, _receipt = self.bill_both()
        statement, _others = self.make()
        sister = self.env["res.company"].create({"name": "Sister"})
        self.env.flush_all()
        for table, column in (("sale_order", "id"), ("sale_order_line", "order_id")):
            self.env.cr.execute(f"UPDATE {table} SET company_id = %s WHERE {column} = %s", [sister.id, small.id])
        self.env.invalidate_all()
        self.assertEqual(self.dispute(statement, invoice), {large: 300.0})

    def test_what_belongs_to_no_order_is_the_customers(self):
        [partner] = self.make_customers(1)
        statement, _others = self.make(partners=partner)
        [row] = statement.figures["currencies"][0]["rows"]
        self.env["sop.engine.statement"]._dispute(statement, {row["key"]}, "Never ordered", partner, "Bo")
        self.assertEqual((statement.state, statement.dispute_ids.amount), ("disputed", 10.0))
        found = self.env["sop.difference"].search([("partner_id", "=", partner.id)])
        self.assertEqual((found.order_id.id, found.amount, found.claim), (False, 10.0, "Never ordered"))
