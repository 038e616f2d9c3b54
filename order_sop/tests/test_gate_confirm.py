"""The confirm gate: no order becomes a sale before its stage is complete."""

from contextlib import suppress

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestGateConfirm(GateCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_gated()

    def test_closed_until_the_stage_is_complete(self):
        as_sales = self.order.with_user(self.users["sales"])
        message = self.assert_closed(as_sales.action_confirm, self.order.name, "“Reviewed” is still to be done")
        self.assertIn("(Sales)", message, "who can do it")
        self.assertEqual(self.order.state, "draft")
        self.tick(self.order, "Reviewed")
        as_sales.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_sent_is_no_way_round(self):
        self.order.action_quotation_sent()
        self.assertEqual(self.order.state, "sent")
        self.assert_closed(self.order.action_confirm, "Reviewed")
        self.tick(self.order, "Reviewed")
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_asked_again_when_the_tick_is_taken_back(self):
        process = self.make_process(
            self.stage("Review", "confirm", {"name": "Reviewed"}, auto_advance=False), code="STAYS"
        )
        order = self.make_gated(process)
        self.tick(order, "Reviewed")
        self.check(order, "Reviewed").with_user(self.users["sales"]).action_reset()
        self.assert_closed(order.action_confirm, "Reviewed")

    def test_an_approval_covers_what_was_approved_only(self):
        process = self.make_process(
            self.stage("Review", "confirm", {"name": "Terms", "kind": "approval"}, department="legal"), code="APPROVE"
        )
        order = self.make_gated(process)
        check = self.check(order, "Terms").with_user(self.users["legal"])
        check.action_approve()
        order.order_line.price_unit = 1.0
        self.assert_closed(order.action_confirm, order.name, "Terms", "(Legal)")
        self.check(order, "Terms").with_user(self.users["legal"]).action_approve()
        # the price comes along with the state: judged as it will be, not as it was
        self.assert_closed(
            lambda: order.write(
                {"state": "sale", "order_line": [Command.update(order.order_line.id, {"price_unit": 2})]}
            ),
            "Terms",
        )
        self.assertEqual((order.state, order.order_line.price_unit), ("draft", 1.0), "refused as a whole")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_refused_write_leaves_nothing_even_if_somebody_goes_on(self):
        for vals in ({"state": "sale"}, {"state": "sale", "note": "Later"}, {"state": "sale", "locked": True}):
            with suppress(UserError):  # as code does that goes on with other orders
                self.order.write(vals)
            self.assertEqual((self.order.state, self.order.locked), ("draft", False), vals)
            self.assertFalse(self.order.note)

    def test_mass_confirm_is_all_or_nothing_as_in_odoo(self):
        ready = self.make_reviewed()
        blocked = self.order
        message = self.assert_closed((ready | blocked).action_confirm, blocked.name)
        self.assertNotIn(ready.name, message)
        self.assertEqual((ready | blocked).mapped("state"), ["draft", "draft"])
        ready.action_confirm()
        self.assertEqual(ready.state, "sale")

    def test_the_message_names_every_blocked_order(self):
        other = self.make_gated()
        self.assert_closed((self.order | other).action_confirm, self.order.name, other.name)

    def test_an_order_in_a_later_stage_has_passed(self):
        self.tick(self.order, "Reviewed")
        self.assertEqual(self.order.sop_stage_id.name, "Pack")
        self.order.action_confirm()
        self.assertEqual(self.order.sop_stage_id.name, "Pack")

    def test_sent_back_closes_it_again(self):
        self.tick(self.order, "Reviewed")
        self.order.with_user(self.users["manager"]).action_sop_send_back(self.gated.stage_ids[0].id, "Wrong price")
        self.assert_closed(self.order.action_confirm, "Reviewed")

    def test_a_cancelled_order_cannot_be_written_back_to_sale(self):
        self.tick(self.order, "Reviewed")
        self.order.action_confirm()
        self.order._action_cancel()
        self.assert_closed(lambda: self.order.write({"state": "sale"}), "cancelled")
        self.order._action_cancel()
        self.order.action_draft()
        self.assert_closed(self.order.action_confirm, "Reviewed")

    def test_cancelled_and_reopened_in_one_go_is_a_new_cycle(self):
        self.tick(self.order, "Reviewed")
        self.order._action_cancel()
        self.order.action_draft()
        self.assert_closed(self.order.action_confirm, "Reviewed")

    def test_holds_close_it(self):
        self.tick(self.order, "Reviewed")
        self.env["sop.engine.holds"]._set(self.order, "manual")
        self.assert_closed(self.order.action_confirm, "On hold", "SOP manager")
        self.order._action_cancel()
        self.order.action_draft()
        self.tick(self.order, "Reviewed")
        self.assert_closed(self.order.action_confirm, "On hold")
        self.order.sop_hold_ids.with_user(self.users["manager"]).action_release("Clarified")
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_other_confirmations_go_their_way(self):
        """Legacy orders, and orders whose process has no such gate, are as in plain Odoo."""
        legacy = self.make_order()
        legacy.action_confirm()
        free = self.make_order(process=self.make_process(self.stage("Look", False, {"name": "Seen"}), code="FREE"))
        free.action_confirm()
        self.assertEqual((legacy | free).mapped("state"), ["sale", "sale"])

    def test_an_order_made_and_confirmed_in_one_transaction(self):
        self.company.sop_active = True
        order = self.make_order()
        with self.assertRaisesRegex(UserError, "Reviewed"):
            order.action_confirm()
        self.assertEqual((order.sop_process_id, order.state), (self.gated, "draft"))
