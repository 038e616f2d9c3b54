"""An order gets late: somebody is told, says that he knows, acts, and closes the alert with what he did."""

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..engine.guard import as_engine
from .common_alerts import LIMIT, AlertFixture
from .replay_log import replay


@tagged("post_install", "-at_install")
class TestAlert(AlertFixture, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_alerts()

    def by(self, name, alert):
        return alert.with_user(self.users[name])

    def activities(self, alert):
        return self.env["mail.activity"].search([("sop_alert_id", "in", alert.ids)])

    def mails(self):
        found = self.env["mail.mail"].search([("model", "=", "sop.alert")], order="id")
        return [(mail.subject, mail.recipient_ids.email) for mail in found]

    # -- the story -----------------------------------------------------------------------------------------------------

    def test_late_acknowledged_closed(self):
        order, alert = self.make_late()
        self.assertEqual((alert.user_id, alert.state, alert.due_at), (self.lead, "open", LIMIT))
        self.assertEqual(alert.department_id, self.departments["warehouse"])
        self.assertIn("“Pack” had to be done by 3/2/26, ", alert.message)
        self.assertTrue(order.sop_alerted)
        self.run_cron("alert_cron")
        self.assertEqual(self.activities(alert).user_id, self.lead)
        self.assertIn(order.name, self.activities(alert).summary)

        self.by("lead", alert).action_acknowledge()
        self.assertEqual((alert.state, alert.acknowledged_by_id), ("acknowledged", self.lead))
        with self.assertRaisesRegex(UserError, "what was done"):
            self.by("lead", alert).action_close("  ")
        self.by("lead", alert).action_close("Packed by hand, the belt is broken")
        self.assertEqual((alert.state, alert.ending, alert.closed_by_id), ("closed", "hand", self.lead))
        self.commit()
        self.assertFalse(order.sop_alerted)
        self.run_cron("alert_cron")
        self.assertFalse(self.activities(alert))
        with self.assertRaisesRegex(UserError, "closed already"):
            self.by("lead", alert).action_close("Again")

        told = replay(self.env["sop.event"].search([("order_id", "=", order.id)], order="id")).alerts[alert.id]
        self.assertEqual(told["note"], alert.resolution)
        self.assertEqual((told["state"], told["user"], told["by"]), ("closed", self.lead.id, self.lead.id))

    def test_taken_and_handed_over(self):
        _order, alert = self.make_late()
        self.run_cron("alert_cron")
        self.by("warehouse", alert).action_take()
        self.assertEqual((alert.user_id, alert.state), (self.users["warehouse"], "acknowledged"))
        self.run_cron("alert_cron")
        self.assertEqual(self.activities(alert).user_id, self.users["warehouse"])
        other = self.users["customer_service"]
        self.by("warehouse", alert).action_reassign(other.id, "The customer wants another colour")
        self.assertEqual((alert.user_id, alert.state), (other, "open"), "the new owner has not seen it")
        self.run_cron("alert_cron")
        self.assertEqual(self.activities(alert).user_id, other)
        self.by("customer_service", alert).action_close("Red it is")
        self.assertEqual(alert.closed_by_id, other)

    def test_several_by_one_dialog(self):
        alerts = self.make_late()[1] | self.make_late()[1]
        action = self.by("lead", alerts).with_context(sop_operation="close").action_open_dialog()
        dialog = self.env["sop.alert.dialog"].with_user(self.lead).with_context(**action["context"]).create({})
        self.assertEqual(len(dialog.summary.splitlines()), 2)
        dialog.note = "Both are on the truck"
        dialog.action_confirm()
        self.assertEqual(alerts.mapped("resolution"), ["Both are on the truck"] * 2)

    # -- once ----------------------------------------------------------------------------------------------------------

    def test_raised_once(self):
        order, alert = self.make_late()
        self.assertFalse(self.alert(order), "the same again")
        both = [{"kind": "escalation", "level": 1, "visit_id": order.sop_visit_id.id, "due_at": LIMIT}] * 2
        self.assertEqual(len(self.env["sop.engine.alert"]._raise(both)), 1)
        self.by("lead", alert).action_close("Done")
        self.assertFalse(self.alert(order), "what was closed is not raised again")
        events = self.env["sop.event"].search([("order_id", "=", order.id), ("code", "=", "alerted")])
        self.assertEqual(len(events), 2)

    def test_told_once(self):
        order, alert = self.make_late()
        escalated = self.alert(order, "escalation", level=2)
        self.assertEqual(escalated.user_id, self.users["manager"], "who owns the process")
        for _again in range(3):
            self.run_cron("alert_cron")
        self.assertEqual(len(self.activities(alert | escalated)), 2)
        self.assertEqual(self.mails(), [(f"Escalated: {order.name}, Pack", "manager@example.com")])

    def test_closed_before_anybody_was_told(self):
        order, alert = self.make_late()
        self.by("lead", alert).action_close("Seen on the tower")
        self.run_cron("alert_cron")
        self.assertFalse(order.activity_ids)

    def test_one_that_cannot_be_told_does_not_stop_the_others(self):
        _order, broken = self.make_late()
        _order, alert = self.make_late()
        original = type(self.env["sop.engine.alert.teller"])._schedule

        def schedule(engine, alert, owner):
            if alert == broken:
                raise ValueError("Broken")
            return original(engine, alert, owner)

        self.patch(type(self.env["sop.engine.alert.teller"]), "_schedule", schedule)
        with self.assertLogs("odoo.addons.order_sop.engine.isolation", "ERROR"):
            self.run_cron("alert_cron")
        self.assertEqual((len(self.activities(alert)), len(self.activities(broken))), (1, 0))
        self.assertTrue(broken.to_tell, "comes again")

    def test_it_goes_along_with_the_work(self):
        order = self.make_order(process=self.process, user_id=self.users["sales"].id)
        works = self.env["sop.work"].search([("order_id", "=", order.id), ("department_id.name", "=", "Warehouse")])
        works.with_user(self.users["warehouse"]).action_take()
        self.commit()
        alert = self.alert(order)
        self.assertEqual(alert.user_id, self.users["warehouse"])
        works.with_user(self.users["warehouse"]).action_hand_over(self.lead.id, "Going on leave")
        self.assertEqual((alert.user_id, alert.to_tell), (self.lead, True))

    def test_a_check_left_behind_alerts_no_more(self):
        process = self.make_process(
            {
                "name": "Pack",
                "department_id": self.departments["warehouse"].id,
                "auto_advance": False,
                "checkpoints": [{"name": "Cleaned", "kind": "manual", "blocking": False}],
            },
            {"name": "Bill", "department_id": self.departments["finance"].id, "checkpoints": [{"kind": "manual"}]},
            code="LEFT",
        )
        order = self.make_order(process=process, user_id=self.users["sales"].id)
        alert = self.alert(order, visit_id=False, check_id=order.sop_check_ids.id)
        self.assertEqual(alert.state, "open")
        order.with_user(self.users["warehouse"]).action_sop_complete()
        self.assertEqual((alert.state, alert.ending), ("closed", "left"))

    def test_an_owner_who_cannot_see_the_order_is_told_by_mail_alone(self):
        boss = self.departments["warehouse"].lead_id = self.make_user("boss", "order_sop.group_user")
        order = self.make_order(process=self.process)
        self.assertEqual(self.alert(order).user_id, self.users["manager"], "somebody who sees it comes first")
        alert = self.alert(order, "escalation", level=1, user_id=boss.id)
        self.run_cron("alert_cron")
        self.assertEqual((len(self.activities(alert)), len(self.mails())), (0, 1))
        self.assertTrue(alert.with_user(alert.user_id).has_access("read"))

    # -- over by itself ------------------------------------------------------------------------------------------------

    def test_the_stage_is_left(self):
        order, alert = self.make_late()
        self.check(order, "Packed").with_user(self.users["warehouse"]).action_pass()
        self.commit()
        self.assertEqual(alert.state, "open")
        self.check(order, "Labelled").with_user(self.users["warehouse"]).action_pass()
        self.commit()
        self.assertEqual(order.sop_stage_id.name, "Bill")
        self.assertEqual((alert.state, alert.ending, alert.closed_by_id.id), ("closed", "left", False))
        self.assertFalse(order.sop_alerted)

    def test_the_check_is_done_or_superseded(self):
        order = self.make_order(process=self.process)
        alert = self.alert(order, check_id=self.check(order, "Packed").id)
        other = self.alert(order, check_id=self.check(order, "Labelled").id)
        self.assertIn("“Packed”", alert.message)
        self.check(order, "Packed").with_user(self.users["warehouse"]).action_pass()
        self.commit()
        self.assertEqual((alert.ending, other.state, order.sop_alerted), ("checked", "open", True))
        self.check(order, "Labelled").with_user(self.users["manager"]).action_waive("No label needed")
        self.commit()
        self.assertEqual((other.ending, order.sop_alerted), ("checked", False))

    def test_the_order_is_cancelled_or_deleted(self):
        order, alert = self.make_late()
        order._action_cancel()
        self.commit()
        self.assertEqual((alert.state, alert.ending), ("closed", "cancelled"))
        other, gone = self.make_late()
        other.unlink()
        self.assertFalse(gone.exists())

    def test_a_breach_ends_the_warning(self):
        order = self.make_order(process=self.process)
        warning = self.alert(order, "warning")
        self.alert(order)
        self.assertEqual((warning.state, warning.ending), ("closed", "breached"))

    def test_somebody_was_found(self):
        order = self.make_order(process=self.process)
        alert = self.alert(order, "unassigned")
        as_engine(order.sop_visit_id).write({"user_id": self.users["warehouse"].id})
        self.env["sop.engine.evaluation"]._close_journal([(order, "checks", {})])
        self.assertEqual((alert.state, alert.ending), ("closed", "assigned"))

    def test_the_limit_was_moved(self):
        order, alert = self.make_late()
        self.env["sop.engine.alert"]._close_for(visits=order.sop_visit_id, ending="moved", kinds=("warning", "breach"))
        self.assertEqual((alert.state, alert.ending, order.sop_alerted), ("closed", "moved", False))
        self.assertTrue(self.alert(order, due_at=LIMIT.replace(hour=20)), "another limit is another alert")
