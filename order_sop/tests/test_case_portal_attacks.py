"""Whoever is not the customer sees nothing of his cases and does nothing with them, by pages or by RPC."""

import json

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common_cases import HTML, CasePortalCase, picture
from .common_customer import INTERNAL

EVIL = (None, "", "x", "é", "0" * 36)


@tagged("post_install", "-at_install")
class TestCasePortalAttacks(CasePortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["employee"] = new_test_user(cls.env, login="sop_employee", groups="base.group_user", name="Employee")
        cls.users["colleague"] = new_test_user(cls.env, login="sop_colleague", groups="base.group_portal")
        cls.users["colleague"].partner_id.parent_id = cls.customer
        cls.foreign = cls.send(partner=cls.consumer, number="TRACK-9")
        cls.case = cls.make_case(cls.order, cls.customer)
        cls.other = cls.make_case(cls.foreign, cls.consumer)
        cls.file = cls.case.message_ids.attachment_ids
        cls.note = cls.case.message_post(
            body=f"Note {INTERNAL}", attachments=[("secret.png", picture())], subtype_xmlid="mail.mt_note"
        )
        cls.loose = cls.env["ir.attachment"].create(
            {"name": "loose.png", "raw": picture(), "res_model": "sop.case", "res_id": cls.case.id}
        )

    @classmethod
    def make_case(cls, order, partner):
        case = cls.env["sop.case"].create(
            {
                "order_id": order.id,
                "partner_id": partner.id,
                "description": "Private words",
                "line_ids": [
                    Command.create(
                        {"order_line_id": line.id, "qty": 1, "reason_id": cls.env.ref("order_sop.case_reason_late").id}
                    )
                    for line in order.order_line[0]
                ],
            }
        )
        case.message_post(
            body="Private words",
            attachments=[("leg.png", picture())],
            author_id=partner.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return case

    def get_routes(self, case):
        """Return ``[(path, form or None)]``: each route of a case as its customer would use it."""
        path = f"/my/cases/{case.id}"
        return [
            (path, None),
            (f"{path}/slip", None),
            (f"{path}/file/{case.message_ids.attachment_ids[:1].id}", None),
            (f"{path}/message", {"text": "Hello"}),
            (f"{path}/agree", {}),
            (f"{path}/disagree", {"text": "Hello"}),
        ]

    def assert_nothing(self, response, *context, statuses=(404,)):
        self.assertIn(response.status_code, statuses, context)
        for secret in ("Private words", "leg.png", self.case.name, INTERNAL):
            self.assertNotIn(secret, response.text, context)

    def state(self):
        self.env.invalidate_all()
        cases = self.case | self.other
        return cases.mapped("agreed_at"), len(cases.message_ids), self.env["sop.case"].search_count([])

    def test_pages(self):
        before, right = self.state(), self.case_token(self.case)
        foreign = self.case_token(self.other)
        for name in (None, "stranger", "employee"):
            self.visit_as(name)
            for path, form in self.get_routes(self.case):
                for token in (*EVIL, foreign, right[:-1], right.upper(), self.order._portal_ensure_token()):
                    if token == right:
                        continue
                    answer = self.get(path, token) if form is None else self.send_form(path, token, **form)
                    self.assert_nothing(answer, name, path, token)
            if name:
                self.assertNotIn(self.case.name, self.get("/my/cases").text)
        self.assertEqual(self.state(), before)
        self.visit_as("buyer")
        for number in (0, 10**9, 2**31, 10**12):
            self.assertEqual(self.get(f"/my/cases/{number}").status_code, 404)
            self.assertEqual(self.get(f"/my/cases/page/{number}").status_code, 200)

    def test_who_belongs_to_the_customer(self):
        for name in ("buyer", "colleague"):
            self.visit_as(name)
            self.assertIn("Private words", self.get(f"/my/cases/{self.case.id}").text)
            self.assertIn(self.case.name, self.get("/my/cases").text)
            self.assertNotIn(self.other.name, self.get("/my/cases").text)
        sister = self.env["res.company"].create({"name": "Sister"})
        self.env.cr.execute("UPDATE sop_case SET company_id = %s WHERE id = %s", [sister.id, self.case.id])
        self.env.invalidate_all()
        self.assert_nothing(self.get(f"/my/cases/{self.case.id}"))
        self.assertNotIn(self.case.name, self.get("/my/cases").text)

    def test_colleagues_of_the_house_look_but_do_not_speak(self):
        before = self.state()
        self.visit_as("after_sales")
        page = self.get(f"/my/cases/{self.case.id}").text
        self.assertIn("Private words", page)
        self.assertNotIn(INTERNAL, page)
        self.assertNotIn("sop_write", page)
        for path, form in self.get_routes(self.case)[3:]:
            self.assertEqual(self.send_form(path, **form).status_code, 403, path)
        self.assertEqual(self.state(), before)

    def test_files_of_others(self):
        self.visit_as("buyer")
        path = f"/my/cases/{self.case.id}/file"
        self.assertEqual(self.get(f"{path}/{self.file.id}").status_code, 200)
        other = self.other.message_ids.attachment_ids
        for file in (other, self.note.attachment_ids, self.loose):
            self.assertEqual(self.get(f"{path}/{file.id}").status_code, 404, file.name)
        for number in (0, 10**9, 2**31, 10**12):
            self.assertEqual(self.get(f"{path}/{number}").status_code, 404)
        for file in (self.file, other, self.note.attachment_ids, self.loose):
            for url in (f"/web/content/{file.id}", f"/web/image/{file.id}"):
                content = self.get(url).content
                self.assertNotEqual(content, file.raw, url)

    def test_orders_of_others(self):
        before = self.state()
        line = self.foreign.order_line[0]
        for name in ("stranger", None):
            self.visit_as(name)
            for token in (*EVIL[:4], self.case_token(self.case)):
                for path, form in (
                    (f"/my/orders/{self.order.id}/case", None),
                    (f"/my/orders/{self.order.id}/case/open", self.form()),
                ):
                    answer = self.get(path, token) if form is None else self.send_form(path, token, **form)
                    self.assert_nothing(answer, name, path, statuses=(303,))
        self.visit_as("buyer")
        page = self.open_case(**self.form("1", line=line))  # a line of somebody else
        self.assertIn("how many", page.text)
        self.assertEqual(self.state(), before)
        case = self.open_case(
            **self.form("1"),
            partner_id=self.consumer.id,
            order_id=self.foreign.id,
            state="closed",
            channel="office",
            company_id=10**9,
            line_ids="[]",
        )
        self.assertEqual((case.order_id, case.state, case.channel), (self.order, "open", "portal"))
        self.assertEqual(case.partner_id.commercial_partner_id, self.customer)

    @mute_logger("odoo.http")
    def test_without_the_token_of_the_form(self):
        before = self.state()
        self.visit_as("buyer")
        routes = [*self.get_routes(self.case)[3:], (f"/my/orders/{self.order.id}/case/open", self.form())]
        for path, form in routes:
            self.assertEqual(self.send_form(path, csrf=False, **form).status_code, 400, path)
        for path, _form in routes:
            self.assertIn(self.get(path).status_code, (404, 405), path)
        self.assertEqual(self.state(), before)

    def call(self, url, **params):
        """Return the JSON answer of a call by the visitor."""
        self.commit()
        answer = self.url_open(url, json={"params": params}).json()
        self.env.invalidate_all()
        return answer

    @mute_logger("odoo.http")
    def test_rpc(self):
        before, token = self.state(), self.case_token(self.case)
        fields = ["name", "access_token", "description"]
        reads = [
            ("sop.case", "search_read", [[]], {"fields": fields}),
            ("sop.case", "read", [self.case.ids, fields], {}),
            ("sop.case", "web_search_read", [[], {"name": {}}], {}),
            ("sop.case", "export_data", [self.case.ids, fields], {}),
            ("sop.case.line", "search_read", [[]], {}),
            ("sop.case.reason", "search_read", [[]], {}),
            ("ir.attachment", "read", [(self.file | self.loose).ids, ["name"]], {}),
            ("mail.message", "read", [self.note.ids, ["body"]], {}),
            ("sop.case", "get_portal_url", [self.case.ids], {}),
        ]
        writes = [
            ("sop.case", "create", [{"partner_id": self.customer.id, "order_id": self.order.id}], {}),
            ("sop.case", "write", [self.case.ids, {"agreed_at": "2026-01-01 00:00:00"}], {}),
            ("sop.case", "unlink", [self.case.ids], {}),
            ("sop.case", "message_post", [self.case.ids], {"body": "Hello"}),
            ("sop.case", "message_new", [{"subject": "Hello"}, {"partner_id": self.customer.id}], {}),
            ("sop.case", "message_subscribe", [self.case.ids, self.users["buyer"].partner_id.ids], {}),
            ("sop.case.line", "write", [self.case.line_ids.ids, {"qty": 3}], {}),
            ("mail.message", "write", [self.case.message_ids.ids, {"body": "Other words"}], {}),
            ("mail.message", "unlink", [self.case.message_ids.ids], {}),
        ]
        for name in ("buyer", "stranger"):
            self.visit_as(name)
            for model, method, args, kwargs in reads + writes:
                answer = self.call(
                    f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=args, kwargs=kwargs
                )
                self.assertTrue("error" in answer or not answer["result"], (name, model, method, answer))
                self.assertNotIn(token, json.dumps(answer))
        self.assertEqual(self.state(), before)
        self.assertEqual(self.case.line_ids.qty, 1)

    @mute_logger("odoo.http")
    def test_other_doors_to_the_messages(self):
        """Odoo's own pages for messages take no token of a case: files would come in unseen there."""
        before, token = self.state(), self.case_token(self.case)
        partner = self.users["buyer"].partner_id
        proof = {"token": token, "hash": self.case._sign_token(partner.id), "pid": partner.id}
        thread = {"thread_model": "sop.case", "thread_id": self.case.id}
        for name in (None, "stranger", "buyer"):
            self.visit_as(name)
            answer = self.call("/mail/message/post", **thread, post_data={"body": "Hello"}, **proof)
            self.assertIn("error", answer)
            answer = self.call("/mail/chatter_fetch", **thread, **proof)
            self.assertNotIn("Private words", json.dumps(answer))
            self.assertNotIn(INTERNAL, json.dumps(answer))
            upload = self.url_open(
                "/mail/attachment/upload",
                data={"csrf_token": self.csrf_of_session(), **thread, **proof},
                files={"ufile": ("a.html", HTML, "image/png")},
            )
            self.assertNotIn("attachment_id", upload.text)
            report = self.get(f"/report/html/order_sop.sop_return_slip/{self.case.id}")
            self.assert_nothing(report, name, statuses=(303, 403, 404, 500))
        self.assertEqual(self.state(), before)
