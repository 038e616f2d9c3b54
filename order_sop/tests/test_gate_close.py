"""The close gate: an order is not locked away before it is settled; the stage that unlocks it may also follow it."""

from contextlib import suppress

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestGateClose(GateCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_settled()

    def test_closed_until_its_stage_is_complete(self):
        message = self.assert_closed(self.order.action_lock, self.order.name, "“Nothing open”")
        self.assertIn("(Finance)", message, "who can do it")
        self.assertFalse(self.order.locked)
        self.tick(self.order, "Nothing open")
        self.order.action_lock()
        self.assertTrue(self.order.locked)

    def test_unlocking_is_free_locking_again_is_not(self):
        self.tick(self.order, "Nothing open")
        self.order.action_lock()
        self.order.with_user(self.users["manager"]).action_sop_send_back(self.gated.stage_ids[0].id, "All wrong")
        self.order.action_unlock()
        self.assert_closed(self.order.action_lock, "Review")

    def test_a_lock_that_is_written_with_other_things(self):
        for vals in ({"locked": True}, {"locked": True, "note": "X"}, {"locked": True, "state": "sale"}):
            self.assert_closed(lambda vals=vals: self.order.write(vals), "Nothing open")
            with suppress(UserError):  # as code does that goes on with other orders
                self.order.write(vals)
            self.assertEqual((self.order.locked, self.order.note), (False, False))

    def test_an_order_that_is_made_locked(self):
        self.company.sop_active = True
        self.gated.action_retire()
        self.gated.action_new_version()
        vals = {"partner_id": self.customer.id, "order_line": [Command.create({"product_id": self.product.id})]}
        process = self.make_process(self.stage("End", "close", {"name": "All done"}), code="CLOSE")
        orders = self.env["sale.order"]
        self.assert_closed(lambda: orders.create(vals | {"locked": True}), "All done")
        self.assert_closed(lambda: orders.with_context(default_locked=True).create(vals), "All done")
        self.env["ir.default"].set("sale.order", "locked", True)
        self.assert_closed(lambda: orders.create(vals), "All done")
        self.assertFalse(orders.search([("sop_process_id", "=", process.id)]))

    def test_locking_by_itself_when_confirmed_waits_for_the_gate(self):
        """The setting that locks confirmed orders neither jumps over the gate nor keeps anybody from confirming."""
        self.users["sales"].group_ids += self.env.ref("sale.group_auto_done_setting")
        self.env.ref("base.group_user").implied_ids += self.env.ref("sale.group_auto_done_setting")
        self.env.registry.clear_cache("groups")
        order = self.make_reviewed()
        order.action_confirm()
        self.assertEqual((order.state, order.locked), ("sale", False))
        legacy = self.make_order()
        legacy.action_confirm()
        self.assertTrue(legacy.locked)
        free = self.make_order(process=self.make_process(self.stage("Look", False, {"name": "Seen"}), code="FREE"))
        free.action_confirm()
        self.assertTrue(free.locked)

    def test_locking_many_is_all_or_nothing(self):
        self.tick(self.order, "Nothing open")
        other = self.make_settled()
        self.assert_closed((self.order | other).action_lock, other.name)
        self.assertFalse(self.order.locked)

    def test_legacy_orders_are_locked_as_ever(self):
        legacy = self.make_order()
        legacy.action_confirm()
        legacy.action_lock()
        self.assertTrue(legacy.locked)
