"""The customer's page of his statement, and everybody who should not see it, over real requests."""

from odoo.tests import HttpCase, new_test_user, tagged

from .common_portal import CSRF
from .common_statements import FIRST, SECOND, StatementFixture


@tagged("post_install", "-at_install")
class TestStatementPortal(StatementFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_business()
        case = cls()
        cls.statement, _others = case.make()
        cls.next, _others = case.make(SECOND)
        other = cls.env["res.partner"].create({"name": "Other", "email": "other@example.com"})
        cls.bill.copy({"partner_id": other.id, "invoice_date": "2025-02-11", "date": "2025-02-11"}).action_post()
        cls.foreign, _others = case.make(partners=other)
        cls.sister = cls.env["res.company"].create({"name": "Sister"})
        for name, group, partner in (
            ("buyer", "portal", cls.customer),
            ("stranger", "portal", other),
            ("employee", "user", cls.env["res.partner"]),
        ):
            cls.users[name] = new_test_user(cls.env, login=f"sop_{name}", groups=f"base.group_{group}")
            if partner:
                cls.users[name].partner_id.parent_id = partner
        cls.rows = next(
            part["rows"] for part in cls.statement.figures["currencies"] if part["currency"] == cls.own.name
        )

    def visit_as(self, name):
        """Go on as the user called ``name``; None: nobody is logged in."""
        login = name and self.users[name].login
        self.authenticate(login, login)

    def go(self, statement, action="", token=None, form=None, csrf=True):
        """Return the answer to a request on ``statement`` (a record, or an id)."""
        self.env.flush_all()
        path = f"/my/statements/{statement if isinstance(statement, int) else statement.id}{action}"
        if token is not None:
            path += f"?access_token={token}"
        if form is not None and csrf:
            page = self.url_open("/web/login" if not self.session.uid else "/my/statements").text
            form = form | {"csrf_token": next(filter(None, CSRF.search(page).groups()))}
        response = self.url_open(path, data=form, timeout=60, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def routes(self):
        key = self.rows[0]["key"]
        return [
            ("", None),
            ("/pdf", None),
            ("/confirm", {"name": "Bo"}),
            ("/dispute", {"row": key, "note": "wrong", "name": "Bo"}),
        ]

    def test_foreign_missing_and_wrong_tokens(self):
        right = self.statement.access_token
        for name in (None, "stranger", "employee", "sales", "manager"):
            self.visit_as(name)
            for action, form in self.routes():
                for token in (None, "", "x", "é", right[:-1], self.foreign.access_token, self.next.access_token):
                    with self.subTest(name=name, action=action, token=token):
                        answer = self.go(self.statement, action, token, form)
                        self.assertEqual(answer.status_code, 404)
                        self.assertNotIn(self.bill.name, answer.text)
            self.assertEqual(self.statement.state, "sent")

    def test_statements_that_are_none(self):
        self.visit_as("buyer")
        self.next.flush_recordset()
        self.env.cr.execute("UPDATE sop_statement SET state = 'draft' WHERE id = %s", [self.next.id])
        self.env.invalidate_all()
        for number in (0, self.next.id, 10**9, 2**31, 10**12):
            for action, form in self.routes():
                self.assertEqual(self.go(number, action, self.next.access_token, form).status_code, 404)

    def test_the_customer_confirms_by_the_link(self):
        token = self.statement.access_token
        self.visit_as(None)
        page = self.go(self.statement, token=token)
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.bill.name, page.text)
        self.assertNotIn("Confirm</", self.go(self.foreign, token=token).text)
        self.assertIn(self.go(self.statement, "/confirm", token, {"name": "x" * 300}).status_code, (302, 303))
        self.assertEqual((self.statement.state, self.statement.answered_by), ("confirmed", "x" * 100))
        again = self.go(self.statement, "/dispute", token, self.routes()[3][1])
        self.assertIn("sop=answered_before", again.headers["Location"])
        self.assertEqual(self.statement.state, "confirmed")
        self.assertNotIn("<textarea", self.go(self.statement, token=token).text)

    def test_the_customer_disputes_with_his_login(self):
        self.visit_as("buyer")
        self.assertIn(f"/my/statements/{self.statement.id}", self.url_open("/my/statements").text)
        evil = "<script>alert(1)</script>" + "x" * 3000
        for form in ({"note": "x"}, {"row": self.rows[0]["key"], "note": " "}, {"row": "none", "note": "x"}):
            self.assertIn("sop=unclear", self.go(self.statement, "/dispute", None, form).headers["Location"])
        self.assertEqual(self.statement.state, "sent")
        keys = [row["key"] for row in self.rows]
        answer = self.go(self.statement, "/dispute", None, {"row": keys, "note": evil, "name": "Somebody else"})
        self.assertIn("sop=disputed", answer.headers["Location"])
        self.assertEqual((self.statement.state, len(self.statement.dispute_ids)), ("disputed", len(keys)))
        self.assertEqual(len(self.statement.dispute_ids[0].text), 2000)
        self.assertEqual(self.statement.answered_by, self.users["buyer"].partner_id.display_name)
        page = self.go(self.statement).text
        self.assertNotIn("<script>alert", page)
        self.assertIn("&lt;script&gt;", page)

    def test_the_house_does_not_speak_for_him(self):
        for name in ("finance", "employee"):
            self.visit_as(name)
            page = self.go(self.statement, token=self.statement.access_token)
            self.assertNotIn("I confirm this", page.text)
            for action, form in self.routes()[2:]:
                answer = self.go(self.statement, action, self.statement.access_token, form)
                self.assertEqual(answer.status_code, 403)
        self.assertEqual(self.statement.state, "sent")

    def test_without_the_form_of_the_page(self):
        self.visit_as("buyer")
        for action, form in self.routes()[2:]:
            self.assertEqual(self.go(self.statement, action, None, form, csrf=False).status_code, 400)
            self.assertIn(self.go(self.statement, action).status_code, (404, 405))
        self.assertEqual(self.statement.state, "sent")

    def test_lists_only_his_own(self):
        self.visit_as(None)
        self.assertIn(self.url_open("/my/statements", allow_redirects=False).status_code, (302, 303))
        self.visit_as("stranger")
        for page in ("1", "x", "-1", "99999", "9" * 30):
            text = self.url_open(f"/my/statements?page={page}").text
            self.assertNotIn(f'/my/statements/{self.statement.id}"', text)
            self.assertIn(f'/my/statements/{self.foreign.id}"', text)

    def test_another_company(self):
        """Its statement is the customer's all the same, but no accountant's who does not work there."""
        self.env.cr.execute("UPDATE sop_statement SET company_id = %s WHERE id = %s", [self.sister.id, self.next.id])
        self.env.invalidate_all()
        self.visit_as("buyer")
        self.assertEqual(self.go(self.next).status_code, 200)
        self.visit_as("finance")
        self.assertEqual(self.go(self.next).status_code, 404)
        for path in (
            f"/web/content/{self.next.attachment_id.id}",
            f"/report/pdf/order_sop.sop_statement_pdf/{self.next.id}",
        ):
            answer = self.url_open(path, allow_redirects=False)
            self.assertNotEqual(answer.status_code, 200)
            self.assertNotIn(self.bill.name, answer.text)
        self.assertEqual(self.url_open(f"/web/content/{self.statement.attachment_id.id}").status_code, 200)

    def test_nothing_over_rpc_nor_by_files(self):
        self.env.flush_all()
        for name in ("buyer", "stranger", "employee", "sales", "manager"):
            self.visit_as(name)
            for model, record in (("sop.statement", self.statement), ("ir.attachment", self.statement.attachment_id)):
                params = {"model": model, "method": "read", "args": [record.ids, []], "kwargs": {}}
                answer = self.url_open(f"/web/dataset/call_kw/{model}/read", json={"params": params}).json()
                self.assertIn("AccessError", answer["error"]["data"]["name"], (name, model))
            for path in (
                f"/web/content/{self.statement.attachment_id.id}",
                f"/report/html/order_sop.sop_statement_pdf/{self.statement.id}",
                f"/report/pdf/order_sop.sop_statement_pdf/{self.statement.id}",
            ):
                answer = self.url_open(path, allow_redirects=False)
                self.assertNotEqual(answer.status_code, 200, (name, path))
                self.assertNotIn(self.bill.name, answer.text)

    def test_period(self):
        self.assertEqual(str(self.statement.date_to), FIRST[1])
