"""Who gets at figures that are broken down by orders, and at hours that the engine keeps, over JSON-RPC."""

import contextlib

from odoo.tests import tagged

from ..reports.sop_by_order_mixin import FIRST_ROW
from .common_http import Refused, SopHttpCase
from .test_reports_by_order import CHECKS, LEVELS, STAGES


@tagged("post_install", "-at_install")
class TestReportsByOrderAttacks(SopHttpCase):
    """Over JSON-RPC nobody gets at another department's figures by breaking them down, and nobody writes hours."""

    def test_breaking_down_opens_nothing(self):
        order = self.make_delivered()
        everything = self.rpc(STAGES, "formatted_read_group", [], ["partner_id"], ["visits:sum"], user="auditor")
        self.assertGreater(sum(group["visits:sum"] for group in everything), 0)
        for user in ("sales", "legal", "warehouse"):
            for level in LEVELS:
                for model in (STAGES, CHECKS, "sop.approval.report"):
                    groups = self.rpc(model, "formatted_read_group", [], [level], ["__count"], user=user)
                    self.assertEqual(groups, [], (user, model, level))
            visit = FIRST_ROW + order.sudo().sop_visit_ids[0].id
            with self.assertRaises(Refused):
                self.rpc(STAGES, "read", [visit], ["partner_id"], user=user)
            with self.assertRaises(Refused):
                self.rpc(STAGES, "action_view_visits", [visit], user=user)
        for domain in ([("partner_id.nothing", "=", 1)], [("id", "in", ["x"])], [("visit_id", "=", "1; DROP")]):
            with contextlib.suppress(Refused):
                self.assertEqual(self.rpc(STAGES, "search_count", domain, user="warehouse"), 0)

    def test_a_row_of_others_opens_nothing(self):
        process = self.make_process(
            {
                "name": "Review",
                "department_id": self.departments["finance"].id,
                "checkpoints": [{"name": "Agree", "kind": "approval"}],
            },
            code="AGREE",
        )
        approval = self.make_order(process=process).sop_check_ids.approval_ids
        opened = self.rpc("sop.approval.report", "action_open_approval", approval.ids, user="auditor")
        self.assertEqual((opened["res_model"], opened["res_id"]), ("sop.approval", approval.id))
        for user in ("sales", "legal", "warehouse"):
            for ids in (approval.ids, [approval.id + 1000], [], ["x"]):
                with self.assertRaises(Refused):
                    self.rpc("sop.approval.report", "action_open_approval", ids, user=user)

    def test_nobody_writes_hours(self):
        order = self.make_delivered()
        case = self.env["sop.case"].create({"order_id": order.id, "kind": "complaint"})
        self.commit()
        for user in ("manager", "after_sales", "warehouse"):
            for name in ("answer_worked_hours", "solution_worked_hours"):
                with self.assertRaises(Refused):
                    self.rpc("sop.case", "write", case.ids, {name: 0.5}, user=user)
            with self.assertRaises(Refused):
                self.rpc("sop.approval", "create", [{"check_id": order.sudo().sop_check_ids[0].id, "worked_hours": 1}])
