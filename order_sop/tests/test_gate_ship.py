"""The ship gate: no delivery leaves before it was packed; each delivery is asked for itself."""

from odoo.tests import tagged

from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestGateShip(GateCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_confirmed()
        self.delivery = self.order.picking_ids

    def test_closed_until_the_delivery_is_packed(self):
        message = self.assert_closed(lambda: self.ship(self.delivery), self.order.name, self.delivery.name, "“Packed”")
        self.assertIn("(Warehouse)", message, "who can do it")
        self.assertNotEqual(self.delivery.state, "done")
        self.assertEqual(self.product.qty_available, 1000)
        self.tick(self.order, "Packed")
        self.ship(self.delivery)
        self.assertEqual((self.delivery.state, self.order.order_line.qty_delivered), ("done", 2))

    def test_the_warehouse_user_is_stopped_and_let_go_alike(self):
        as_warehouse = self.delivery.with_user(self.users["warehouse"])
        self.assert_closed(lambda: self.ship(as_warehouse), "Packed")
        self.tick(self.order, "Packed")
        self.ship(as_warehouse)
        self.assertEqual(self.delivery.state, "done")

    def test_a_backorder_has_checks_of_its_own(self):
        self.tick(self.order, "Packed")
        self.ship(self.delivery, quantity=1)
        backorder = self.order.picking_ids - self.delivery
        self.assertEqual((self.delivery.state, len(backorder)), ("done", 1))
        self.assert_closed(lambda: self.ship(backorder), backorder.name, "Packed")
        self.tick(self.order, "Packed", backorder)
        self.ship(backorder)
        self.assertEqual(self.order.order_line.qty_delivered, 2)

    def test_one_delivery_may_go_while_the_other_is_not_packed(self):
        second = self.split_delivery()
        self.tick(self.order, "Packed", self.delivery)
        self.assert_closed(lambda: self.ship(second), second.name)
        message = self.assert_closed(lambda: (self.delivery | second)._action_done(), second.name)
        self.assertNotIn(self.delivery.name, message)
        self.ship(self.delivery)
        self.assertEqual((self.delivery.state, second.state), ("done", "assigned"))
        self.tick(self.order, "Packed", second)
        self.ship(second)
        self.assertEqual(second.state, "done")

    def split_delivery(self):
        """Return a second delivery of one of the two pieces."""
        move = self.delivery.move_ids
        second = self.delivery.copy({"move_ids": []})
        piece = move.create(move._split(1))
        piece.picking_id = second
        (move | piece)._action_confirm(merge=False)
        (self.delivery | second).action_assign()
        for item in move | piece:
            item.write({"quantity": 1, "picked": True})
        self.commit()
        return second

    def test_taken_back_it_is_closed_again(self):
        second = self.split_delivery()
        self.tick(self.order, "Packed", self.delivery)
        packed = self.check(self.order, "Packed").filtered(lambda check: check.picking_id == self.delivery)
        packed.with_user(self.users["warehouse"]).action_reset()
        self.assert_closed(lambda: self.ship(self.delivery), self.delivery.name)
        self.tick(self.order, "Packed", second)
        self.ship(second)

    def test_sent_back_what_has_not_left_is_packed_again(self):
        self.tick(self.order, "Packed")
        self.assertEqual(self.order.sop_stage_id.name, "Settle")
        pack = self.gated.stage_ids.filtered(lambda stage: stage.name == "Pack")
        self.order.with_user(self.users["manager"]).action_sop_send_back(pack.id, "Wrong box")
        self.assert_closed(lambda: self.ship(self.delivery), "Packed")

    def test_sent_back_what_has_left_stays_done(self):
        self.tick(self.order, "Packed")
        self.ship(self.delivery, quantity=1)
        self.commit()
        pack = self.gated.stage_ids.filtered(lambda stage: stage.name == "Pack")
        self.tick(self.order, "Packed")
        self.order.with_user(self.users["manager"]).action_sop_send_back(pack.id, "Wrong box")
        done, backorder = self.delivery, self.order.picking_ids - self.delivery
        live = self.check(self.order, "Packed")
        self.assertEqual({check.picking_id: check.state for check in live}, {done: "passed", backorder: "pending"})

    def test_sent_back_before_the_gate_nothing_leaves(self):
        self.tick(self.order, "Packed")
        self.order.with_user(self.users["manager"]).action_sop_send_back(self.gated.stage_ids[0].id, "Wrong price")
        self.assert_closed(lambda: self.ship(self.delivery), "Review")

    def test_a_hold_stops_it(self):
        self.tick(self.order, "Packed")
        self.env["sop.engine.holds"]._set(self.order, "manual")
        self.assert_closed(lambda: self.ship(self.delivery), "On hold")

    def test_a_return_is_never_gated(self):
        self.tick(self.order, "Packed")
        self.ship(self.delivery)
        self.order.with_user(self.users["manager"]).action_sop_send_back(self.gated.stage_ids[0].id, "All wrong")
        wizard = self.env["stock.return.picking"].create({"picking_id": self.delivery.id})
        wizard.product_return_moves.quantity = 2
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self.ship(returned)
        self.assertEqual((returned.state, self.order.order_line.qty_delivered), ("done", 0))

    def test_legacy_orders_are_never_gated(self):
        legacy = self.make_order()
        legacy.action_confirm()
        self.ship(legacy.picking_ids)
        self.assertEqual(legacy.picking_ids.state, "done")

    def test_after_the_end_a_new_delivery_starts_anew(self):
        """A finished order whose quantity grows is taken up again at the stage that checks deliveries."""
        order = self.make_settled()
        self.tick(order, "Nothing open")
        self.tick(order, "Asked the customer")
        self.assertEqual(order.sop_status, "done")
        order.order_line.product_uom_qty = 5
        self.commit()
        new = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self.assertEqual((order.sop_status, order.sop_stage_id.name), ("running", "Pack"))
        self.assert_closed(lambda: self.ship(new), new.name, "Packed")
        self.tick(order, "Packed", new)
        self.ship(new)
        self.assertEqual(order.order_line.qty_delivered, 5)

    def test_a_finished_order_that_is_cancelled_starts_from_the_beginning(self):
        order = self.make_settled()
        self.tick(order, "Nothing open")
        self.tick(order, "Asked the customer")
        order._action_cancel()
        self.commit()
        self.assertEqual(order.sop_status, "cancelled")
        order.action_draft()
        self.assert_closed(order.action_confirm, "Reviewed")
