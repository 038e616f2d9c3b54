"""The page of KPIs as people open it: targets, trends, other versions; and the digest."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_gates import GateCase


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
