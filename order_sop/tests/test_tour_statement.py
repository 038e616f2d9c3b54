from odoo.tests import HttpCase, tagged

from .common_statements import StatementFixture


@tagged("post_install", "-at_install")
class TestTourStatement(StatementFixture, HttpCase):
    def test_from_the_list_to_a_sent_statement(self):
        self.customer.email = "buyer@example.com"
        with self.on("2025-02-10"):
            order = self.make_order(lines=[(self.prepaid, 5, 100.0)], name="STATED")
            order.action_confirm()
            self.invoice(order)
        with self.on("2025-02-20"):
            self.pay(order.invoice_ids, amount=150.0)
        self.start_tour("/odoo/sop-settlement", "order_sop_finance_sends_a_statement", login="sop_finance", timeout=180)
        self.env.invalidate_all()
        statement = self.env["sop.statement"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((statement.state, statement.made_by_id), ("sent", self.users["finance"]))
        self.start_tour("/odoo/sop-statements", "order_sop_finance_reads_a_statement", login="sop_finance", timeout=180)
