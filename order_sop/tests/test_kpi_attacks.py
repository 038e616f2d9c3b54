"""Who may see figures, over real requests; and the workbook."""

import io
import json
from datetime import timedelta
from urllib.parse import urlencode

from openpyxl import load_workbook

from odoo import fields
from odoo.tests import tagged

from .common_http import Refused, SopHttpCase


@tagged("post_install", "-at_install")
class TestKpiAttacks(SopHttpCase):
    """What leads to figures is open to those alone who may see them; nothing is written by anybody."""

    def test_who_gets_in(self):
        today = str(fields.Date.today())
        for user in ("sales", "warehouse", "finance", "legal"):
            for method, args in (("get_page", [today, today]), ("get_choices", []), ("action_export", [today, today])):
                with self.subTest(user=user, method=method), self.assertRaises(Refused) as caught:
                    self.rpc("sop.kpi", method, *args, user=user)
                self.assertIn("AccessError", caught.exception.name)
        kpi = self.env.ref("order_sop.sop_kpi_backlog")
        for model, method, args in (
            ("sop.kpi", "write", [kpi.ids, {"formula": "x"}]),
            ("sop.kpi", "unlink", [kpi.ids]),
            ("sop.order.fact", "search_read", [[]]),
            ("sop.visit.tally", "search_read", [[]]),
        ):
            with self.subTest(method=method), self.assertRaises(Refused):
                self.rpc(model, method, *args, user="warehouse")

    def test_orders_are_told_to_leads_alone(self):
        self.make_delivered()
        self.assertEqual(self.rpc("sop.order.report", "search_read", [], ["order_id"], user="warehouse"), [])
        self.assertEqual(self.rpc("sop.case.report", "search_read", [], ["case_id"], user="warehouse"), [])

    def test_reports_tell_each_his_own(self):
        """A salesperson analyses his own orders, people their own work, a lead his department's."""
        self.departments["warehouse"].lead_id = self.users["warehouse"]
        order = self.make_delivered()
        other = self.make_gated(user_id=self.users["manager"].id)
        mine = self.rpc("sop.order.report", "search_read", [], ["order_id"], user="sales")
        self.assertEqual([row["order_id"][0] for row in mine], order.ids)
        everybody = self.rpc("sop.order.report", "search_read", [], ["order_id"], user="auditor")
        self.assertLessEqual({order.id, other.id}, {row["order_id"][0] for row in everybody})
        work = self.rpc("sop.people.report", "search_read", [], ["user_id"], user="sales")
        self.assertEqual({row["user_id"][0] for row in work}, {self.users["sales"].id})
        stages = self.rpc("sop.stage.report", "search_read", [], ["department_id"], user="warehouse")
        self.assertTrue(stages)
        self.assertEqual({row["department_id"][0] for row in stages}, {self.departments["warehouse"].id})
        self.assertEqual(self.rpc("sop.stage.report", "search_read", [], ["department_id"], user="legal"), [])

    def test_workbook(self):
        """What the page shows, as a file with charts; names that look like formulas stay text."""
        self.make_delivered()
        self.commit()
        today = fields.Date.today()
        query = {"date_from": str(today - timedelta(29)), "date_to": str(today), "filters": json.dumps({})}
        self.authenticate("sop_manager", "sop_manager")
        response = self.url_open(f"/order_sop/kpis/xlsx?{urlencode(query)}")
        self.assertEqual(response.status_code, 200, response.text[:300])
        book = load_workbook(io.BytesIO(response.content))
        self.assertEqual(len(book.sheetnames), 3)
        codes = {row[0].value: row[2].value for row in book.worksheets[0].iter_rows(min_row=4)}
        backlog = self.env.ref("order_sop.sop_kpi_backlog").name
        page = self.env["sop.kpi"].with_user(self.users["manager"]).get_page(query["date_from"], query["date_to"])
        self.assertEqual(codes[backlog], next(kpi["value"] for kpi in page["kpis"] if kpi["code"] == "backlog"))
        self.assertTrue(book.worksheets[2]._charts)
        self.authenticate("sop_sales", "sop_sales")
        self.assertEqual(self.url_open(f"/order_sop/kpis/xlsx?{urlencode(query)}").status_code, 403)
        self.authenticate("sop_manager", "sop_manager")
        self.assertEqual(self.url_open("/order_sop/kpis/xlsx?date_from=x").status_code, 400)
        self.assertEqual(self.url_open(f"/order_sop/kpis/xlsx?{urlencode(query | {'filters': '['})}").status_code, 400)
