"""What customers are asked: by mail in their language, reminded once, then somebody is alerted; answers count."""

from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.promise import SopEnginePromise
from .common_stock import StockCase

MONDAY = "2026-03-02 09:00:00"


@tagged("post_install", "-at_install")
class TestStockQuestions(StockCase):
    def setUp(self):
        super().setUp()
        self.engine = self.env["sop.engine.remedy"].sudo()
        self.add_stock(self.table, 3)
        self.company.sop_ask_hours = 4

    def ask(self, **vals):
        order = self.make_confirmed(5, **vals)
        return order, self.decide("warehouse", order, "parts")

    def mails(self, order):
        return order.message_ids.filtered(lambda m: self.customer in m.notified_partner_ids and "your order" in m.body)

    def test_asked_reminded_and_alerted_once_each(self):
        with freeze_time(MONDAY) as clock:
            order, remedy = self.ask()
            for wait, told, count in ((0, 1, 1), (1, 1, 1), (4, 2, 2), (1, 2, 2), (19, 3, 2), (100, 3, 2)):
                clock.tick(timedelta(hours=wait))
                self.run_cron("remedy_cron")
                self.assertEqual((remedy.told, len(self.mails(order))), (told, count), f"{wait} hours later")
            [alert] = order.sop_alert_ids
            self.assertEqual((alert.kind, alert.user_id, alert.state), ("unanswered", self.users["warehouse"], "open"))
            self.assertIn("Table", alert.message)
            question, reminder = self.mails(order).sorted("id")
            self.assertIn("3 Units of Table", question.body)
            self.assertIn(order.access_token, question.body, "a link that needs no login")
            self.assertIn("wait for your answer", reminder.subject)
            self.engine._answer(remedy, False, "Ms Customer", "No, thanks")
            self.commit()
            self.assertEqual((alert.state, alert.ending), ("closed", "replied"))
            self.assertFalse(order.sop_alerted)

    def test_refused_comes_back_to_the_desk(self):
        order, remedy = self.ask()
        self.assertTrue(self.engine._answer(remedy, False, "Ms Customer", "All at once, please"))
        self.assertEqual((remedy.state, remedy.answer_note), ("refused", "All at once, please"))
        activity = order.activity_ids.filtered(lambda a: a.activity_type_id.res_model == "sale.order" and a.note)
        self.assertEqual(activity.user_id, self.users["warehouse"], "who decided is told")
        self.assertIn("All at once", activity.note)
        [line] = self.desk("warehouse", order)
        self.assertEqual((line.short, line.remedy_state, line.may_decide), (2, "refused", True))
        with self.assertRaisesRegex(UserError, "answered or withdrawn"):
            self.engine._answer(remedy, True, "Ms Customer")
        self.assertEqual(self.decide("purchasing", order, "replenish").state, "done")

    def test_answers_to_what_is_no_more(self):
        order, remedy = self.ask()
        order.order_line.product_uom_qty = 8
        self.assertFalse(self.engine._answer(remedy, True, "Ms Customer"))
        self.assertEqual((remedy.state, remedy.answer), ("draft", "agreed"))
        self.assertIn("changed", remedy.problem)
        self.assertTrue(order.activity_ids.filtered(lambda a: a.user_id == self.users["warehouse"]))
        remedy.with_user(self.users["warehouse"]).action_carry_out()
        self.assertEqual((remedy.state, remedy.problem), ("done", False))

    def test_cannot_be_carried_out_any_more(self):
        order, remedy = self.ask()
        self.env["stock.quant"]._update_available_quantity(self.table, self.warehouse.lot_stock_id, -3)
        order.picking_ids.do_unreserve()
        self.assertFalse(self.engine._answer(remedy, True, "Ms Customer"))
        self.assertEqual((remedy.state, len(order.picking_ids)), ("draft", 1))
        self.assertIn("can be reserved", remedy.problem)

    def test_withdrawn_and_cancelled(self):
        order, remedy = self.ask()
        remedy.with_user(self.users["warehouse"]).action_cancel("Found some")
        self.assertEqual((remedy.state, remedy.next_at), ("cancelled", False))
        self.assertEqual(self.events(order, "withdrawn")[0]["note"], "Found some")
        again = self.decide("warehouse", order, "parts")
        order.action_cancel()
        self.commit()
        self.assertEqual(again.state, "cancelled")
        self.run_cron("remedy_cron")
        self.assertFalse(self.mails(order), "nobody is asked about what is over")

    def test_by_telephone(self):
        _order, remedy = self.ask()
        mine = remedy.with_user(self.users["purchasing"])
        with self.assertRaisesRegex(UserError, "Write down"):
            mine.action_answer("agreed")
        mine.action_answer("agreed", "Called at noon: fine")
        self.assertEqual((remedy.state, remedy.answered_by), ("done", "purchasing"))
        other = self.make_confirmed(5, product=self.table)
        self.add_stock(self.table, 1)
        other.picking_ids.action_assign()
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "no e-mail"):
            self.decide("warehouse", other, "parts")
        self.assertEqual(self.decide("warehouse", other, "parts", agreed=True).state, "done")
        self.assertEqual(self.events(other, "replied")[0]["by"], "warehouse")

    def test_nobody_is_asked_where_the_company_says_so(self):
        self.company.sop_ask_parts = False
        _order, remedy = self.ask()
        self.assertEqual((remedy.state, remedy.asked_at), ("done", False))

    def test_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.customer.lang = "zh_CN"
        order, _remedy = self.ask()
        self.env.ref("order_sop.mail_template_remedy").with_context(
            lang="zh_CN"
        ).subject = "问题 {{ object.order_id.name }}"
        self.run_cron("remedy_cron")
        self.assertTrue(order.message_ids.filtered(lambda message: (message.subject or "").startswith("问题")))

    def test_a_mail_that_fails_stops_nobody(self):
        _first, broken = self.ask()
        self.add_stock(self.table, 3)
        second, fine = self.ask()
        broken.order_id.partner_id = self.env["res.partner"].create(
            {"name": "X", "email": "x@example.com", "lang": False}
        )
        template = self.env.ref("order_sop.mail_template_remedy")
        template.body_html = f'<t t-out="1 / (object.id - {broken.id})"/> your order'
        with self.assertLogs("odoo.addons.order_sop.engine.isolation", "ERROR"):
            self.run_cron("remedy_cron")
        self.assertEqual((broken.told, fine.told), (0, 1))
        self.assertTrue(second.message_ids)

    def test_the_new_date_is_a_day_of_the_companys(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        order = self.make_confirmed(1)
        order.commitment_date = "2031-05-05 20:00:00"
        self.run_cron("promise_cron")
        [mail] = order.message_ids.filtered(lambda message: "new delivery date" in (message.subject or ""))
        self.assertIn("05/06/2031", mail.body)

    @mute_logger("odoo.addons.order_sop.engine.notify", "odoo.addons.order_sop.engine.isolation")
    def test_no_order_stops_the_mails_of_new_dates(self):
        tell = SopEnginePromise._tell

        def breaking(engine, order, moves):
            if order == broken:
                raise RuntimeError
            return tell(engine, order, moves)

        broken, other = self.make_confirmed(1), self.make_confirmed(1)
        (broken | other).commitment_date = self.in_days(70)
        with patch.object(SopEnginePromise, "_tell", breaking):
            self.run_cron("promise_cron")
        self.assertEqual((broken.sop_promise_ids.to_tell, bool(other.sop_promise_ids.told_at)), (True, True))
        self.env.ref("order_sop.mail_template_promise").unlink()
        self.run_cron("promise_cron")
        self.assertEqual((broken.sop_promise_ids.to_tell, broken.sop_promise_ids.told_at), (False, False))

    def test_only_the_date_that_holds_is_told(self):
        order = self.make_confirmed(1)
        order.commitment_date = self.in_days(70)
        order.commitment_date = False
        self.run_cron("promise_cron")
        self.assertFalse(order.sop_promise_ids.filtered(lambda promise: promise.to_tell or promise.told_at))

    def test_promises_there_and_back(self):
        order = self.make_confirmed(1)
        first = order.commitment_date
        order.commitment_date = first + timedelta(days=3)
        order.commitment_date = first
        self.commit()
        self.assertEqual(len(order.sop_promise_ids), 2)
        self.assertEqual(set(order.sop_promise_ids.mapped("reason")), {False})
        self.run_cron("promise_cron")
        self.assertFalse(order.sop_promise_ids.filtered("told_at"))
        draft = self.make_order(process=self.matching, commitment_date=fields.Datetime.now())
        draft.commitment_date = first
        self.assertFalse(draft.sop_promise_ids.to_tell, "nothing is agreed yet")
        draft.write({"state": "sale", "commitment_date": self.in_days(70)})
        self.assertEqual(len(draft.sop_promise_ids), 2, "one for each date, also when it comes along with the state")
        plain = self.make_order(commitment_date=fields.Datetime.now())
        plain.commitment_date = first
        self.assertFalse(plain.sop_promise_ids, "under no process")
