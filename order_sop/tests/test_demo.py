"""The demo data: loaded where it is not there yet, then looked at as a newcomer would."""

from datetime import timedelta
from itertools import pairwise

from odoo import fields

from ..demo.demo_clock import DemoClock
from .common import DEPARTMENTS
from .common_demo import DemoCase


class TestDemo(DemoCase):
    def test_every_stage_of_both_processes_has_an_order(self):
        for code in ("b2b", "b2c"):
            process = self.env["sop.process"].search([("code", "=", code.upper()), ("state", "=", "published")])
            self.assertEqual(len(process), 1)
            orders = self.open.filtered(lambda order, process=process: order.sop_process_id == process)
            self.assertEqual(process.stage_ids - orders.sop_stage_id, process.stage_ids.browse())

    def test_orders_are_where_their_names_say(self):
        for data in self.env["ir.model.data"].search([("module", "=", "order_sop"), ("model", "=", "sale.order")]):
            code, what = data.name.split("_")[1:3]
            order = self.env["sale.order"].browse(data.res_id)
            with self.subTest(data.name):
                self.assertEqual(order.sop_process_id.code.lower(), code)
                if what in dict(order.sop_stage_id._fields["phase"].selection):
                    self.assertEqual(order.sop_stage_id.phase, what)

    def test_approvals_wait_and_are_refused(self):
        head = self.env.ref("order_sop.demo_user_head_of_finance")
        waiting = self.order("b2b_approval").sop_check_ids.approval_ids.sorted("rank")
        self.assertEqual(waiting.mapped("state"), ["approved", "open"])
        self.assertEqual(waiting[1].user_ids, head)
        self.assertEqual(waiting[1].delegate_ids, self.env.ref("order_sop.demo_user_manager"), "the head is away")
        rejected = self.order("b2b_rejected").sop_check_ids.filtered(lambda check: check.kind == "approval")
        self.assertEqual((rejected.state, rejected.note), ("failed", "Two invoices are open: ask for a deposit first."))

    def test_finance_has_settled(self):
        differences = self.env["sop.difference"].search([("order_id", "in", self.orders.ids)])
        self.assertGreaterEqual(len(differences.filtered(lambda difference: difference.state == "open")), 3)
        explained = differences.filtered(lambda difference: difference.state == "explained")
        self.assertEqual((explained.order_id, explained.kind), (self.order("b2b_settlement_overdue"), "overdue"))
        closing = self.env["sop.closing"].search([("company_id", "=", self.env.ref("base.main_company").id)])
        self.assertEqual(closing.state, "signed")
        self.assertTrue(closing.line_ids)

    def test_things_go_wrong(self):
        self.assertTrue(self.order("b2b_review_late").sop_late)
        self.assertIn("overdue", self.order("b2b_blocked").sop_missing)
        self.assertEqual(self.order("b2b_blocked").sop_status, "waiting")
        sent_back = self.order("b2b_sent_back")
        self.assertEqual(sent_back.sop_stage_id.phase, "review")
        self.assertIn("two weeks late", sent_back.sop_visit_ids.filtered("reason").reason)
        on_hold = self.order("b2c_on_hold")
        self.assertEqual((on_hold.sop_status, on_hold.state), ("on_hold", "draft"))
        self.assertEqual(on_hold.transaction_ids.state, "done", "the money is there")
        waived = self.order("b2b_waived").sop_check_ids.filtered(lambda check: check.state == "waived")
        self.assertEqual(waived.user_id, self.env.ref("order_sop.demo_user_manager"))
        self.assertEqual(self.order("b2b_cancelled").sop_status, "cancelled")
        self.assertEqual(self.order("b2b_done").sop_status, "done")
        self.assertEqual(self.order("b2c_done").sop_status, "done")

    def test_alerts_are_there_and_told(self):
        alerts = self.env["sop.alert"].search([("order_id", "in", self.orders.ids), ("state", "!=", "closed")])
        self.assertGreaterEqual(set(alerts.mapped("kind")), {"breach", "held"})
        self.assertFalse(alerts.filtered("to_tell"))
        self.assertEqual(self.order("b2c_suspicion").sop_alert_ids.department_id.name, "Finance")
        for alert in alerts:
            activities = alert.order_id.activity_ids.filtered(
                lambda activity, alert=alert: activity.sop_alert_id == alert
            )
            self.assertEqual(activities.user_id, alert.user_id, alert.display_name)

    def test_short_lines_were_decided_about(self):
        remedies = {name: self.order(name).sop_remedy_ids for name in ("b2b_stock", "b2b_stock_parts", "b2c_stock")}
        decisions = {name: (remedy.kind, remedy.state) for name, remedy in remedies.items()}
        self.assertEqual(
            decisions,
            {
                "b2b_stock": ("replenish", "done"),
                "b2b_stock_parts": ("parts", "asked"),
                "b2c_stock": ("reschedule", "done"),
            },
        )
        self.assertIn(
            self.order("b2b_stock").name, self.env["purchase.order"].browse(remedies["b2b_stock"].document_id).origin
        )
        self.assertTrue(self.order("b2c_stock").sop_promise_ids.told_at)
        warehouse = self.env.ref("order_sop.demo_user_warehouse")
        short = self.env["sop.stock.line"].with_user(warehouse).search([("short", ">", 0)])
        self.assertLessEqual({self.order(name) for name in remedies}, set(short.order_id.with_env(self.env)))

    def test_the_past_is_sound(self):
        """Each order's stages follow one another, none lies in the future, the log tells the same and holds."""
        now = fields.Datetime.now()
        for order in self.orders:
            visits = order.sop_visit_ids.sorted("id")
            left = [visit.left_at for visit in visits if visit.left_at]
            for before, after in pairwise(visits):
                # a finished order that something is sent anew for goes on where that is packed
                reopened = after.cycle > before.cycle and not before.reason
                check = self.assertGreaterEqual if reopened else self.assertEqual
                check(after.entered_at, before.left_at, order.name)
            self.assertEqual(left, sorted(left), order.name)
            self.assertLessEqual(visits[-1].entered_at, now)
            entered = [("order_id", "=", order.id), ("case_id", "=", 0), ("code", "=", "entered")]
            events = self.env["sop.event"].search(entered, order="id")
            self.assertEqual(events.mapped("date"), visits.mapped("entered_at"), order.name)
        self.assertLess(min(self.orders.mapped("date_order")), now - timedelta(weeks=6))
        self.assertEqual(self.env["sop.engine.log"]._verify(self.orders.ids), [])

    def test_departments_did_the_work_themselves(self):
        checks = self.orders.sop_check_ids.filtered(lambda check: check.kind != "auto" and check.state == "passed")
        self.assertTrue(checks)
        for check in checks:
            self.assertTrue(check.department_id._has_member(check.user_id), check.display_name)
        photos = checks.filtered("checkpoint_id.evidence_required")
        self.assertTrue(photos)
        for check in photos:
            self.assertEqual(check.attachment_ids.res_id, check.id)

    def test_every_department_can_log_in(self):
        for name in (*DEPARTMENTS, "auditor", "officer", "manager"):
            user = self.env.ref(f"order_sop.demo_user_{name}")
            credential = {"type": "password", "login": name, "password": name}
            user.with_user(user)._check_credentials(credential, {"interactive": False})
            self.assertTrue(user.has_group(f"order_sop.group_{name}"))
            if name in DEPARTMENTS:
                lead = self.env.ref(f"order_sop.department_{name}").lead_id
                self.assertEqual(
                    lead, self.env.ref("order_sop.demo_user_head_of_finance") if name == "finance" else user
                )

    def test_a_customer_follows_his_orders(self):
        user = self.env.ref("order_sop.demo_user_customer")
        credential = {"type": "password", "login": "customer", "password": "customer"}
        user.with_user(user)._check_credentials(credential, {"interactive": False})
        self.assertTrue(user.has_group("base.group_portal"))
        trackers = {}
        for name in ("b2b_done", "b2b_parts", "b2b_question", "b2c_done"):
            order = self.order(name)
            if name.startswith("b2b"):
                order.with_user(user).check_access("read")
            trackers[name] = order._sop_get_tracker()
        codes = [parcel["code"] for parcel in trackers["b2b_parts"]["deliveries"]]
        self.assertEqual(codes, ["out_for_delivery", "preparing"])
        self.assertEqual(len(trackers["b2b_question"]["questions"]), 1)
        for name, rating in (("b2b_done", 5), ("b2c_done", 3)):
            self.assertEqual(trackers[name]["rating"], rating)
            self.assertEqual({step["state"] for step in trackers[name]["steps"]}, {"done"})
        self.assertIn("Returning Customer", trackers["b2c_done"]["deliveries"][0]["received"])

    def test_made_once_and_no_mail_left(self):
        count = self.env["sale.order"].search_count([])
        self.env["sop.demo"]._make_orders()
        self.assertEqual(self.env["sale.order"].search_count([]), count)
        mails = [("model", "in", ("sale.order", "stock.picking")), ("res_id", "in", self.orders.ids)]
        self.assertFalse(self.env["mail.mail"].search([*mails, ("state", "=", "outgoing")]))
        self.assertFalse(self.orders.filtered("pending_email_template_id"))

    def test_nobody_else_sets_the_clock(self):
        """Outside of the tales the engine lives in the present."""
        before = fields.Datetime.now()
        self.assertIsNone(DemoClock.running())
        self.assertGreaterEqual(self.env["sop.engine.clock"]._now(), before)
        with DemoClock(self.env.company) as clock:
            clock.set_back(8)
            self.assertEqual(self.env["sop.engine.clock"]._now(), clock.now)
            self.assertLess(clock.now, before)
        self.assertGreaterEqual(self.env["sop.engine.clock"]._now(), before)
