"""What a customer disputes that belongs to no order is a difference of his all the same."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_statements import FIRST, SECOND, StatementCase


@tagged("post_install", "-at_install")
class TestStatementNoOrder(StatementCase):
    def dispute(self, statement, *keys, text="Not mine"):
        self.env["sop.engine.statement"]._dispute(statement, set(keys), text, self.customer, "Bo")
        return self.env["sop.difference"].search([("statement_id", "=", statement.id)])

    def rows(self, statement):
        return [row for part in statement.figures["currencies"] for row in part["rows"]]

    def test_a_payment_of_nothing(self):
        with self.on("2025-02-22"):
            payment = self.env["account.payment"].create(
                {"partner_id": self.customer.id, "amount": 70.0, "payment_type": "inbound", "date": "2025-02-22"}
            )
            payment.action_post()
        statement, _others = self.make()
        [row] = [row for row in self.rows(statement) if row["move_id"] == payment.move_id.id]
        found = self.dispute(statement, row["key"])
        self.assertEqual((found.kind, found.state, found.order_id.id), ("disputed", "open", False))
        self.assertEqual((found.partner_id, found.company_id), (self.customer, self.company))
        self.assertEqual((found.amount, found.claim, found.move_id), (-70.0, "Not mine", payment.move_id))
        self.assertEqual(found.user_id, self.users["finance"], "whoever made the statement")
        self.assertEqual(found.event_ids.mapped("code"), ["disputed"])
        self.assertIn(self.customer.name, found.display_name)
        self.assertEqual(found.action_open_document()["res_id"], payment.move_id.id)
        # it holds wherever differences are read
        for user in ("finance", "auditor"):
            rows = self.env["sop.difference"].with_user(self.users[user])
            self.assertIn(found, rows.search([("partner_id", "child_of", self.customer.id)]))
            found.with_user(self.users[user]).web_read({"display_name": {}, "order_id": {"fields": {}}})
        for user in ("sales", "manager", "warehouse"):
            with self.assertRaises(AccessError):
                found.with_user(self.users[user]).read(["claim"])
        for model in ("sop.settlement.order", "sop.settlement.line"):
            lists = self.env[model].with_user(self.users["finance"])
            whole = lists.search_count([])
            having = lists.search_count([("difference_kind", "!=", False)])
            self.assertEqual(lists.search_count([("difference_kind", "=", False)]), whole - having)
            self.assertTrue(whole)
        self.env["sop.duty.conflict"].search_count([])
        self.run_cron("difference_cron")
        self.assertEqual(found.state, "open", "no search closes a dispute")
        mine = found.with_user(self.users["finance"])
        mine.action_look_again()
        mine.action_explain(self.env.ref("order_sop.difference_reason_agreed").id, "He sees it")
        self.assertEqual(found.state, "explained")

    def test_the_opening_balance(self):
        statement, _others = self.make(SECOND)
        found = self.dispute(statement, f"opening/{self.own.id}", f"opening/{self.foreign.id}", "opening/x")
        self.assertEqual(
            {difference.currency_id: difference.amount for difference in found},
            {self.own: 350.0, self.foreign: 1000.0},
        )
        self.assertEqual(statement.dispute_ids.mapped("name"), ["Opening balance"] * 2)
        self.assertIn("Not mine", str(statement.content))

    def test_an_opening_balance_of_nothing(self):
        statement, _others = self.make(FIRST)
        with self.assertRaisesRegex(Exception, "which rows"):
            self.dispute(statement, f"opening/{self.own.id}")

    def test_of_an_order_in_part(self):
        """A payment of which a part is left over: the order has its share, the customer the rest."""
        with self.on("2025-02-22"):
            order = self.make_order(lines=[(self.prepaid, 3, 100.0)])
            order.action_confirm()
            invoice = self.invoice(order)
            self.pay(invoice, amount=400.0)
        payment = invoice.line_ids.matched_credit_ids.credit_move_id.move_id
        statement, _others = self.make()
        [row] = [row for row in self.rows(statement) if row["move_id"] == payment.id]
        found = self.dispute(statement, row["key"])
        self.assertEqual(found.amount, -100.0)
        of_order = self.env["sop.difference"].search([("order_id", "=", order.id), ("kind", "=", "disputed")])
        self.assertEqual(of_order.amount, -300.0)
        self.assertEqual(statement.dispute_ids.order_names, order.name)
