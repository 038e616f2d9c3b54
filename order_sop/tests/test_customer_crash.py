"""The crons that write to customers die at statement after statement, or run at once: each mail stays exactly once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_committed import CommittedCase, manual

STRIDE = 7


@tagged("-standard", "-at_install", "post_install", "database_breaking")
class TestCustomerCrash(CommittedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls.env.ref("order_sop.mail_template_completed")
        cls.telling = cls.make_process(
            {"checkpoints": [manual("Do")], "message_template_id": template.id, "time_limit_hours": 1000},
            code="TELLING",
            tell_delays=True,
        )

    def make_late(self, count):
        """Return ``count`` confirmed orders whose customers are to get the stage's mail and one on the delay."""
        orders = self.make_orders(count, self.telling)
        orders.commitment_date = fields.Datetime.now() + timedelta(days=1)
        orders.action_confirm()
        self.refresh()
        self.assertEqual(set(orders.mapped("sop_jeopardy")), {"late"})
        return orders

    def run_both(self, dies_at=None):
        """Run both crons; tell whether they came to their end."""
        ended = self.run_alone("sop.engine.notify", "_cron_send", dies_at)
        return self.run_alone("sop.engine.delay", "_tell_due", dies_at) and ended

    def assert_told(self, orders, complete=True):
        """Each of ``orders`` has no mail twice; ``complete``: and both."""
        self.refresh()
        for order in orders:
            subjects = order.message_ids.filtered(lambda m, o=order: o.partner_id in m.notified_partner_ids)
            for text, key in (("how did we do?", "visit"), ("will take longer", "delay")):
                count = len(subjects.filtered(lambda message, text=text: text in (message.subject or "")))
                logged = [event for event in self.events(order, "informed") if key in event.data]
                self.assertEqual(len(logged), count, "the log tells as much")
                self.assertTrue(count == 1 or (not complete and not count), (text, count))
        self.assertFalse(self.env["sop.engine.log"]._verify(orders.ids))

    @mute_logger("odoo.sql_db")
    def test_killed_on_the_way(self):
        orders, place = self.make_late(2), 1
        while not self.run_both(dies_at=place):
            place += STRIDE
            self.assert_told(orders, complete=False)
        self.assertGreater(place, 5 * STRIDE)
        self.assert_told(orders)
        self.run_both()
        self.assert_told(orders)

    @mute_logger("odoo.sql_db", "odoo.addons.order_sop.engine.notify")
    def test_several_sessions_at_once(self):
        orders = self.make_late(6)
        with ThreadPoolExecutor(3) as executor:
            for ended in [executor.submit(self._run_quietly) for _session in range(3)]:
                ended.result(timeout=120)
        self.run_both()  # for those that somebody else had locked
        self.assert_told(orders)

    def _run_quietly(self):
        """Run both crons as Odoo does: a conflict ends the run, and the next one goes on."""
        for engine, method in (("sop.engine.notify", "_cron_send"), ("sop.engine.delay", "_tell_due")):
            with suppress(Exception):
                self.run_alone(engine, method)
