"""Warning, breach, escalations: each told exactly once, by a cron that costs what is due."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.guard import as_engine
from .common_time import FrozenCase


@tagged("post_install", "-at_install")
class TestAlarm(FrozenCase):
    def setUp(self):
        super().setUp()
        self.limit = {"time_limit_hours": 4, "warning_percent": 50, "escalation_hours": 2}

    def alerts(self, orders):
        """Return ``[(kind, level)…]`` of the alerts on ``orders``, oldest first."""
        alerts = self.env["sop.alert"].search([("order_id", "in", orders.ids)], order="id")
        return [(alert.kind, alert.level) for alert in alerts]

    def test_from_the_warning_to_the_manager(self):
        order = self.make_timed(self.limit)
        visit = order.sop_visit_id
        told = []
        for (hour, minute), expected in (
            ((9, 59), None),
            ((10, 0), ("warning", 0)),
            ((11, 0), None),
            ((12, 0), ("breach", 0)),
            ((14, 59), None),
            ((15, 0), ("escalation", 1)),
            ((17, 0), ("escalation", 2)),
            ((17, 30), None),
        ):
            self.move_to(2, hour, minute)
            for _twice in range(2):
                self.run_cron("alarm_cron")
            told += [expected] if expected else []
            self.assertEqual(self.alerts(order), told, f"at {hour}:{minute}")
        self.assertEqual((visit.told, visit.next_at), (4, False))
        self.assert_log_knows(order)

    def test_told_late_is_told_all_the_same(self):
        """The cron did not run for a day: all of it is told at once, and the warning is over with the breach."""
        order = self.make_timed(self.limit)
        self.move_to(3, 9)
        self.run_cron("alarm_cron")
        self.assertEqual(self.alerts(order), [("warning", 0), ("breach", 0), ("escalation", 1), ("escalation", 2)])
        warning = self.env["sop.alert"].search([("order_id", "=", order.id), ("kind", "=", "warning")])
        self.assertEqual(warning.state, "closed")

    def test_without_escalation_nobody_else_is_told(self):
        order = self.make_timed({"time_limit_hours": 4})
        self.move_to(6, 9)
        self.run_cron("alarm_cron")
        self.assertEqual(self.alerts(order), [("warning", 0), ("breach", 0)])
        self.assertFalse(order.sop_visit_id.next_at)

    def test_nothing_while_the_clock_stands_or_after_the_stage_was_left(self):
        held, left, other = self.make_timed(self.limit, {}, count=3)
        hold = self.hold(held)
        self.do(left)
        self.move_to(3, 9)
        self.run_cron("alarm_cron")
        self.assertEqual([len(self.alerts(order)) for order in (held, left, other)], [0, 0, 4])
        self.release(hold)
        self.run_cron("alarm_cron")
        self.assertFalse(self.alerts(held))
        self.move_to(3, 11)
        self.run_cron("alarm_cron")
        self.assertEqual(self.alerts(held), [("warning", 0)])

    def test_a_check_tells_for_itself(self):
        checkpoints = [
            {"name": "Do", "kind": "manual"},
            {"name": "Soon", "kind": "manual", "time_limit_hours": 1},
            {"name": "If you like", "kind": "manual", "time_limit_hours": 3, "blocking": False},
        ]
        order = self.make_timed({"time_limit_hours": 8, "checkpoints": checkpoints}, {})
        self.move_to(2, 10)
        self.run_cron("alarm_cron")
        alerts = self.env["sop.alert"].search([("order_id", "=", order.id)], order="id")
        self.assertEqual(alerts.mapped("kind"), ["warning", "breach"])
        self.assertEqual(alerts.check_id, self.check(order, "Soon"))
        self.check(order, "Soon").with_user(self.users["sales"]).action_pass()
        self.do(order)
        self.assertEqual(order.sop_stage_id.sequence, 2)
        self.move_to(2, 16)
        self.run_cron("alarm_cron")
        self.assertEqual(len(self.alerts(order)), 2, "what the stage did not wait for stays behind with it")
        self.assertFalse(self.check(order, "If you like").next_at)

    @mute_logger("odoo.addons.order_sop.engine.isolation")
    def test_one_poisoned_order_stops_no_other(self):
        orders = self.make_timed(self.limit, count=5)
        self.move_to(2, 11)
        poisoned = orders[2]
        raise_ = type(self.env["sop.engine.alert"])._raise

        def break_one(engine, vals_list, journal=None):
            if any(vals.get("visit_id") == poisoned.sop_visit_id.id for vals in vals_list):
                raise ValueError("poisoned")
            return raise_(engine, vals_list, journal)

        with patch.object(type(self.env["sop.engine.alert"]), "_raise", break_one):
            self.run_cron("alarm_cron")
        self.assertEqual([len(self.alerts(order)) for order in orders], [1, 1, 0, 1, 1])
        self.run_cron("alarm_cron")
        self.assertEqual([len(self.alerts(order)) for order in orders], [1] * 5, "later, once it works again")

    def test_more_than_a_batch(self):
        orders = self.make_timed(self.limit, count=7)
        self.move_to(2, 11)
        with patch("odoo.addons.order_sop.engine.alarm.BATCH", 3):
            self.run_cron("alarm_cron")
        self.assertEqual(self.alerts(orders), [("warning", 0)] * 7)

    def test_the_cron_costs_what_is_due(self):
        self.make_timed(self.limit)
        counts = []
        for more in (0, 20):
            if more:
                self.make_timed(self.limit, count=more)
            self.commit()
            self.env.invalidate_all()
            self.env["sop.process"]._get_telling_ids()  # is kept for all transactions
            with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1):
                before = self.cr.sql_log_count
                self.env["sop.engine.alarm"]._cron_tell()
                counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts, [2, 2], "a question to the visits and one to the checks")

    def test_a_limit_that_moved_is_told_again(self):
        """Somebody entered the holiday late: what was told of is taken back, and told when its time really comes."""
        order = self.make_timed(self.limit)
        visit = order.sop_visit_id
        self.move_to(2, 13)
        self.run_cron("alarm_cron")
        self.assertEqual(self.alerts(order), [("warning", 0), ("breach", 0)])
        holiday = self.make_holiday(self.at(2, 0), self.at(3, 0), calendar_id=self.calendar.id)
        self.run_cron("reschedule_cron")
        self.assertEqual((visit.deadline, visit.told, order.sop_late), (self.at(3, 12), 0, False))
        alerts = self.env["sop.alert"].search([("order_id", "=", order.id)], order="id")
        self.assertEqual(set(alerts.mapped("state")), {"closed"})
        self.run_cron("alarm_cron")
        self.assertEqual(len(self.alerts(order)), 2)
        self.move_to(3, 12)
        self.run_cron("alarm_cron")
        self.assertEqual(self.alerts(order)[2:], [("warning", 0), ("breach", 0)])
        holiday.unlink()
        self.run_cron("reschedule_cron")
        self.assertEqual((visit.deadline, visit.told), (self.at(2, 12), 2), "late all the same, and told already")
        self.run_cron("alarm_cron")
        self.assertEqual(self.alerts(order)[4:], [("escalation", 1), ("escalation", 2)])
        self.assert_log_knows(order)

    def test_a_limit_that_moved_back_is_told_again(self):
        order = self.make_timed({"time_limit_hours": 4})
        self.move_to(2, 13)
        self.run_cron("alarm_cron")
        holiday = self.make_holiday(self.at(2, 0), self.at(3, 0), calendar_id=self.calendar.id)
        self.run_cron("reschedule_cron")
        holiday.unlink()
        self.run_cron("reschedule_cron")
        self.run_cron("alarm_cron")
        self.assertEqual(self.alerts(order), [("warning", 0), ("breach", 0)] * 2)
        alerts = self.env["sop.alert"].search([("order_id", "=", order.id)], order="id")
        self.assertEqual(alerts.mapped("state"), ["closed", "closed", "closed", "open"])

    def test_old_visits_without_times_are_left_alone(self):
        order = self.make_timed(self.limit)
        as_engine(order.sop_visit_id).write({"next_at": False, "warn_at": False, "told": False})
        self.move_to(3, 9)
        self.run_cron("alarm_cron")
        self.assertFalse(self.alerts(order))
