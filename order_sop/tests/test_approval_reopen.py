"""What was approved stands until something that matters is changed by more than it may; then it is asked anew."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_approvals import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalReopen(ApprovalCase):
    def make_watching(self, *watches, kind="approval", code="WATCH"):
        """Return a process whose approval, or manual check, watches these facts (dicts)."""
        checkpoint = {"kind": kind, "name": "Approve it", "watch_ids": [Command.create(watch) for watch in watches]}
        return self.make_process(
            {"name": "Review", "department_id": self.departments["finance"].id, "checkpoints": [checkpoint]},
            {"name": "Confirm", "gate": "confirm", "checkpoints": [{"kind": "manual", "name": "Last look"}]},
            code=code,
        )

    def make_approved(self, process, **vals):
        order = self.make_waiting(process, **vals)
        self.assertFalse(self.decide(order, "clerk"))
        self.assertEqual(order.sop_stage_id.name, "Confirm")
        return order

    def assert_reopened(self, order, reopened, *texts):
        self.commit()
        self.assertEqual(order.sop_stage_id.name, "Review" if reopened else "Confirm")
        check = self.check_of(order)
        self.assertEqual(check.state, "pending" if reopened else "passed")
        if reopened:
            panel = order.with_user(self.users["clerk"]).sop_panel
            reason = next(item["reason"] for item in panel["checks"] if item["id"] == check.id)
            for text in texts:
                self.assertIn(text, reason)

    def test_every_change_by_default(self):
        process = self.make_watching()
        for vals in (
            {"client_order_ref": "Other"},
            {"commitment_date": "2030-01-01 10:00:00"},
            {"payment_term_id": self.env.ref("account.account_payment_term_30days").id},
            {"partner_shipping_id": self.customer.copy({"parent_id": self.customer.id}).id},
            {"order_line": [Command.create({"product_id": self.service.id})]},
        ):
            order = self.make_approved(process)
            order.write(vals)
            with self.subTest(vals=vals):
                self.assert_reopened(order, True)

    def test_a_total_may_rise_by_five_percent(self):
        process = self.make_watching({"fact": "amount", "direction": "up", "tolerance_percent": 5})
        order = self.make_approved(process)
        for price, reopened in ((104, False), (50, False), (105, False)):
            order.order_line.price_unit = price
            self.assert_reopened(order, reopened)
        order.client_order_ref = "Nobody minds"
        self.assert_reopened(order, False)
        order.order_line.price_unit = 105.1
        self.assert_reopened(order, True)

    def test_it_does_not_creep(self):
        """Two times 4 %: what counts is what was approved, not what it was a moment ago."""
        process = self.make_watching({"fact": "amount", "direction": "up", "tolerance_percent": 5})
        order = self.make_approved(process)
        order.order_line.price_unit = 104
        self.assert_reopened(order, False)
        order.order_line.price_unit = 108.1
        self.assert_reopened(order, True, "Total", "216.20")

    def test_lowered_approved_and_raised(self):
        process = self.make_watching({"fact": "amount", "direction": "up", "tolerance_percent": 5})
        order = self.make_waiting(process)
        order.order_line.price_unit = 1
        self.assertFalse(self.decide(order, "clerk"))
        order.order_line.price_unit = 100
        self.assert_reopened(order, True, "2.00", "200.00")
        with self.assertRaisesRegex(UserError, "Approve it"):
            order.action_confirm()

    def test_changed_and_confirmed_in_one_call(self):
        order = self.make_approved(self.make_watching())
        self.check(order, "Last look").with_user(self.users["sales"]).action_pass()
        with self.assertRaisesRegex(UserError, "Approve it"):
            order.write({"order_line": [Command.update(order.order_line.id, {"price_unit": 1})], "state": "sale"})
        self.assertEqual(order.state, "draft")

    def test_only_what_is_affected(self):
        """Of two approvals the one that minds the customer reopens; the one that minds the total stays."""
        process = self.make_process(
            {
                "name": "Review",
                "department_id": self.departments["finance"].id,
                "checkpoints": [
                    {"kind": "approval", "name": name, "watch_ids": [Command.create({"fact": fact})]}
                    for name, fact in (("Approve it", "amount"), ("Reference", "reference"), ("Never", "customer"))
                ],
            },
        )
        order = self.make_waiting(process)
        for name in ("Approve it", "Reference"):
            self.check(order, name).with_user(self.users["clerk"]).action_approve()
        order.client_order_ref = "Other"
        self.commit()
        states = {name: self.check(order, name).state for name in ("Approve it", "Reference", "Never")}
        self.assertEqual(states, {"Approve it": "passed", "Reference": "pending", "Never": "pending"})

    def test_a_tick_that_watches(self):
        """Legal ticked the clause on payment; the term is changed: it has to be read again. The other tick stays."""
        process = self.make_watching({"fact": "payment_term"}, kind="manual")
        order = self.make_waiting(process)
        self.check_of(order).with_user(self.users["clerk"]).action_pass()
        self.assertEqual(order.sop_stage_id.name, "Confirm")
        order.order_line.price_unit = 1
        self.assert_reopened(order, False)
        order.payment_term_id = self.env.ref("account.account_payment_term_30days")
        self.assert_reopened(order, True, "Payment terms", "30 Days")
        order.payment_term_id = self.env.ref("account.account_payment_term_45days")
        self.assert_reopened(order, True, "Payment terms", "45 Days")

    def test_a_step_that_comes_to_apply(self):
        process = self.make_approvals(
            {"name": "Clerk"},
            {"name": "Head", "approver_kind": "lead", "order_domain": "[('sop_amount_company', '>=', 1000)]"},
            checkpoint={"watch_ids": [Command.create({"fact": "customer"})]},
        )
        order = self.make_waiting(process)
        self.assertFalse(self.decide(order, "clerk"))
        self.assertEqual(self.check_of(order).state, "passed")
        order.order_line.product_uom_qty = 20
        with self.assertRaisesRegex(UserError, "Approve it"):
            order.action_confirm()
        self.commit()
        self.assertIn("Head", self.approvals(order, "open").step_id.mapped("name"))

    def test_cancelled_reset_and_restarted(self):
        """Decisions stay; what was approved does not carry over to the new cycle."""
        order = self.make_waiting(self.make_approvals(*self.chain()))
        self.assertFalse(self.decide(order, "clerk"))
        order._action_cancel()
        self.commit()
        self.assertFalse(order.sop_check_ids.approval_ids.filtered(lambda a: a.state in ("open", "waiting")))
        self.assertTrue(self.decide(order, "head"), "nothing can be decided of a cancelled order")
        order.action_draft()
        self.assertEqual(self.approvals(order).mapped("state"), ["open", "waiting", "waiting"])
        self.assertEqual(order.sop_check_ids.decision_ids.user_id, self.users["clerk"])
        copy = order.copy()
        self.put_under(copy, order.sop_process_id)
        self.assertFalse(copy.sop_check_ids.decision_ids)
