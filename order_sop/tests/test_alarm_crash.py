"""The cron dies at every statement that it sends, and runs in several sessions at once: alerts stay exactly once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import patch

from odoo import Command, api, fields
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common_committed import CommittedCase, manual

ALL = {("warning", 0): 1, ("breach", 0): 1, ("escalation", 1): 1, ("escalation", 2): 1}


@tagged("-standard", "-at_install", "post_install", "database_breaking")
class TestAlarmCrash(CommittedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        hours = [
            Command.create({"name": "Always", "dayofweek": str(day), "hour_from": 0, "hour_to": 24}) for day in range(7)
        ]
        calendar = cls.env["resource.calendar"].create(
            {"name": "Always", "tz": "UTC", "company_id": False, "attendance_ids": hours}
        )
        cls.timed = cls.make_process(
            {
                "time_limit_hours": 1,
                "escalation_hours": 1,
                "checkpoints": [manual("Do") | {"time_limit_hours": 1}],
            },
            code="TIMED",
            calendar_id=calendar.id,
        )

    def make_late(self, count):
        """Return ``count`` committed orders that have been in their stage for ten hours, and nobody was told."""
        orders = self.make_orders(count, self.timed)
        long_ago = fields.Datetime.now() - timedelta(hours=10)
        for table, column in (("sop_visit", "entered_at"), ("sop_check", "started_at")):
            self.env.execute_query(
                SQL(
                    "UPDATE %s SET %s = %s, next_at = %s WHERE order_id IN %s RETURNING 1",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    long_ago,
                    long_ago,
                    tuple(orders.ids),
                )
            )
        self.env.invalidate_all()
        self.refresh()
        return orders

    def run_alarm(self, dies_at=None):
        """Run the cron in a session of its own, which dies at the given statement; tell whether it came to its end."""
        return self.run_alone("sop.engine.alarm", "_cron_tell", dies_at)

    def assert_told(self, orders, complete=True):
        """Nothing was told twice about ``orders``; ``complete``: and nothing forgotten."""
        self.refresh()
        for order in orders:
            alerts = self.env["sop.alert"].search([("order_id", "=", order.id)])
            for subject in (alerts.filtered("check_id"), alerts.filtered(lambda alert: not alert.check_id)):
                counts = Counter((alert.kind, alert.level) for alert in subject)
                self.assertTrue(counts == ALL or (not complete and counts <= Counter(ALL)), counts)
            self.assertEqual(len(self.events(order, "alerted")), len(alerts), "the log tells as much")
        self.assertFalse(self.env["sop.engine.log"]._verify(orders.ids))

    @mute_logger("odoo.sql_db")
    def test_killed_at_every_statement(self):
        orders = self.make_late(11)
        deaths = 0
        with patch("odoo.addons.order_sop.engine.alarm.BATCH", 2):
            while not self.run_alarm(dies_at=deaths + 1):
                deaths += 1
                if deaths % 10 == 0:
                    self.assert_told(orders, complete=False)
        self.assertGreater(deaths, 30)
        self.assert_told(orders)
        self.run_alarm()
        self.assert_told(orders)

    @mute_logger("odoo.sql_db")
    def test_several_sessions_at_once(self):
        orders = self.make_late(12)
        with patch("odoo.addons.order_sop.engine.alarm.BATCH", 3), ThreadPoolExecutor(4) as executor:
            for ended in [executor.submit(self.run_alarm) for _session in range(4)]:
                self.assertTrue(ended.result(timeout=120))
        self.run_alarm()  # for those that somebody else had locked
        self.assert_told(orders)

    @mute_logger("odoo.sql_db")
    def test_whoever_works_on_the_order_comes_first(self):
        busy, free = self.make_late(1), self.make_late(1)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.users["sales"].id, {})
            self.check(busy, "Do").with_env(env).action_pass("Done at last")
            cr.flush()
            self.assertTrue(self.run_alarm())
            self.assert_told(free)
            cr.commit()  # pylint: disable=invalid-commit; as above
        self.run_alarm()
        self.refresh()
        self.assertFalse(self.env["sop.alert"].search([("order_id", "=", busy.id)]), "it has left the stage")
