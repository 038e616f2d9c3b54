"""Waivers have a scope, an end and an author: for how many rounds, until when, and who may not give one."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_holds import HoldCase

NOON = "2026-03-02 12:00:00"
WHY = "客户已书面同意"


@tagged("post_install", "-at_install")
class TestWaiverLimits(HoldCase):
    def waive(self, check, *args, name="manager", **kwargs):
        check.with_user(self.users[name]).action_waive(*(args or (WHY,)), **kwargs)

    def deviations(self, order):
        return self.env["sop.waiver"].search([("order_id", "=", order.id)])

    def send_back(self, order, stage):
        order.with_user(self.users["manager"]).action_sop_send_back(stage.id, "Look again")

    def test_it_ends_with_its_time(self):
        """Passed over until three; at three the check is open again, and the log, the panel and the list tell."""
        with freeze_time(NOON) as clock:
            stages = self.stage("Look", False, {"name": "Seen"}), self.stage("Go", "confirm", {"name": "Ready"})
            order = self.make_gated(self.make_process(*stages, code="TIMED"))
            self.waive(self.check(order, "Seen"), expires_at="2026-03-02 15:00:00")
            self.assertEqual(order.sop_stage_id.name, "Go")
            [deviation] = self.deviations(order)
            self.assertEqual((deviation.is_valid, deviation.reason, deviation.user_id.name), (True, WHY, "manager"))
            clock.tick(timedelta(hours=3, seconds=1))
            deviation.invalidate_recordset(["is_valid"])
            self.assertFalse(deviation.is_valid)
            self.assertIn(deviation, deviation.search([("is_valid", "=", False)]))
            self.run_cron("due_cron")
            check = self.check(order, "Seen")
            self.assertEqual((order.sop_stage_id.name, check.state, check.reason_code), ("Look", "pending", "expired"))
            self.assertIn("a time that is over", check.reason)
            self.assertIn("the time is over", order.sop_panel["sent_back"])
            self.assertEqual((deviation.outcome, str(deviation.ended_at)), ("expired", "2026-03-02 15:00:01"))
            [told] = self.events(order).filtered(lambda event: event.code == "unwaived")
            self.assertEqual(told.data, {"waiver": deviation.id, "check": check.id, "outcome": "expired"})

    def test_at_the_gate_it_is_over_before_any_cron(self):
        with freeze_time(NOON) as clock:
            order = self.make_gated()
            self.waive(self.check(order, "Reviewed"), expires_at="2026-03-02 15:00:00")
            clock.tick(timedelta(hours=4))
            self.assert_closed(order.action_confirm, "Reviewed")

    def test_what_it_was_for_is_done(self):
        """The gate was passed meanwhile: the deviation is over and shows it, the order does not go back."""
        with freeze_time(NOON) as clock:
            order = self.make_gated()
            self.waive(self.check(order, "Reviewed"), expires_at="2026-03-02 15:00:00")
            order.action_confirm()
            self.commit()
            clock.tick(timedelta(hours=4))
            self.run_cron("due_cron")
            [deviation] = self.deviations(order)
            self.assertEqual((deviation.outcome, deviation.gates_text), ("expired", "Confirm the order"))
            self.assertEqual((order.state, order.sop_stage_id.name), ("sale", "Pack"))
            self.assertFalse(order.sop_visit_ids.filtered(lambda visit: visit.outcome == "sent_back"))

    def test_for_one_round_or_for_later_ones_too(self):
        stage = self.gated.stage_ids[0]
        for scope, state, outcome in (("check", "pending", "cycle"), ("checkpoint", "waived", False)):
            order = self.make_gated()
            self.waive(self.check(order, "Reviewed"), WHY, scope)
            self.send_back(order, stage)
            check = self.check(order, "Reviewed")
            self.assertEqual((check.state, self.deviations(order).outcome), (state, outcome), scope)
        self.assertEqual((check.note, check.user_id.name, self.deviations(order).check_id), (WHY, "manager", check))
        order.with_user(self.users["manager"]).action_sop_complete()
        order.action_confirm()
        self.assertIn("Confirm the order", self.deviations(order).gates_text)

    def test_later_rounds_end_with_the_content(self):
        process = self.make_process(
            self.stage("Judge", False, {"name": "discount", "kind": "auto", "rule": "discount", "rule_percent": 20}),
            self.stage("Go", "confirm", {"name": "Ready"}),
            code="CONTENT",
        )
        order = self.make_gated(process)
        order.order_line.discount = 25
        self.commit()
        self.waive(self.check(order, "discount"), WHY, "checkpoint")
        self.assertEqual(order.sop_stage_id.name, "Go")
        order.order_line.discount = 99
        self.commit()
        self.assertEqual((order.sop_stage_id.name, self.check(order, "discount").state), ("Judge", "failed"))
        self.assertEqual(self.deviations(order).outcome, "changed")

    def test_the_differences_are_shown(self):
        """A manual check that was passed over says what was changed since, as one that was ticked does."""
        watches = [Command.create({"fact": "amount"})]
        process = self.make_process(
            self.stage("Look", "confirm", {"name": "Seen", "watch_ids": watches}, auto_advance=False), code="WATCH"
        )
        order = self.make_gated(process)
        self.waive(self.check(order, "Seen"))
        order.client_order_ref = "No matter"
        self.commit()
        self.assertEqual(self.check(order, "Seen").state, "waived", "nothing that it minds")
        order.order_line.price_unit = 150
        self.commit()
        [shown] = order.sop_panel["checks"]
        self.assertTrue(shown["changed"])
        self.assertIn("300.00", shown["reason"])
        self.assertEqual(self.deviations(order).outcome, "changed")

    def test_whom_the_checkpoint_names(self):
        process = self.make_process(
            self.stage(
                "Look",
                False,
                {"name": "Seen", "waive_department_ids": self.departments["finance"].ids},
                {"name": "Other"},
            ),
            code="NAMED",
        )
        order = self.make_gated(process)
        for name in ("sales", "warehouse", "legal"):
            with self.assertRaisesRegex(AccessError, "Only Finance or an SOP manager"):
                self.waive(self.check(order, "Seen"), name=name)
        with self.assertRaisesRegex(AccessError, "Only an SOP manager"):
            self.waive(self.check(order, "Other"), name="finance")
        actions = {c["name"]: c["actions"] for c in self.panel("finance", order)["checks"]}
        self.assertEqual(("waive" in actions["Seen"], "waive" in actions["Other"]), (True, False))
        self.waive(self.check(order, "Seen"), name="finance")
        self.assertEqual(self.check(order, "Seen").user_id, self.users["finance"])

    def test_nobody_passes_over_the_approval_of_his_own_order(self):
        """Else a manager who changed the order himself could approve it by not having it approved."""
        checkpoint = {"name": "Agree", "kind": "approval"}
        for four_eyes in (True, False):
            process = self.make_process(
                self.stage("Approve", False, checkpoint | {"four_eyes": four_eyes}, {"name": "Seen"}),
                code=f"F{four_eyes}",
            )
            order = self.make_gated(process)
            manager = self.users["manager"]
            manager.group_ids += self.env.ref("sales_team.group_sale_manager")
            order.with_user(manager).order_line.price_unit = 1
            self.commit()
            check = self.check(order, "Agree")
            if four_eyes:
                self.assertNotIn("waive", self.panel("manager", order)["checks"][0]["actions"])
                with self.assertRaisesRegex(AccessError, "somebody else"):
                    self.waive(check)
                self.waive(self.check(order, "Seen"))
            else:
                self.waive(check)
                self.assertEqual(check.state, "waived")

    def test_what_a_waiver_must_have(self):
        check = self.check(self.make_gated(), "Reviewed")
        for text, args in (
            ("Say why", (" ",)),
            ("how many rounds", (WHY, "for ever")),
            ("in the future", (WHY, "check", "2020-01-01 00:00:00")),
        ):
            with self.assertRaisesRegex(UserError, text):
                self.waive(check, *args)
        self.assertEqual(check.state, "pending")

    def test_the_dialog_names_the_order(self):
        order = self.make_gated()
        check = self.check(order, "Reviewed").with_user(self.users["manager"])
        action = check.with_context(sop_operation="waive").action_open_dialog()
        dialog = check.env[action["res_model"]].with_context(**action["context"]).create({"note": WHY})
        self.assertEqual((dialog.order_id, dialog.partner_id), (order, self.customer))
        dialog.write({"waiver_scope": "checkpoint", "waiver_expires_at": "2099-01-01 00:00:00"})
        dialog.action_confirm()
        self.assertEqual((check.waiver_scope, str(check.waiver_expires_at)), ("checkpoint", "2099-01-01 00:00:00"))
