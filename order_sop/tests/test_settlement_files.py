"""The settlement's files over real requests: who gets them, and what garbage ends in."""

import io
import json
from urllib.parse import urlencode

import openpyxl

from odoo.tests import HttpCase, new_test_user, tagged

from .test_settlement_book import BookCase


@tagged("post_install", "-at_install")
class TestSettlementFiles(BookCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["employee"] = new_test_user(cls.env, login="sop_employee", groups="base.group_user")
        cls.users["portal"] = new_test_user(cls.env, login="sop_portal", groups="base.group_portal")
        cls.sister = cls.env["res.company"].create({"name": "Sister"})

    def get(self, user, **parameters):
        """Return the answer to a request for the workbook."""
        login = user and self.users[user].login
        self.authenticate(login, login)
        self.env.flush_all()
        parameters = {"domain": json.dumps(self.domain), "day": "2025-02-20"} | parameters
        return self.url_open(f"/order_sop/settlement/xlsx?{urlencode(parameters)}", timeout=60, allow_redirects=False)

    def test_finance_and_auditors_get_it(self):
        for user in ("finance", "auditor"):
            for model in ("sop.settlement.line", "sop.settlement.order"):
                answer = self.get(user, model=model)
                self.assertEqual(answer.status_code, 200)
                self.assertIn("2025-02-20.xlsx", answer.headers["Content-Disposition"])
                book = openpyxl.load_workbook(io.BytesIO(answer.content))
                orders = {row[0].value for row in book["Orders"].iter_rows(min_row=4, max_row=5)}
                self.assertEqual(orders, set(self.orders.mapped("name")))

    def test_nobody_else_does(self):
        for user in ("sales", "warehouse", "officer", "manager", "employee", "portal"):
            self.assertEqual(self.get(user).status_code, 403, user)
        self.assertIn(self.get(None).status_code, (302, 303))

    def test_garbage(self):
        for parameters in (
            {"domain": "x"},
            {"domain": "[" * 20_000},
            {"domain": "5"},
            {"domain": '[["nothing", "=", 1]]'},
            {"domain": '[["order_id.partner_id.nothing", "=", 1]]'},
            {"model": "res.users"},
            {"day": "tomorrow"},
            {"day": "2025-02-31"},
            {"companies": "x"},
        ):
            self.assertEqual(self.get("finance", **parameters).status_code, 400, parameters)

    def test_other_companies(self):
        self.assertEqual(self.get("finance", companies=str(self.sister.id)).status_code, 403)
        self.assertEqual(self.get("finance", companies=f"{self.company.id},{self.sister.id}").status_code, 403)
        self.first.company_id  # noqa: B018
        self.env.cr.execute("UPDATE sale_order SET company_id = %s WHERE id = %s", [self.sister.id, self.first.id])
        self.env.cr.execute(
            "UPDATE sale_order_line SET company_id = %s WHERE order_id = %s", [self.sister.id, self.first.id]
        )
        self.env.invalidate_all()
        book = openpyxl.load_workbook(io.BytesIO(self.get("finance").content))
        values = {cell.value for row in book["Orders"].iter_rows() for cell in row}
        self.assertNotIn(self.first.name, values)
        self.assertIn(self.second.name, values)

    def test_sheet_of_an_order(self):
        path = f"/report/html/order_sop.sop_settlement_sheet/{self.first.id}"
        path += f"?{urlencode({'context': json.dumps({'sop_day': '2025-02-20'})})}"
        self.env.flush_all()
        for user in ("finance", "auditor"):
            self.authenticate(self.users[user].login, self.users[user].login)
            answer = self.url_open(path, timeout=60)
            self.assertEqual(answer.status_code, 200)
            for text in (self.first.name, self.first.invoice_ids.name, "150.00", "250.00"):
                self.assertIn(text, answer.text)
        for user in ("sales", "manager", "employee", "portal"):
            self.authenticate(self.users[user].login, self.users[user].login)
            answer = self.url_open(path, timeout=60, allow_redirects=False)
            self.assertNotEqual(answer.status_code, 200, user)
            self.assertNotIn("150.00", answer.text)
