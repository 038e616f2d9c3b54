"""What crons do for many orders: in batches, without those that somebody works on, and without those that fail."""

from unittest.mock import patch

from odoo.tests import tagged

from ..engine.isolation import work_off
from .common import SopCase


@tagged("post_install", "-at_install")
class TestWorkOff(SopCase):
    def setUp(self):
        super().setUp()
        process = self.make_process({"checkpoints": [{"kind": "manual"}]})
        self.orders = self.env["sale.order"].union(*(self.make_order(process=process) for _number in range(5)))
        self.done, self.reported = [], []
        cron = type(self.env["ir.cron"])
        report = lambda cron, processed=0, remaining=None: self.reported.append((processed, remaining)) or True  # noqa: E731
        self.patch(cron, "_commit_progress", report)

    def run_off(self, records, **kwargs):
        """Work ``records`` off in batches of two and return the lists that were handed over."""
        with patch("odoo.addons.order_sop.engine.isolation.BATCH", 2):
            work_off(records, self.done.append, **kwargs)
        return self.done

    def test_in_batches(self):
        checks = self.orders.sop_check_ids
        self.assertEqual(self.run_off(checks), [checks[:2], checks[2:4], checks[4:]])
        self.assertEqual(self.reported, [(0, 5), (2, None), (2, None), (1, None)])

    def test_busy_orders_are_left_out(self):
        busy, orders, told = self.orders[1:2], type(self.orders), []
        lock = orders.try_lock_for_update
        self.patch(orders, "try_lock_for_update", lambda self, **kwargs: lock(self - busy, **kwargs))
        self.assertEqual(self.run_off(self.orders, busy=lambda: told.append(True))[0], self.orders[:1])
        self.assertEqual(len(told), 1)
        checks, self.done = self.orders.sop_check_ids.sorted("id"), []
        self.assertEqual(self.run_off(checks)[0], checks[:1])

    def test_one_that_fails_does_not_stop_the_others(self):
        bad = self.orders[2]

        def do(orders):
            if bad in orders:
                raise ValueError("Broken")
            self.done.append(orders)

        isolation = "odoo.addons.order_sop.engine.isolation"
        with patch(f"{isolation}.BATCH", 2), self.assertLogs(isolation, "ERROR"):
            work_off(self.orders, do)
        self.assertEqual(self.done, [self.orders[:2], self.orders[3], self.orders[4]])
