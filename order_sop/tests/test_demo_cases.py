from datetime import timedelta

from odoo import fields

from .common_demo import DemoCase


class TestDemoCases(DemoCase):
    """The demo's after-sales cases, looked at as a newcomer would."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        data = cls.env["ir.model.data"].search([("module", "=", "order_sop"), ("model", "=", "sop.case")])
        cls.cases = {
            one.name.removeprefix("demo_case_"): cls.env["sop.case"].browse(one.res_id)
            for one in data.filtered(lambda one: one.name.startswith("demo_case_"))
        }
        cls.all_cases = cls.env["sop.case"].union(*cls.cases.values())

    def test_every_stage_and_kind_has_a_case(self):
        process = self.env["sop.process"].search([("code", "=", "CASE"), ("state", "=", "published")])
        self.assertEqual(self.all_cases.sop_process_id, process)
        still_open = self.all_cases.filtered(lambda case: not case.closed_at)
        self.assertEqual(process.stage_ids - still_open.sop_stage_id, process.stage_ids.browse())
        self.assertEqual(set(self.all_cases.mapped("kind")), {"return", "exchange", "repair", "complaint", "question"})
        self.assertEqual(set(self.all_cases.mapped("channel")), {"office", "portal", "mail"})

    def test_cases_are_where_their_names_say(self):
        stages = {
            "late": "Received",
            "portal": "Received",
            "mail": "Received",
            "assessment": "Assessment",
            "approval": "Approval",
            "waiting": "Goods back",
            "expected": "Goods back",
            "inspected": "Inspection",
            "credit": "Solution",
            "repair": "Solution",
            "refused": "Conclusion",
        }
        self.assertEqual({name: self.cases[name].sop_stage_id.name for name in stages}, stages)
        self.assertTrue(self.cases["late"].sop_late)
        self.assertEqual(self.cases["waiting"].sop_status, "on_hold")
        self.assertTrue(self.cases["waiting"].sop_paused_at, "the clock stands")
        self.assertFalse(self.cases["mail"].order_id)
        self.assertTrue(self.cases["portal"].photo_ids)
        self.assertTrue(self.cases["repair"].document_ids.repair_id.under_warranty)
        self.assertEqual(self.cases["refused"].state, "refused")

    def test_some_are_over(self):
        ratings = self.all_cases._sop_get_ratings()
        found = {name: int(ratings[case].rating) for name, case in self.cases.items() if case in ratings}
        self.assertEqual(found, {"returned": 5, "swapped": 4})
        closed = self.all_cases.filtered(lambda case: case.state == "closed")
        self.assertEqual(set(closed.mapped("sop_status")), {"done"})
        self.assertEqual(self.cases["returned"].credit_amount, 240)
        actions = self.cases["complaint"].action_ids
        self.assertEqual({(one.helped, one.is_late) for one in actions}, {("yes", False), (False, True)})

    def test_what_a_deviation_cost(self):
        """One complaint is about an order of which a check was passed over; the days it waited for the customer do not
        count as ours."""
        case = self.cases["deviated"]
        costs = self.env["sop.case.cost"].search([("case_id", "in", self.all_cases.ids), ("deviating", "=", True)])
        self.assertIn(case, costs.case_id)
        self.assertGreater(sum(costs.mapped("total_cost")), 0)
        pause = case.sop_visit_ids.filtered("pauses")
        self.assertTrue(pause, "it waited for the customer")
        self.assertGreater(self.cases["returned"].solution_worked_hours, 8)
        teams = {team for [team] in self.env["sop.stage.report"]._read_group([("team_id", "!=", False)], ["team_id"])}
        self.assertLessEqual({self.env.ref(f"order_sop.demo_team_{name}") for name in ("business", "consumers")}, teams)

    def test_the_past_is_sound(self):
        now = fields.Datetime.now()
        for case in self.all_cases:
            visits = case.sop_visit_ids.sorted("id")
            left = [visit.left_at for visit in visits if visit.left_at]
            self.assertEqual([visit.entered_at for visit in visits[1:]], left[: len(visits) - 1], case.name)
            self.assertEqual(case.create_date, visits[0].entered_at, case.name)
            self.assertLessEqual(visits[-1].entered_at, now)
        self.assertLess(min(self.all_cases.mapped("create_date")), now - timedelta(weeks=3))
        self.assertEqual(self.env["sop.engine.log"]._verify(self.all_cases.ids, "sop.case"), [])
        mails = [("model", "=", "sop.case"), ("res_id", "in", self.all_cases.ids), ("state", "=", "outgoing")]
        self.assertFalse(self.env["mail.mail"].search(mails))
