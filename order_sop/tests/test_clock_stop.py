"""While a hold that says so is open, the clock of an order stands: nothing is late meanwhile that was not before."""

from odoo.tests import tagged

from .common_time import FrozenCase


@tagged("post_install", "-at_install")
class TestClockStop(FrozenCase):
    def test_a_day_at_the_customers(self):
        """8 hours for the stage; after 2 of them it waits for the customer over night, and goes on at ten."""
        order = self.make_timed({"time_limit_hours": 8})
        visit = order.sop_visit_id
        self.assertEqual((visit.warn_at, visit.deadline), (self.at(2, 15, 24), self.at(2, 17)))
        self.assertEqual((visit.next_at, order.sop_deadline), (visit.warn_at, visit.deadline))
        self.move_to(2, 10)
        hold = self.hold(order)
        self.assertEqual((visit.paused_at, visit.next_at), (self.at(2, 10), False), "nothing is due while it stands")
        self.assertFalse(order.sop_deadline)
        self.assertIn("Waits", order.sop_clock_text)
        self.move_to(3, 9)
        self.assertFalse(order.sop_late or visit.late)
        self.assertNotIn(order, order.search([("sop_late", "=", True)]))
        self.assertNotIn(visit, visit.search([("late", "=", True)]))
        self.move_to(3, 10)
        self.release(hold)
        # 8.5 working hours are in a day: 2 + 6 more from Tuesday 10:00
        self.assertEqual((visit.deadline, order.sop_deadline), (self.at(3, 17), self.at(3, 17)))
        self.assertEqual((visit.warn_at, visit.next_at), (self.at(3, 15, 24), self.at(3, 15, 24)))
        self.assertFalse(visit.paused_at or order.sop_clock_text)
        self.move_to(3, 17, 1)
        self.assertTrue(order.sop_late and visit.late)
        self.assertIn(visit, visit.search([("late", "=", True)]))
        self.do(order)
        self.assertAlmostEqual(visit.worked_hours, 8 + 1 / 60, 3)
        codes = self.assert_log_knows(order)
        self.assertEqual([code for code in codes if code in ("paused", "resumed")], ["paused", "resumed"])

    def test_nested_holds_count_once(self):
        order = self.make_timed({"time_limit_hours": 4})
        visit = order.sop_visit_id
        self.move_to(2, 9)
        outer = self.hold(order)
        self.move_to(2, 10)
        inner = self.hold(order, self.other_stop_type)
        plain = self.hold(order, self.plain_type)
        self.move_to(2, 11)
        self.release(outer)
        self.assertEqual(visit.paused_at, self.at(2, 9), "the inner one still stops it")
        self.move_to(2, 12)
        self.release(inner)
        self.assertEqual(visit.deadline, self.at(2, 16), "3 hours of pause, and the lunch break")
        self.assertFalse(visit.paused_at, "a hold that does not stop the clock does not")
        self.release(plain)
        self.assertEqual(visit.deadline, self.at(2, 16))
        self.assert_log_knows(order)

    def test_a_type_that_stops_clocks_from_now_on(self):
        order = self.make_timed({"time_limit_hours": 4})
        self.hold(order, self.plain_type)
        self.move_to(2, 9)
        self.plain_type.stops_clock = True
        self.assertEqual((order.sop_visit_id.paused_at, order.sop_deadline), (self.at(2, 9), False))
        self.move_to(2, 10)
        self.plain_type.stops_clock = False
        self.assertEqual(order.sop_deadline, self.at(2, 14))
        self.assert_log_knows(order)

    def test_what_was_late_stays_late(self):
        order = self.make_timed({"time_limit_hours": 1})
        self.move_to(2, 10)
        hold = self.hold(order)
        self.assertTrue(order.sop_late and order.sop_visit_id.late)
        self.assertEqual(order.sop_deadline, self.at(2, 9))
        self.move_to(2, 11)
        self.release(hold)
        self.assertEqual(order.sop_visit_id.deadline, self.at(2, 9), "late since then, whatever came later")

    def test_it_stands_from_stage_to_stage(self):
        order = self.make_timed({"time_limit_hours": 2}, {"time_limit_hours": 2})
        first = order.sop_visit_id
        self.move_to(2, 9)
        hold = self.hold(order)
        self.move_to(2, 10)
        self.do(order)
        second = order.sop_visit_id
        self.assertNotEqual(second, first)
        self.assertEqual((first.worked_hours, first.paused_at, len(first.pauses)), (1, False, 1))
        self.assertEqual((second.paused_at, second.next_at, order.sop_deadline), (self.at(2, 10), False, False))
        self.move_to(2, 11)
        self.release(hold)
        self.assertEqual(order.sop_deadline, self.at(2, 14))
        self.assert_log_knows(order)

    def test_a_check_with_a_limit_of_its_own(self):
        checkpoints = [
            {"name": "Do", "kind": "manual", "time_limit_hours": 3},
            {"name": "Other", "kind": "manual"},
        ]
        order = self.make_timed({"time_limit_hours": 8, "checkpoints": checkpoints})
        check, other = self.check(order, "Do"), self.check(order, "Other")
        self.assertEqual((check.deadline, check.next_at), (self.at(2, 11), self.at(2, 10, 24)))
        self.assertFalse(other.deadline or other.next_at or other.started_at)
        self.move_to(2, 9)
        hold = self.hold(order)
        self.assertFalse(check.next_at)
        self.move_to(2, 11, 30)
        self.assertFalse(check.late)
        self.release(hold)
        self.assertEqual(check.deadline, self.at(2, 14, 30))
        self.move_to(2, 15)
        self.assertTrue(check.late)
        self.do(order)
        self.assertTrue(check.late, "it was done late")
        self.assert_log_knows(order)

    def test_finished_while_it_stands(self):
        order = self.make_timed({"time_limit_hours": 2})
        visit = order.sop_visit_id
        hold = self.hold(order)
        self.move_to(2, 10)
        self.do(order)
        self.assertEqual(order.sop_status, "done")
        self.assertEqual((visit.worked_hours, visit.paused_at), (0, False))
        self.release(hold)
        self.assert_log_knows(order)

    def test_sent_back_and_cancelled_and_reopened_on_hold(self):
        order = self.make_timed({"time_limit_hours": 2}, {"time_limit_hours": 2})
        self.do(order)
        hold = self.hold(order)
        order.action_sop_send_back(order.sop_process_id.stage_ids[0].id, "Again")
        self.assertTrue(order.sop_visit_id.paused_at)
        order.action_cancel()
        self.move_to(2, 11)
        self.assertFalse(order.sop_visit_id)
        order.action_draft()
        self.assertEqual(order.sop_visit_id.paused_at, self.at(2, 11), "the hold outlived the cancellation")
        self.release(hold)
        self.assertEqual(order.sop_deadline, self.at(2, 14))
        self.assert_log_knows(order)

    def test_entering_costs_no_query_more_for_more_orders(self):
        stages = [{"time_limit_hours": 8, "checkpoints": [{"name": "Do", "kind": "manual", "time_limit_hours": 4}]}]
        process = self.make_process(*stages, code="MANY", calendar_id=self.calendar.id, company_id=self.company.id)
        counts = []
        for size in (5, 5, 50):
            orders = self.env["sale.order"].union(*(self.make_order() for _number in range(size)))
            self.commit()
            orders.mapped("company_id")
            before = self.cr.sql_log_count
            journal = []
            self.env["sop.engine.flow"]._start(orders, process, journal)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(set(orders.mapped("sop_visit_id.deadline"))), 1)
            self.commit()
        self.assertEqual(counts[1], counts[2], "5 and 50 orders")
