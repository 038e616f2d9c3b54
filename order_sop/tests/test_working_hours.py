"""How long an approval, an answer and a solution took in working hours: small cases whose hours are counted by hand.

The office is open from 8 to 12 and from 13 to 17:30, Monday to Friday; it begins on Monday, 2 March 2026, at 8.
"""

from datetime import date, timedelta
from random import Random

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..reports.kpi_scope import Scope
from .common_approvals import ApprovalFixture
from .common_time import OFFICE, FrozenCase, Oracle


class HoursCase(FrozenCase):
    def figures(self, family, first=1, last=31):
        """Return ``{code: value}`` of the KPIs of a family over days of March 2026."""
        self.commit()
        scope = Scope(self.company.id, date(2026, 3, first), date(2026, 3, last))
        return {code: figure.value for code, figure in self.env[f"sop.kpi.{family}"]._compute_figures(scope).items()}

    def assert_rows(self, code, first=1, last=31):
        """Assert that the KPI with ``code`` opens as many rows as it counts; return them."""
        kpi = self.env["sop.kpi"].search([("code", "=", code)])
        scope = Scope(self.company.id, date(2026, 3, first), date(2026, 3, last))
        model, domain = self.env[f"sop.kpi.{kpi.family}"]._get_rows(code, scope)
        rows = self.env[model].search(domain)
        self.assertEqual(len(rows), self.env[f"sop.kpi.{kpi.family}"]._compute_figures(scope)[code].count)
        return rows


@tagged("post_install", "-at_install")
class TestApprovalHours(ApprovalFixture, HoursCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_approvers()

    def setUp(self):
        super().setUp()
        self.process = self.make_approvals(
            {"name": "Clerk"}, calendar_id=self.calendar.id, company_id=self.company.id, code="HOURS"
        )

    def ask(self, day=6, hour=16):
        """Ask for the approval of an order at that time: Friday afternoon."""
        self.move_to(day, hour)
        order = self.make_waiting(self.process)
        self.commit()
        return order, self.approvals(order, "open")

    def test_over_the_weekend(self):
        """Asked on Friday at 16:00, decided on Monday at 10:00: 1.5 hours and 2, while 66 passed on the wall."""
        order, approval = self.ask()
        self.move_to(9, 10)
        self.decide(order, "clerk")
        self.assertEqual((approval.decided_at, approval.worked_hours), (self.at(9, 10), 3.5))
        figures = self.figures("approvals")
        self.assertEqual((figures["approval_hours"], figures["approval_elapsed"]), (3.5, 66))
        self.assertEqual(figures["approval_hours_p80"], 3.5)
        for code in figures:
            self.assertEqual(self.assert_rows(code), approval)
        [row] = self.env["sop.approval.report"].search([("order_id", "=", order.id)])
        self.assertEqual((row.worked_hours, row.hours, row.decided_on), (3.5, 66, date(2026, 3, 9)))
        self.assertEqual(row.partner_id, order.partner_id.commercial_partner_id)
        self.assertEqual(row.country_id, order.partner_id.country_id)
        self.assertEqual(self.figures("approvals", 1, 8)["approval_hours"], None)

    def test_a_hold_stops_the_clock(self):
        """It waits for the customer from Monday 9 to Tuesday 9 at noon: 1.5 + 1 + 1 hours."""
        order, approval = self.ask()
        self.move_to(9, 9)
        hold = self.hold(order)
        self.move_to(10, 11)
        self.release(hold)
        self.move_to(10, 12)
        self.decide(order, "clerk")
        self.assertEqual(approval.worked_hours, 3.5)
        self.assertEqual(self.figures("approvals")["approval_elapsed"], 92)

    def test_decided_while_the_clock_stands(self):
        order, approval = self.ask()
        self.move_to(9, 9)
        self.hold(order)
        self.move_to(11, 9)
        self.decide(order, "clerk")
        self.assertEqual(approval.worked_hours, 2.5)

    def test_asked_while_the_clock_stands(self):
        """The second step is asked for while the order waits for the customer: its time begins as that is over."""
        process = self.make_approvals(
            {"name": "Clerk"},
            {"name": "Head", "approver_kind": "lead"},
            calendar_id=self.calendar.id,
            company_id=self.company.id,
            sequence=0,
        )
        self.move_to(6, 14)
        order = self.make_waiting(process)
        hold = self.hold(order)
        self.move_to(6, 16)
        self.assertFalse(self.decide(order, "clerk"))
        head = self.approvals(order, "open")
        self.assertEqual(head.opened_at, self.at(6, 16))
        self.move_to(6, 17)
        self.release(hold)
        self.move_to(9, 8, 30)
        self.decide(order, "head")
        self.assertEqual(self.approvals(order).mapped("worked_hours"), [0.0, 1.0])

    def test_another_zone(self):
        """An office in Shanghai opens at midnight UTC: asked on Friday 9:00 UTC, half an hour before it closes."""
        self.calendar.tz = "Asia/Shanghai"
        order, approval = self.ask(6, 9)
        self.move_to(9, 2)
        self.decide(order, "clerk")
        self.assertEqual(approval.worked_hours, 2.5, "Monday 8 to 10 there")

    def test_asked_again(self):
        """The order is changed after its approval: the first decision took an hour, whatever comes later, and the
        second is counted by itself."""
        order, first = self.ask(9, 9)
        self.move_to(9, 10)
        self.decide(order, "clerk")
        self.move_to(10, 8)
        order.order_line[0].price_unit += 50
        self.commit()
        self.assertEqual((first.state, first.decided_at, first.worked_hours), ("void", self.at(9, 10), 1.0))
        second = self.approvals(order, "open")
        self.assertFalse(second.decided_at or second.worked_hours)
        self.assertEqual(self.assert_rows("approval_hours"), first)
        self.move_to(10, 11)
        self.decide(order, "second")
        self.assertEqual(second.worked_hours, 3.0)
        self.assertEqual(self.assert_rows("approval_hours"), first | second)
        self.assertEqual(self.figures("approvals", 9, 9)["approval_hours"], 1.0)
        self.assertEqual(self.figures("approvals", 10, 10)["approval_hours"], 3.0)

    def test_recalled_and_rejected(self):
        """What was recalled was never decided; a rejection is a decision."""
        order, approval = self.ask(9, 9)
        approval.with_user(approval.asked_by_id).action_recall("Not yet")
        self.commit()
        self.assertEqual((approval.state, approval.decided_at), ("void", False))
        self.assertIsNone(self.figures("approvals")["approval_hours"])
        other, rejected = self.ask(9, 10)
        self.move_to(9, 14)
        self.decide(other, "clerk", "reject", "Too dear")
        self.assertEqual((rejected.state, rejected.worked_hours), ("rejected", 3.0))
        self.assertEqual(self.assert_rows("approval_hours"), rejected)
        self.assertTrue(order)


@tagged("post_install", "-at_install")
class TestCaseHours(HoursCase):
    def setUp(self):
        super().setUp()
        self.process = self.make_process(
            *({"name": name, "checkpoints": [{"name": "Do", "kind": "manual"}]} for name in ("Look", "Solve")),
            code="HELP",
            applies_to="sop.case",
            calendar_id=self.calendar.id,
            company_id=self.company.id,
        )

    def open_case(self, day=6, hour=16, **vals):
        """Return a complaint that comes in at that time: Friday afternoon."""
        self.move_to(day, hour)
        vals = {"partner_id": self.customer.id, "kind": "complaint"} | vals
        case = self.env["sop.case"].with_user(self.users["customer_service"]).create(vals).sudo()
        self.env.flush_all()
        self.env.cr.execute("UPDATE sop_case SET create_date = %s WHERE id = %s", [self.at(day, hour), case.id])
        case.invalidate_recordset(["create_date"])
        self.commit()
        self.assertEqual(case.sop_process_id, self.process)
        return case

    def answer(self, case, day, hour):
        self.move_to(day, hour)
        self.answer_now(case)

    def answer_now(self, case):
        case.with_user(self.users["customer_service"]).message_post(
            body="Tell us more",
            partner_ids=case.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.commit()

    def solve(self, case, day, hour, minute=0):
        self.move_to(day, hour, minute)
        while case.sop_status != "done":
            self.step(case)

    def step(self, case):
        stage = case.sop_stage_id
        self.do(case)
        if case.sop_stage_id == stage and case.sop_visit_id.returned:  # somebody has to say that it is done
            case.with_user(self.users["sales"]).action_sop_complete()
            self.commit()

    def test_over_the_weekend(self):
        """Friday 16:00 to Monday 9:00 and 14:00: 2.5 and 6.5 working hours, 65 and 70 on the wall."""
        case = self.open_case()
        self.answer(case, 9, 9)
        self.solve(case, 9, 14)
        self.assertEqual((case.answer_worked_hours, case.solution_worked_hours), (2.5, 6.5))
        figures = self.figures("cases")
        self.assertEqual([figures[f"first_answer_{unit}"] for unit in ("hours", "elapsed")], [2.5, 65])
        self.assertEqual([figures[f"solution_{unit}"] for unit in ("hours", "elapsed")], [6.5, 70])
        for code in ("first_answer_hours", "first_answer_elapsed", "solution_hours", "solution_elapsed"):
            self.assertEqual(self.assert_rows(code), case)
        self.assertIsNone(self.figures("cases", 1, 8)["solution_hours"])
        [row] = self.env["sop.case.report"].search([("case_id", "=", case.id)])
        worked, elapsed = (row.answer_worked_hours, row.solution_worked_hours), (row.answer_hours, row.solution_hours)
        self.assertEqual((worked, elapsed), ((2.5, 6.5), (65, 70)))
        unsolved = self.open_case(9, 14)
        [[hours]] = self.env["sop.case.report"]._read_group(
            [("case_id", "in", (case | unsolved).ids)], [], ["solution_worked_hours:avg"]
        )
        self.assertEqual(hours, 6.5, "what is not solved yet counts for nothing")

    def test_waiting_for_the_customer(self):
        """Asked back on Monday 9:00, he answers on Wednesday 16:30: 2.5 hours before, 1 after, none between."""
        case = self.open_case()
        self.answer(case, 9, 9)
        hold = self.hold(case, self.env.ref("order_sop.hold_type_case_customer"))
        self.assertTrue(hold.type_id.stops_clock)
        self.move_to(11, 16, 30)
        self.release(hold)
        self.solve(case, 11, 17, 30)
        self.assertEqual(case.solution_worked_hours, 3.5)

    def test_first_answer_while_it_waits(self):
        """The hold that is still open counts until now."""
        case = self.open_case()
        self.move_to(9, 8)
        self.hold(case)
        self.answer(case, 10, 12)
        self.assertEqual(case.answer_worked_hours, 1.5)

    def test_holds_of_several_stages(self):
        case = self.open_case(9, 8)
        for day in (9, 10):
            self.move_to(day, 9)
            hold = self.hold(case)
            self.move_to(day, 11)
            self.release(hold)
            self.do(case)
        self.assertEqual(case.sop_status, "done")
        self.assertEqual(case.solution_worked_hours, 1 + 5.5 + 1)

    def test_reopened(self):
        """Solved after 2 hours, taken up again a day later for another hour: 3 hours, and 27 on the wall."""
        case = self.open_case(9, 8)
        self.solve(case, 9, 10)
        self.assertEqual(case.solution_worked_hours, 2)
        self.move_to(10, 10)
        case.with_user(self.users["after_sales"]).action_reopen("It broke again")
        self.commit()
        self.assertFalse(case.solution_worked_hours or case.closed_at)
        self.assertIsNone(self.figures("cases")["solution_hours"])
        self.solve(case, 10, 11)
        self.assertEqual((case.state, case.solution_worked_hours), ("closed", 3))
        self.assertEqual(self.figures("cases")["solution_elapsed"], 27)

    def test_cancelled_and_taken_up_again(self):
        case = self.open_case(9, 8)
        self.move_to(9, 9)
        case.with_user(self.users["after_sales"]).action_cancel("Entered twice")
        self.move_to(10, 9)
        self.assertFalse(case.solution_worked_hours)
        case.with_user(self.users["after_sales"]).action_reopen("It was not")
        self.solve(case, 10, 10)
        self.assertEqual(case.solution_worked_hours, 2)

    def test_holiday_and_zone(self):
        """Shanghai, where Monday is a holiday: Friday 9:00 UTC, half an hour before the office closes there."""
        self.calendar.tz = "Asia/Shanghai"
        self.make_holiday(self.at(8, 16), self.at(9, 15, 59), calendar_id=self.calendar.id)
        case = self.open_case(6, 9)
        self.solve(case, 10, 1)
        self.assertEqual(case.solution_worked_hours, 1.5)

    def test_without_a_process(self):
        """Then the company's hours count, and nothing stops them."""
        self.company.sop_active = False
        self.company.resource_calendar_id = self.calendar
        self.move_to(6, 16)
        case = self.env["sop.case"].create({"partner_id": self.customer.id, "kind": "complaint"})
        self.env.cr.execute("UPDATE sop_case SET create_date = %s WHERE id = %s", [self.at(6, 16), case.id])
        case.invalidate_recordset(["create_date"])
        self.answer(case, 9, 9)
        self.assertEqual(case.answer_worked_hours, 2.5)

    def test_any_sequence(self):
        """Random lives of cases, with holds, ends and new beginnings: the minutes counted one by one, apart from it."""
        oracle = Oracle("UTC", OFFICE, [])
        for seed in range(8):
            chance, moment, runs = Random(seed), self.MONDAY + timedelta(days=seed), []
            case = self.open_case(moment.day, moment.hour)
            begun, holds, answer = moment, self.env["sop.hold"], None
            for _number in range(12):
                later = moment + timedelta(minutes=chance.choice((7, 50, 240, 1000, 3000)))
                if not holds and case.state == "open":
                    runs.append((moment, later))
                moment = later
                self.commit()
                self.time.move_to(moment)
                act = chance.choice(("hold", "release", "do", "do", "reopen", "answer"))
                if act == "hold" and not holds and case.sop_status != "done":
                    holds = self.hold(case)
                elif act == "release" and holds:
                    self.release(holds)
                    holds = holds.browse()
                elif act == "do" and case.sop_status not in ("done", "on_hold"):
                    self.step(case)
                elif act == "reopen" and case.state == "closed":
                    case.with_user(self.users["after_sales"]).action_reopen("Again")
                elif act == "answer" and not case.answered_at:
                    self.answer_now(case)
                    answer = sum(oracle.count(*run) for run in runs) / 60
                self.commit()
                if answer is not None:
                    self.assertAlmostEqual(case.answer_worked_hours, answer, 3, (seed, act))
                if case.closed_at:
                    worked = sum(oracle.count(*run) for run in runs) / 60
                    self.assertAlmostEqual(case.solution_worked_hours, worked, 3, (seed, act, begun))

    def test_nobody_writes_them(self):
        case = self.open_case(9, 8)
        for name in ("answer_worked_hours", "solution_worked_hours"):
            for user in ("manager", "after_sales"):
                with self.assertRaises(AccessError):
                    case.with_user(self.users[user]).write({name: 1.0})
        with self.assertRaises(AccessError):
            self.env["sop.case"].create(
                {"partner_id": self.customer.id, "kind": "complaint", "solution_worked_hours": 1.0}
            )
