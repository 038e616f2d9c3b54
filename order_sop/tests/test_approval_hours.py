"""How long decisions took in working hours: small cases whose hours are counted by hand, see ``common_hours``."""

from datetime import date

from odoo.tests import tagged

from .common_approvals import ApprovalFixture
from .common_hours import HoursCase


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

    def rows(self, *days):
        """Return what the rows behind the median of those days say: they stay what they are, whatever comes later."""
        rows = self.assert_rows("approval_hours", *days)
        return sorted((row.order_id.id, row.opened_at, row.decided_at, row.worked_hours) for row in rows)

    def test_taken_back_in_another_week(self):
        """Rejected after two hours, and approved a week later after all: the first week stays what it was, and the
        second has the time since: 5.5 hours, four days of 8.5, and 2."""
        order, approval = self.ask(2, 9)
        self.move_to(2, 11)
        self.decide(order, "clerk", "reject", "Too dear")
        before = self.figures("approvals", 2, 8), self.rows(2, 8)
        self.assertEqual(before[0], {"approval_hours": 2, "approval_hours_p80": 2, "approval_elapsed": 2})
        self.assertEqual(before[1], [(order.id, self.at(2, 9), self.at(2, 11), 2.0)])
        self.move_to(9, 10)
        self.assertFalse(self.decide(order, "clerk"))
        self.assertEqual((self.figures("approvals", 2, 8), self.rows(2, 8)), before)
        self.assertEqual(self.rows(9, 15), [(order.id, self.at(2, 11), self.at(9, 10), 41.5)])
        self.assertEqual(self.figures("approvals", 9, 15)["approval_elapsed"], 167)
        self.assertEqual(self.approvals(order), approval, "what counts is the same as ever")
        self.assertEqual((approval.state, self.check_of(order).state), ("approved", "passed"))
        first = self.assert_rows("approval_hours", 2, 8)
        self.assertEqual((first.state, first.next_id), ("void", approval))
        self.assertFalse(first.user_ids, "nobody sees the order for it")
        report = self.env["sop.approval.report"].search([("order_id", "=", order.id)], order="decided_on")
        self.assertEqual(report.mapped("state"), ["rejected", "approved"])
        self.assertEqual(report.mapped("worked_hours"), [2.0, 41.5])

    def test_rejected_once_more(self):
        """Whoever says no again, or presses twice, has decided once."""
        order, approval = self.ask(2, 9)
        for day in (2, 3, 4):
            self.move_to(day, 11)
            self.assertFalse(self.decide(order, "clerk", "reject", "Too dear"))
        self.assertEqual(approval.state, "rejected")
        self.assertEqual(self.rows(2, 8), [(order.id, self.at(2, 9), self.at(2, 11), 2.0)])
        self.assertEqual(len(approval.decision_ids), 3, "each of his words is kept")
        self.assertFalse(self.env["sop.approval"].search([("next_id", "=", approval.id)]))

    def test_taken_back_while_others_are_needed(self):
        """Of two clerks one rejects and takes it back, and only then the other agrees: he was asked by that word."""
        step = {"name": "Clerks", "quorum": "count", "minimum": 2}
        self.process = self.make_approvals(
            step, calendar_id=self.calendar.id, company_id=self.company.id, code="TWO", sequence=0
        )
        order, approval = self.ask(2, 9)
        self.move_to(2, 11)
        self.decide(order, "clerk", "reject", "Too dear")
        before = self.rows(2, 8)
        self.move_to(9, 10)
        self.assertFalse(self.decide(order, "clerk"))
        self.assertEqual((approval.state, self.rows(2, 8), self.rows(9, 15)), ("open", before, []))
        self.move_to(9, 11)
        self.assertFalse(self.decide(order, "second"))
        self.assertEqual(self.rows(9, 15), [(order.id, self.at(9, 10), self.at(9, 11), 1.0)])
        self.assertEqual(self.rows(2, 8), before)
