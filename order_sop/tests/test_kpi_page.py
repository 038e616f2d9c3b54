"""The page of KPIs as people open it: targets, trends, the workbook, the digest; and who may not."""

import io
import json
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import urlencode

from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..reports.kpi_noise import likelihood
from ..reports.kpi_scope import Figure
from .common_gates import GateCase
from .common_http import Refused, SopHttpCase


@tagged("post_install", "-at_install")
class TestKpiPage(GateCase):
    def setUp(self):
        super().setUp()
        self.departments["finance"].lead_id = self.users["finance"]
        self.today = fields.Date.today()
        self.days = (str(self.today - timedelta(29)), str(self.today))

    def page(self, user="manager", **filters):
        self.commit()
        kpis = self.env["sop.kpi"].with_user(self.users[user]).get_page(*self.days, filters)["kpis"]
        return {kpi["code"]: kpi for kpi in kpis}

    def rows(self, code, user="manager", **filters):
        """Return the records that the figure with ``code`` opens, as ``user`` sees them."""
        kpi = self.env["sop.kpi"].with_user(self.users[user]).search([("code", "=", code)])
        action = kpi.action_view_rows(*self.days, filters)
        return self.env[action["res_model"]].with_user(self.users[user]).search(action["domain"])

    def test_story(self):
        """The SOP's owner looks: three orders came, one was cancelled, one is done but for the close; each figure opens
        as many rows as it counts, and says how it was computed."""
        orders = self.make_reviewed() | self.make_reviewed() | self.make_settled()
        orders[0]._action_cancel()
        page = self.page()
        self.assertEqual(page["orders_begun"]["value"], 3)
        self.assertAlmostEqual(page["cancelled"]["value"], 100 / 3)
        self.assertEqual(page["backlog"]["value"], 2)
        for code, kpi in page.items():
            with self.subTest(code):
                self.assertTrue(kpi["formula"] and kpi["source"] and kpi["unit"])
                rows = self.rows(code)
                lines = code in ("on_time_lines", "returned_lines")
                if kpi["section"] != "money":
                    self.assertEqual(sum(rows.mapped("goods_lines")) if lines else len(rows), kpi["count"], rows)
        self.assertEqual(self.rows("cancelled").order_id, orders)

    def test_a_lead_sees_his_department(self):
        order = self.make_settled()
        self.tick(order, "Nothing open")
        with self.assertRaises(AccessError):
            self.page("finance")
        page = self.page("finance", department=self.departments["finance"].id)
        self.assertNotIn("dso", page, "of the company, not of a department")
        stages = self.rows("stages_done", "finance", department=self.departments["finance"].id)
        self.assertEqual(len(stages), page["stages_done"]["value"])
        self.assertEqual(stages.department_id, self.departments["finance"])
        begun = self.rows("orders_done", "finance", department=self.departments["finance"].id)
        self.assertEqual(len(begun), page["orders_done"]["value"], "the lead opens what he is shown")
        with self.assertRaises(AccessError):
            self.page("finance", department=self.departments["sales"].id)
        for user in ("sales", "warehouse"):
            with self.assertRaises(AccessError):
                self.page(user, department=self.departments["finance"].id)
            with self.assertRaises(AccessError):
                self.env["sop.kpi"].with_user(self.users[user]).get_choices()
        self.assertFalse(self.env["sop.kpi"].with_user(self.users["finance"]).get_choices()["all"])
        self.assertTrue(self.env["sop.kpi"].with_user(self.users["auditor"]).get_choices()["all"])

    def test_all_there_ever_was(self):
        self.make_reviewed()
        self.days = ("1970-01-01", "9000-12-31")
        self.assertEqual(self.page()["orders_begun"]["count"], len(self.rows("orders_begun")))

    def test_changed_orders_are_asked_for_once(self):
        self.make_reviewed()
        facts = type(self.env["sop.engine.fact"])
        with patch.object(facts, "_get_changed", autospec=True, side_effect=facts._get_changed) as asked:
            self.page()
        self.assertEqual(asked.call_count, 1)

    def test_targets(self):
        """The company wants nine of ten on time until the end of the year; then more."""
        kpis = self.env["sop.kpi"].search([])
        kpi = kpis.filtered(lambda kpi: kpi.code == "cancelled")
        target = {"kpi_id": kpi.id, "green": 5.0, "amber": 40.0, "date_to": self.today}
        target = self.env["sop.kpi.target"].with_user(self.users["manager"]).create(target)
        self.make_reviewed()._action_cancel()
        self.make_reviewed()
        self.make_reviewed()
        self.assertEqual(self.page()["cancelled"]["light"], "amber")
        target.amber = 20.0
        self.assertEqual(self.page()["cancelled"]["light"], "red")
        target.green = 20.0
        target.write({"green": 34.0, "amber": 40.0})
        self.assertEqual(self.page()["cancelled"]["light"], "green")
        target.date_to = self.today - timedelta(1)
        self.assertFalse(self.page()["cancelled"]["light"])
        with self.assertRaises(ValidationError):
            target.write({"green": 50.0})
        with self.assertRaises(ValidationError):
            target.copy({"date_from": False, "date_to": False})
        target.copy({"date_from": self.today, "date_to": False})
        neutral = kpis.filtered(lambda kpi: kpi.better == "none")[:1]
        with self.assertRaises(ValidationError):
            target.copy({"kpi_id": neutral.id})
        for user in ("officer", "auditor", "finance"):
            with self.assertRaises(AccessError):
                target.with_user(self.users[user]).green = 1.0

    def test_wrong_input(self):
        kpi = self.env["sop.kpi"].with_user(self.users["manager"])
        for days in (("2025-02-01", "2025-01-01"), ("x", "y"), (None, None), ("0001-01-01", "2025-01-01")):
            with self.assertRaises(UserError):
                kpi.get_page(*days)
        for filters in ({"partner_id": "1; DROP"}, {"version": [1]}, {"department": 10**9}, {"process": 5}):
            with self.assertRaises(UserError):
                kpi.get_page(*self.days, filters)
        self.assertEqual(self.page(process="NONE")["orders_begun"]["value"], 0)

    def test_compared_with_another_version(self):
        """Orders of version 1 were sent back, those of version 2 were not: what is more than chance is told."""
        for _number in range(10):
            order = self.make_confirmed()
            order.with_user(self.users["manager"]).action_sop_send_back(self.gated.stage_ids[0].id, "Again")
        draft = self.gated.browse(self.gated.action_new_version()["res_id"])
        draft.action_publish()
        for _number in range(10):
            order = self.make_gated(draft)
            self.tick(order, "Reviewed")
        self.commit()
        kpi = self.env["sop.kpi"].with_user(self.users["manager"])
        page = kpi.get_page(*self.days, {"process": "GATED", "version": 2}, {"version": 1})
        self.assertEqual(page["before_version"], 1)
        tile = next(tile for tile in page["kpis"] if tile["code"] == "stages_done")
        self.assertEqual((tile["value"], tile["before"]), (10, 20))

    def test_digest_of_nothing(self):
        """Where no order was finished, none was late either: the mail does not say nought of a hundred."""
        self.make_settled()
        self.commit()
        digest = self.env["digest.digest"].create({"name": "SOP", "kpi_sop_on_time": True, "kpi_sop_backlog": True})
        kpis = {kpi["kpi_name"]: kpi for kpi in digest._compute_kpis(self.company, self.users["manager"])}
        for number in (1, 2, 3):
            self.assertEqual(kpis["kpi_sop_on_time"][f"kpi_col{number}"]["value"], "–")
            self.assertNotEqual(kpis["kpi_sop_backlog"][f"kpi_col{number}"]["value"], "–")

    def test_digest(self):
        self.make_reviewed()
        digest = self.env["digest.digest"].create({"name": "SOP", "kpi_sop_backlog": True, "kpi_sop_sla": True})
        self.commit()
        kpis = digest._compute_kpis(self.company, self.users["manager"])
        names = [kpi["kpi_name"] for kpi in kpis if kpi["kpi_name"].startswith("kpi_sop")]
        self.assertEqual(names, ["kpi_sop_sla", "kpi_sop_backlog"])
        self.assertEqual(kpis[-1]["kpi_col3"]["value"], 0, "today is told of tomorrow")
        period = {"start_datetime": fields.Datetime.now(), "end_datetime": fields.Datetime.now() + timedelta(days=1)}
        mine = digest.with_user(self.users["manager"]).with_context(**period)
        mine.invalidate_recordset()
        self.assertEqual(mine.kpi_sop_backlog_value, 1)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        digest.company_id = other
        digest.invalidate_recordset()
        with self.assertRaises(AccessError):
            mine.kpi_sop_backlog_value  # noqa: B018
        digest.company_id = self.company
        names = [kpi["kpi_name"] for kpi in digest._compute_kpis(self.company, self.users["sales"])]
        self.assertNotIn("kpi_sop_backlog", names)


@tagged("post_install", "-at_install")
class TestKpiNoise(GateCase):
    """How likely a difference is by chance, against figures worked out by hand and tables."""

    def test_shares(self):
        # 80 of 100 against 60 of 100: z = 0.2 / sqrt(0.7 * 0.3 * 0.02) = 3.086
        self.assertAlmostEqual(likelihood(Figure(80, 100, 80), Figure(60, 100, 60)), 0.00203, 5)
        self.assertEqual(likelihood(Figure(100, 50, 50), Figure(100, 50, 50)), 1.0)
        self.assertIsNone(likelihood(Figure(50, 2, 1), Figure(0, 2, 0)))

    def test_medians(self):
        same = dict.fromkeys(range(20), 1)
        self.assertAlmostEqual(likelihood(Figure(1, 20, None, same), Figure(1, 20, None, same)), 1.0)
        # all of ten below all of ten: U = 0, mean 50, variance 175: z = 3.78
        low, high = dict.fromkeys(range(10), 1), dict.fromkeys(range(10, 20), 1)
        self.assertAlmostEqual(likelihood(Figure(1, 10, None, low), Figure(1, 10, None, high)), 0.000157, 6)
        ties = {1: 10}
        self.assertEqual(likelihood(Figure(1, 10, None, ties), Figure(1, 10, None, ties)), 1.0)

    def test_counts(self):
        many, few = Figure(120, 120, counts=True), Figure(80, 80, counts=True)
        # 120 of 200 where 100 are expected: z = 20 / sqrt(50)
        self.assertAlmostEqual(likelihood(many, few), 0.00468, 5)
        self.assertAlmostEqual(likelihood(many, Figure(240, 240, counts=True), (10, 20)), 1.0)


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
