"""Reminders and escalations of approvals go by the order's clock: a pause moves them, and so do changed hours."""

from odoo.tests import tagged

from .common_approvals import ApprovalFixture
from .common_time import FrozenCase


@tagged("post_install", "-at_install")
class TestApprovalClock(ApprovalFixture, FrozenCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_approvers()

    def setUp(self):
        super().setUp()
        self.process = self.make_approvals(
            {"name": "Clerk"},
            {"name": "Head", "approver_kind": "lead"},
            checkpoint={"remind_hours": 4, "escalate_hours": 8},
            calendar_id=self.calendar.id,
            company_id=self.company.id,
        )
        self.order = self.make_waiting(self.process)
        self.approval = self.approvals(self.order, "open")
        self.commit()

    def times(self, approval=None):
        """Return when it is reminded of, and when escalated."""
        self.env.flush_all()
        approval = approval or self.approval
        return approval.remind_at, approval.escalate_at

    def pressed(self):
        """Run the teller and return how many mails have said by now that something is still to be decided."""
        self.run_cron("approval_cron")
        mails = self.env["mail.mail"].sudo().search([("model", "=", "sop.approval")])
        return [
            sum(mail.subject.startswith(begin) for mail in mails) for begin in ("Still to approve", "Not decided in")
        ]

    def test_a_day_at_the_customers(self):
        """4 hours to remind, 8 to escalate; after 2 of them the clock stands over night, and goes on at ten."""
        self.assertEqual(self.times(), (self.at(2, 12), self.at(2, 17)))
        self.move_to(2, 10)
        hold = self.hold(self.order)
        self.move_to(3, 9)
        self.assertEqual(self.pressed(), [0, 0], "while it stands nobody is pressed")
        self.move_to(3, 10)
        self.release(hold)
        self.assertEqual(self.times(), (self.at(3, 12), self.at(3, 17)))
        self.move_to(3, 11, 59)
        self.assertEqual(self.pressed(), [0, 0], "nor at once when it goes on")
        self.move_to(3, 12)
        self.assertEqual(self.pressed(), [2, 0], "the clerks")
        self.move_to(3, 17)
        self.assertEqual(self.pressed(), [2, 1])

    def test_what_was_told_is_not_told_again(self):
        self.move_to(2, 13)
        self.assertEqual(self.pressed(), [2, 0])
        hold = self.hold(self.order)
        self.move_to(2, 15)
        self.release(hold)
        self.assertEqual(self.times(), (False, self.at(3, 9, 30)))
        self.move_to(4, 9)
        for _twice in range(2):
            self.assertEqual(self.pressed(), [2, 1])

    def test_asked_while_the_clock_stands(self):
        hold = self.hold(self.order)
        self.move_to(2, 9)
        self.assertFalse(self.decide(self.order, "clerk"))
        head = self.approvals(self.order, "open")
        self.move_to(2, 10)
        self.release(hold)
        self.assertEqual(self.times(head), (self.at(2, 15), self.at(3, 9, 30)), "its own time stood for one hour")
        self.assertEqual(self.times(), (False, False), "what is decided is left alone")

    def test_a_second_pause(self):
        for hour in (9, 11):
            self.move_to(2, hour)
            hold = self.hold(self.order)
            self.move_to(2, hour + 1)
            self.release(hold)
        self.assertEqual(self.times(), (self.at(2, 15), self.at(3, 9, 30)))

    def test_a_pause_before_it_was_asked(self):
        self.move_to(2, 9)
        hold = self.hold(self.order)
        self.move_to(2, 10)
        self.release(hold)
        self.move_to(2, 11)
        self.assertFalse(self.decide(self.order, "clerk"))
        head = self.approvals(self.order, "open")
        hold = self.hold(self.order)
        self.move_to(2, 12)
        self.release(hold)
        self.assertEqual(self.times(head), (self.at(2, 17), self.at(3, 11, 30)))

    def test_a_holiday(self):
        self.make_holiday(self.at(2, 10), self.at(3, 0), calendar_id=self.calendar.id)
        self.run_cron("reschedule_cron")
        self.assertEqual(self.times(), (self.at(3, 10), self.at(3, 15)))

    def test_hours_that_are_gone_and_come_back(self):
        self.move_to(2, 13)
        self.assertEqual(self.pressed(), [2, 0])
        self.calendar.attendance_ids.unlink()
        self.run_cron("reschedule_cron")
        self.assertEqual(self.times(), (False, False))
        vals = {"name": "Back", "dayofweek": "0", "hour_from": 8, "hour_to": 18, "calendar_id": self.calendar.id}
        self.env["resource.calendar.attendance"].create(vals)
        self.run_cron("reschedule_cron")
        self.assertEqual(self.times(), (False, self.at(2, 16)), "the reminder was told")

    def test_it_costs_the_same_for_fifty_as_for_five(self):
        counts = []
        for size in (5, 5, 50):
            orders = self.env["sale.order"].union(*(self.make_waiting(self.process) for _number in range(size)))
            self.commit()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            for order in orders:
                self.env["sop.engine.approval"]._reset_times(order)
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
