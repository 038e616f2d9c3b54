"""The ship gate on other ways in which goods leave: warehouses with steps, batches, forged states, done deliveries."""

from contextlib import suppress

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestGateShipPaths(GateCase):
    def setUp(self):
        super().setUp()
        self.order = self.make_confirmed()
        self.delivery = self.order.picking_ids
        self.move = self.delivery.move_ids

    def get_ready(self):
        """Have the goods picked, so that nothing but the gate stops the delivery."""
        self.delivery.action_assign()
        self.move.write({"quantity": 2, "picked": True})

    def test_inner_steps_are_not_gated_the_last_is(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self.make_confirmed()
        for step in ("pick", "pack"):
            inner = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
            self.ship(inner)
            self.assertEqual(inner.state, "done", step)
        last = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        self.assertEqual(last.picking_type_code, "outgoing")
        self.assert_closed(lambda: self.ship(last), last.name, "Packed")
        self.tick(order, "Packed")
        self.ship(last)
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_a_batch_with_a_closed_delivery_goes_as_odoo_batches_go(self):
        ready = self.make_confirmed()
        self.tick(ready, "Packed")
        pickings = self.delivery | ready.picking_ids
        pickings.action_assign()
        for move in pickings.move_ids:
            move.write({"quantity": 2, "picked": True})
        batch = self.env["stock.picking.batch"].create({"picking_ids": [Command.set(pickings.ids)]})
        batch.action_confirm()
        message = self.assert_closed(batch.action_done, self.order.name)
        self.assertNotIn(ready.name, message)
        self.assertFalse(pickings.filtered(lambda picking: picking.state == "done"), "all or nothing")
        self.tick(self.order, "Packed")
        batch.action_done()
        self.assertEqual(set(pickings.mapped("state")), {"done"})

    def test_moves_that_are_done_by_themselves(self):
        self.get_ready()
        self.assert_closed(self.move._action_done, "Packed")
        self.assert_closed(lambda: self.move.write({"state": "done"}), "Packed")
        self.assert_closed(lambda: self.move.write({"state": "done", "origin": "X"}), "Packed")
        with suppress(UserError):  # as code does that goes on with other moves
            self.move.sudo().write({"state": "done", "origin": "X"})
        self.assertEqual((self.move.state, self.move.origin != "X"), ("assigned", True))
        self.tick(self.order, "Packed")
        self.move._action_done()
        self.assertEqual(self.delivery.state, "done")

    def test_a_delivery_whose_state_is_written(self):
        self.assert_closed(lambda: self.delivery.write({"state": "done"}), "Packed")
        self.assertNotEqual(self.delivery.state, "done")

    def test_moves_made_in_state_done(self):
        vals = {
            "product_id": self.product.id,
            "product_uom_qty": 1,
            "quantity": 1,
            "product_uom": self.product.uom_id.id,
            "location_id": self.move.location_id.id,
            "location_dest_id": self.move.location_dest_id.id,
            "sale_line_id": self.order.order_line.id,
        }
        moves = self.env["stock.move"]
        for extra in ({}, {"picking_id": self.delivery.id}):
            self.assert_closed(lambda extra=extra: moves.create(vals | extra | {"state": "done"}), "Packed")
            by_default = moves.with_context(default_state="done")
            self.assert_closed(lambda extra=extra, m=by_default: m.create(vals | extra), "Packed")
        self.assert_closed(
            lambda: self.delivery.write({"move_ids": [Command.create(vals | {"state": "done"})]}), "Packed"
        )
        self.assertEqual(self.order.order_line.qty_delivered, 0)

    def test_goods_without_a_delivery_have_nothing_to_check(self):
        """Where each delivery is checked, a move of its own would slip past the check."""
        self.tick(self.order, "Packed")
        loose = self.move.copy({"picking_id": False, "sale_line_id": self.order.order_line.id})
        loose.write({"quantity": 1, "picked": True})
        self.assert_closed(loose._action_done, self.order.name, "can only leave by one")

    def test_more_goods_on_a_done_delivery(self):
        self.tick(self.order, "Packed")
        self.ship(self.delivery)
        self.commit()
        self.move.quantity = 3
        self.assertEqual(self.order.order_line.qty_delivered, 3, "nothing against it while the order is all right")
        self.order.with_user(self.users["manager"]).action_sop_send_back(self.gated.stage_ids[0].id, "All wrong")
        line = self.move.move_line_ids
        self.assert_closed(lambda: self.move.write({"quantity": 9}), "Review")
        self.assert_closed(lambda: line.write({"quantity": 9}), "Review")
        self.assert_closed(lambda: line.copy({"move_id": self.move.id, "quantity": 9}), "Review")
        self.assert_closed(lambda: line.copy({"move_id": False, "picking_id": self.delivery.id}), "Review")
        self.assertEqual(self.order.order_line.qty_delivered, 3)
        line.quantity = 1
        self.assertEqual(self.order.order_line.qty_delivered, 1, "putting less right is no shipping")

    def test_goods_that_left_without_an_order_are_not_given_one(self):
        plain = self.make_order()  # under no process: its delivery may be taken off it
        plain.action_confirm()
        loose = plain.picking_ids
        loose.write({"sale_id": False, "reference_ids": False})
        self.ship(loose)
        self.assertEqual((loose.state, loose.sale_id), ("done", self.env["sale.order"]))
        self.assert_closed(lambda: loose.move_ids.write({"sale_line_id": self.order.order_line.id}), "Packed")
        self.assert_closed(lambda: loose.write({"sale_id": self.order.id}), self.order.name)
        self.assertEqual(self.order.order_line.qty_delivered, 0)

    def test_goods_of_two_orders_on_one_delivery_ask_both(self):
        other = self.make_confirmed()
        moves = self.move | other.picking_ids.move_ids
        other.picking_ids.move_ids.picking_id = self.delivery
        self.tick(self.order, "Packed", self.delivery)
        moves._action_assign()
        moves.write({"quantity": 2, "picked": True})
        self.assert_closed(self.delivery._action_done, other.name, self.delivery.name)
        self.tick(other, "Packed", self.delivery)
        self.delivery._action_done()
        self.assertEqual((self.order | other).order_line.mapped("qty_delivered"), [2, 2])

    def test_another_company_is_out_of_the_house_too(self):
        transit = self.env.ref("stock.stock_location_inter_company")
        transit.active = True
        self.delivery.location_dest_id = transit
        self.get_ready()
        self.assert_closed(self.delivery._action_done, "Packed")

    def test_scrap_is_not_shipping(self):
        self.get_ready()
        scrap = self.env["stock.scrap"].create(
            {"product_id": self.product.id, "scrap_qty": 1, "picking_id": self.delivery.id}
        )
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")

    def test_a_proof_of_having_passed_cannot_be_sent_along(self):
        self.get_ready()
        for proof in (self.move.ids, frozenset(self.move.ids), True, {self.move.id: True}):
            forged = self.delivery.with_context(sop_passed=proof, sop_engine=True)
            self.assert_closed(forged._action_done, "Packed")
