"""Mails to customers: at the stages that the process names and of delays, in their language, each once."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.guard import as_engine
from ..engine.notify import SopEngineNotify
from .common import SopCase
from .common_customer import CustomerFixture


@tagged("post_install", "-at_install")
class TestCustomerMessages(CustomerFixture, SopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_customers()

    def mails(self, order, text):
        """Return the messages about ``order`` to its customer with ``text`` in their subject."""
        return order.message_ids.filtered(
            lambda message: text in (message.subject or "") and order.partner_id in message.notified_partner_ids
        )

    def complete(self, order):
        """Take ``order`` to its after-sales stage."""
        self.send(order)
        self.do(order, "Sent", "Settled")
        self.assertEqual(order.sop_stage_id.phase, "after_sales", order.sop_missing)

    # -- at stages -----------------------------------------------------------------------------------------------------

    def test_once_for_a_stage_however_often_it_is_entered(self):
        order = self.confirm()
        self.complete(order)
        self.run_cron("notify_cron")
        [mail] = self.mails(order, "how did we do?")
        self.run_cron("notify_cron")
        order.with_user(self.users["manager"]).action_sop_send_back(self.followed.stage_ids[5].id, "Not settled")
        self.commit()
        self.do(order, "Settled")
        self.assertEqual(order.sop_visit_id.cycle, 2)
        self.run_cron("notify_cron")
        self.assertEqual(self.mails(order, "how did we do?"), mail)
        token = order._sop_get_rating_token()
        for rate in (5, 3, 1):
            self.assertIn(f"/rate/{token}/{rate}", mail.body)
        self.assertEqual(len(order._sop_get_ratings(given=False)), 1)

    @mute_logger("odoo.addons.order_sop.engine.notify")
    def test_what_fails_half_way_is_undone_as_a_whole(self):
        order = self.confirm()
        self.complete(order)
        post = SopEngineNotify._post

        def broken(engine, *args):
            post(engine, *args)
            raise RuntimeError

        with patch.object(SopEngineNotify, "_post", broken):
            self.run_cron("notify_cron")
        self.assertFalse(self.mails(order, "how did we do?"))
        self.assertEqual(order.sop_visit_id.message_state, "failed")
        self.assertFalse([data for data in self.log(order, "informed") if "visit" in data])

    def test_more_than_a_batch_is_gone_on_with(self):
        order = self.confirm()
        self.complete(order)
        visit = as_engine(order.sop_visit_id)
        for _ in range(10):
            visit.copy()
        with patch("odoo.addons.order_sop.engine.notify.BATCH", 1):
            self.run_cron("notify_cron")
        self.assertEqual(set(order.sop_visit_ids.mapped("message_state")) - {"to_send"}, {False, "sent"})
        self.assertNotIn("to_send", order.sop_visit_ids.mapped("message_state"))

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("order_sop.mail_template_completed")
        template.with_context(lang="zh_CN").subject = "您的订单 {{ object.name }}：您满意吗？"
        self.customer.lang = "zh_CN"
        order = self.confirm()
        self.complete(order)
        self.run_cron("notify_cron")
        [mail] = self.mails(order, order.name)
        self.assertEqual(mail.subject, f"您的订单 {order.name}：您满意吗？")

    def test_the_processes_that_come_with_it_name_stages_and_mails(self):
        for code in ("b2b", "b2c"):
            stages = self.env.ref(f"order_sop.process_{code}").stage_ids._in_order()
            names = [stage.customer_name for stage in stages]
            expected = ["Order received"] * 2 + ["In preparation"] * 2 + ["Being shipped", "On its way", False]
            self.assertEqual(names, expected)
            mailing = {stage.phase: stage.message_template_id for stage in stages if stage.message_template_id}
            self.assertEqual(mailing["logistics"], self.env.ref("order_sop.mail_template_shipping"))
            self.assertEqual(mailing["after_sales"], self.env.ref("order_sop.mail_template_completed"))
        accepted = self.env.ref("order_sop.stage_b2b_stock").message_template_id
        order = self.take(commitment_date=fields.Datetime.now() + timedelta(days=9))
        for template in (*mailing.values(), accepted):
            self.env["sop.engine.notify"]._post(order, template)
        self.assertEqual(len(self.mails(order, order.name)), 3)
        [body] = self.mails(order, "preparing").mapped("body")
        self.assertIn(order._sop_get_tracker()["promised"], body)
        self.assertIn(f"/my/orders/{order.id}?access_token={order.access_token}", body)

    # -- delays --------------------------------------------------------------------------------------------------------

    def set_telling(self, tells):
        """Have the process tell customers of delays, or not."""
        as_engine(self.followed).write({"tell_delays": tells})
        self.followed._forget()

    def make_late(self, tells=True, hours=9, **vals):
        """Return a confirmed order whose stages take ``hours`` more than its promise leaves."""
        self.set_telling(tells)
        as_engine(self.followed.stage_ids[3]).write({"time_limit_hours": 100 * hours})
        return self.confirm(commitment_date=fields.Datetime.now() + timedelta(days=3), **vals)

    def test_told_once_for_each_promised_date(self):
        order = self.make_late()
        self.assertEqual((order.state, order.sop_jeopardy), ("sale", "late"))
        self.assertFalse(order._sop_get_tracker()["expected"], "nobody has told him yet")
        self.run_cron("alarm_cron")
        [mail] = self.mails(order, "will take longer")
        tracker = order._sop_get_tracker()
        self.assertTrue(tracker["expected"])
        for day in (tracker["promised"], tracker["expected"]):
            self.assertIn(day, mail.body)
        self.run_cron("alarm_cron")
        self.assertEqual(self.mails(order, "will take longer"), mail)
        order.commitment_date += timedelta(days=1)
        self.commit()
        self.run_cron("alarm_cron")
        self.assertEqual(len(self.mails(order, "will take longer")), 2)
        delays = [data["delay"] for data in self.log(order, "informed") if "delay" in data]
        self.assertEqual((len(delays), delays[1]), (2, order.commitment_date.isoformat()))
        self.assertFalse(self.env["sop.engine.log"]._verify(order.ids))

    def test_not_told(self):
        order = self.make_late(tells=False)
        self.run_cron("alarm_cron")
        self.assertFalse(self.mails(order, "will take longer"), "the process does not say so")
        self.set_telling(True)
        draft = self.take(commitment_date=fields.Datetime.now() + timedelta(days=3))
        self.assertEqual(draft.sop_jeopardy, "late")
        cancelled = self.confirm(commitment_date=fields.Datetime.now() + timedelta(days=3))
        cancelled.with_context(disable_cancel_warning=True).action_cancel()
        silent = self.confirm(commitment_date=fields.Datetime.now() + timedelta(days=3))
        silent.partner_id = self.customer.copy({"email": False, "name": "No mail"})
        stopped = self.confirm(commitment_date=fields.Datetime.now() + timedelta(days=3))
        stopping = self.env["sop.hold.type"].create({"name": "Waits", "code": "waits_here", "stops_clock": True})
        stopped.with_user(self.users["manager"]).action_sop_hold(stopping.id, "Waits")
        self.commit()
        self.run_cron("alarm_cron")
        self.assertTrue(self.mails(order, "will take longer"))
        for other in (draft, cancelled, silent, stopped):
            self.assertFalse(self.mails(other, "will take longer"), other.sop_status)
        stopped.sop_hold_ids.with_user(self.users["manager"]).action_release("Goes on")
        self.commit()
        self.run_cron("alarm_cron")
        self.assertEqual(stopped.sop_jeopardy, "late")
        self.assertTrue(self.mails(stopped, "will take longer"))

    @mute_logger("odoo.addons.order_sop.engine.notify")
    def test_one_that_cannot_be_told_stops_no_other(self):
        broken, other = self.make_late(), self.make_late()
        post = SopEngineNotify._post

        def breaking(engine, order, template):
            if order == broken:
                raise RuntimeError
            return post(engine, order, template)

        with patch.object(SopEngineNotify, "_post", breaking):
            self.run_cron("alarm_cron")
        self.run_cron("alarm_cron")
        self.assertFalse(self.mails(broken, "will take longer"), "and is not tried for ever")
        self.assertEqual(len(self.mails(other, "will take longer")), 1)
        self.env.ref("order_sop.mail_template_delay").unlink()
        third = self.make_late()
        self.run_cron("alarm_cron")
        self.assertEqual(third.sop_delay_told_for, third.commitment_date, "nor is what has no mail any more")

    def test_costs_nothing_where_no_process_tells(self):
        self.make_late(tells=False)
        self.env.flush_all()
        engine = self.env["sop.engine.delay"]
        engine._tell_due()  # what is kept for all transactions
        with self.assertQueryCount(0):
            engine._tell_due()
