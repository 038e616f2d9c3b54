"""How long answers and solutions took in working hours: counted by hand, see ``common_hours``, and minute by minute."""

from datetime import timedelta
from random import Random

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_hours import HoursCase
from .common_time import OFFICE, Oracle


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

    def test_who_changes_his_mind(self):
        """A customer who rates again is counted once, as he thinks now: in the figure and in its rows."""
        case = self.open_case()
        self.solve(case, 9, 14)
        for rating in (1, 5):
            case.with_user(self.users["customer_service"]).message_post(body="Rated", rating_value=rating)
        self.assertEqual(self.figures("cases")["case_satisfaction"], 5)
        self.assertEqual(self.assert_rows("case_satisfaction").rating, 5)

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

    def test_many_at_once(self):
        """How many queries it takes to end cases does not depend on how many there are."""
        counts = []
        for number in (5, 5, 50):
            vals = {"partner_id": self.customer.id, "kind": "complaint"}
            cases = self.env["sop.case"].create([dict(vals) for _number in range(number)]).sudo()
            self.commit()
            self.env.invalidate_all()
            cases.mapped("name")
            before = self.env.cr.sql_log_count
            self.env["sop.engine.case"]._finish(cases)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(cases.mapped("state")), {"closed"})
        self.assertLessEqual(counts[2], counts[1] + 2, counts)

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
