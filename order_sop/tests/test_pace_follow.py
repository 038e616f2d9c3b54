"""What was learned in the night counts for open orders at once: in batches, and only where it is something new."""

from datetime import timedelta

from odoo.tests import tagged

from .common_promise import PromiseCase


@tagged("post_install", "-at_install")
class TestPaceFollow(PromiseCase):
    def moments(self, order):
        return order.sop_risk_at, order.sop_miss_at

    def changes(self):
        self.env.flush_all()
        return self.env["sop.schedule.change"].search([])

    def test_open_orders_follow(self):
        orders = self.make_promised(self.at(3, 17, 30), count=3)
        done, nothing = orders[2], self.make_order(process=orders.sop_process_id)
        for _stage in self.STAGES:
            self.do(done)
        self.run_cron("reschedule_cron")
        before = (self.at(2, 15), self.at(2, 15))
        self.assertEqual([self.moments(order) for order in orders[:2]], [before] * 2)
        self.learn(orders.sop_process_id, [[1] * 8, [2] * 6 + [7] * 4, [3] * 7])
        [change] = self.changes()
        self.assertEqual((change.process_code, change.company_id), ("TIMED", self.company))
        self.assertEqual([self.moments(order) for order in orders[:2]], [before] * 2, "not in the cron that learns")
        self.run_cron("reschedule_cron")
        self.assertFalse(self.changes())
        fresh = self.make_order(process=orders.sop_process_id, commitment_date=self.at(3, 17, 30))
        self.assertGreater(self.moments(fresh), before)
        self.assertEqual([self.moments(order) for order in orders[:2]], [self.moments(fresh)] * 2)
        self.assertFalse(done.sop_miss_at or nothing.sop_miss_at)

    def test_nothing_new_is_nothing_to_do(self):
        order = self.make_promised(self.at(3, 17, 30))
        self.learn(order.sop_process_id, [[1] * 8, [2] * 8, [3] * 8])
        self.run_cron("reschedule_cron")
        self.learn(order.sop_process_id, [[1.01] * 2, [2], [3.04]])
        self.assertFalse(self.changes(), "no tenth of an hour")
        self.learn(order.sop_process_id, [[], [], [9] * 20])
        self.assertEqual(len(self.changes()), 1)
        self.run_cron("reschedule_cron")
        self.time.tick(timedelta(days=181))
        self.env["sop.engine.pace"]._cron_learn()
        self.assertEqual(len(self.changes()), 1, "what was known is forgotten")
