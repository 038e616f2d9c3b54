"""Each morning the lead of a department reads what is late and what will be: once a day, in his time zone and words."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged

from ..engine.guard import as_engine
from .common_alerts import AlertFixture

SIX = datetime(2026, 3, 2, 6)  # a Monday, in UTC


@tagged("post_install", "-at_install")
class TestDailyMail(AlertFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_alerts()
        cls.lead.tz = "Europe/Brussels"
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Nine to five", "tz": "Europe/Brussels", "company_id": cls.company.id}
        )
        # the others stay silent: what the database holds besides is not what is tested
        cls.env["sop.department"].search([("lead_id", "!=", cls.lead.id)]).lead_id = False

    def setUp(self):
        super().setUp()
        self.clock = freeze_time(SIX)
        self.time = self.clock.start()
        self.addCleanup(self.clock.stop)

    def make_order_late(self, name="warehouse", **vals):
        order = self.make_order(process=self.process, **vals)
        as_engine(order).write({"sop_deadline": SIX - timedelta(hours=3)})
        return order

    def mails(self):
        found = self.env["mail.mail"].search([("subject", "like", "What is late"), ("id", ">", self.last)], order="id")
        return [(mail.recipient_ids.email, mail.body_html) for mail in found]

    def send(self):
        self.last = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        self.run_cron("daily_cron")
        return self.mails()

    # -- the story -----------------------------------------------------------------------------------------------------

    def test_a_morning(self):
        order = self.make_order_late()
        self.alert(order)
        self.assertFalse(self.send(), "it is seven in Brussels")
        self.time.tick(timedelta(hours=1, minutes=5))
        [(to, body)] = self.send()
        self.assertEqual(to, "lead@example.com")
        for text in ("Warehouse", "Late: 1", "Open alerts: 1", f"/odoo/sop-orders/{order.id}", "/odoo/sop-alerts/"):
            self.assertIn(text, body)
        for _again in range(3):
            self.time.tick(timedelta(hours=2))
            self.assertFalse(self.send(), "once a day")
        self.time.tick(timedelta(days=1))
        self.assertEqual(len(self.send()), 1)

    def test_nothing_where_there_is_nothing(self):
        self.make_order(process=self.process)
        self.time.tick(timedelta(hours=3))
        self.assertFalse(self.send())
        self.assertEqual(str(self.departments["warehouse"].daily_mail_on), "2026-03-02")

    def test_not_on_a_day_off(self):
        self.make_order_late()
        self.time.tick(timedelta(days=-1, hours=6))
        self.assertFalse(self.send(), "a Sunday")
        calendar = self.company.resource_calendar_id
        leave = {
            "name": "Holiday",
            "date_from": SIX,
            "date_to": SIX + timedelta(hours=16),
            "company_id": self.company.id,
        }
        self.env["resource.calendar.leaves"].create({"calendar_id": calendar.id, "resource_id": False, **leave})
        self.time.move_to(SIX + timedelta(hours=6))
        self.assertFalse(self.send(), "a public holiday")

    def test_another_time_zone(self):
        self.make_order_late()
        self.lead.tz = "Asia/Shanghai"  # there it is two in the afternoon: his day began at Brussels' hours
        self.assertFalse(self.send())
        self.lead.resource_calendar_id = False
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        self.assertEqual(len(self.send()), 1)

    def test_switched_off(self):
        self.make_order_late()
        self.lead.with_user(self.lead).sop_daily_mail = False
        self.time.tick(timedelta(hours=3))
        self.assertFalse(self.send())

    def test_in_the_leads_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.lead.lang = "zh_CN"
        self.departments["warehouse"].with_context(lang="zh_CN").name = "仓储部"
        self.make_order_late()
        self.time.tick(timedelta(hours=3))
        self.run_cron("daily_cron")
        mail = self.env["mail.mail"].search([("recipient_ids", "=", self.lead.partner_id.id)], order="id desc", limit=1)
        self.assertIn("仓储部", mail.body_html)

    def test_two_departments_one_mail(self):
        self.departments["finance"].lead_id = self.lead
        self.lead.group_ids += self.env.ref("order_sop.group_finance")
        self.make_order_late()
        bill = self.make_order_late()
        for name in ("Packed", "Labelled"):
            self.check(bill, name).with_user(self.users["warehouse"]).action_pass()
        self.commit()
        as_engine(bill).write({"sop_deadline": SIX})
        self.time.tick(timedelta(hours=3))
        [(_to, body)] = self.send()
        self.assertIn("Warehouse", body)
        self.assertIn("Finance", body)

    def test_what_he_may_not_see_is_not_told(self):
        """A lead who is no member sees the alerts of his department, and none of its orders."""
        order = self.make_order_late()
        self.lead.group_ids = self.env.ref("order_sop.group_user")
        self.time.tick(timedelta(hours=3))
        self.assertFalse(self.send())
        self.alert(order)
        self.time.tick(timedelta(days=1))
        [(_to, body)] = self.send()
        self.assertNotIn("Late: 1", body)
        self.assertIn("Open alerts: 1", body)

    def test_text_is_escaped(self):
        self.customer.name = "<script>alert(1)</script>"
        self.make_order_late()
        self.time.tick(timedelta(hours=3))
        [(_to, body)] = self.send()
        self.assertNotIn("<script", body)

    def test_one_that_cannot_be_sent_does_not_stop_the_others(self):
        self.departments["finance"].lead_id = self.users["finance"]
        self.make_order_late()
        original = type(self.env["sop.daily"])._mail

        def mail(daily, lead, sections):
            if lead == self.lead:
                raise ValueError("Broken")
            return original(daily, lead, sections)

        bill = self.make_order(process=self.process)
        for name in ("Packed", "Labelled"):
            self.check(bill, name).with_user(self.users["warehouse"]).action_pass()
        self.commit()
        as_engine(bill).write({"sop_deadline": SIX})
        self.patch(type(self.env["sop.daily"]), "_mail", mail)
        self.time.tick(timedelta(hours=3))
        with self.assertLogs("odoo.addons.order_sop.engine.isolation", "ERROR"):
            self.assertEqual([to for to, _body in self.send()], ["finance@example.com"])
        self.assertFalse(self.departments["warehouse"].daily_mail_on, "comes again")
