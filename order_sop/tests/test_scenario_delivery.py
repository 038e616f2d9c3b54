"""What becomes of deliveries: full, partial, too much, in steps, returned, cancelled, in other units; each has its own
checks, and goods leave by the gate alone."""

from odoo.tests import tagged

from .common_scenario import DeliveryScenario


@tagged("post_install", "-at_install")
class TestScenarioDelivery(DeliveryScenario):
    def test_in_full(self):
        order = self.take()
        delivery = self.leaving(order)
        self.pick(delivery)
        self.assert_closed(lambda: self.send(delivery), "Packed", delivery.name)
        self.tick(order, "Packed")
        self.send(delivery)
        self.assertEqual((delivery.state, order.sop_stage_id.name), ("done", "Ship"))
        self.finish(delivery)
        self.assertEqual(order.sop_stage_id.name, "Work", order.sop_missing)
        passed = {"picked", "packing_list", "Packed", "tracking", "proof_of_delivery"}
        self.assertEqual(self.states(order, delivery), dict.fromkeys(passed, "passed"))

    def test_a_part_and_the_rest(self):
        order = self.take()
        first = self.leaving(order)
        self.pick(first, 3)
        self.tick(order, "Packed")
        self.send(first)
        rest = self.leaving(order)
        self.assertEqual((first.state, rest.backorder_id), ("done", first))
        self.assertEqual(self.states(order, rest)["Packed"], "pending", "the rest is packed for itself")
        self.finish(first, "TRACK-1")
        self.pick(rest)
        self.assert_closed(lambda: self.send(rest), rest.name, "Packed")
        self.tick(order, "Packed", rest)
        self.send(rest)
        self.assertEqual(order.sop_stage_id.name, "Ship", "the number of the rest is missing")
        self.assertIn(rest.name, order.sop_missing)
        self.finish(rest, "TRACK-2")
        self.assertEqual((order.sop_stage_id.name, order.order_line.qty_delivered), ("Work", 5))

    def test_a_part_and_no_rest(self):
        order = self.take()
        delivery = self.leaving(order)
        self.pick(delivery, 3)
        self.tick(order, "Packed")
        self.send(delivery, backorder=False)
        self.assertFalse(self.leaving(order))
        self.finish(delivery)
        self.assertEqual((order.sop_stage_id.name, order.order_line.qty_delivered), ("Work", 3), order.sop_missing)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.invoice_line_ids.quantity, 3)

    def test_more_than_was_ordered(self):
        order = self.take()
        delivery = self.leaving(order)
        self.pick(delivery, 6)
        self.tick(order, "Packed")
        self.assert_closed(lambda: self.send(delivery), "more picked than ordered", "Chair × 1 Units")
        order.order_line.product_uom_qty = 6
        self.pick(delivery, *delivery.move_ids.mapped("product_uom_qty"))
        self.send(delivery)
        self.assertEqual((delivery.state, order.order_line.qty_delivered), ("done", 6))

    def test_pick_pack_ship(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        order = self.take()
        for step in ("PICK", "PACK"):
            inner = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
            self.assertIn(step, inner.name)
            self.assertFalse(inner.sop_leaves)
            self.assertFalse(self.states(order, inner), "inner steps are not checked")
            self.pick(inner)
            self.send(inner)
            self.assertEqual(inner.state, "done", "and not gated")
        out = self.leaving(order)
        self.assertEqual((out.picking_type_code, len(self.states(order, out))), ("outgoing", 3))
        self.pick(out, 2)
        self.assert_closed(lambda: self.send(out), out.name, "Packed")
        self.tick(order, "Packed")
        self.send(out)
        rest = self.leaving(order)
        self.assertEqual((rest.backorder_id, self.states(order, rest)["Packed"]), (out, "pending"))
        self.pick(rest)
        self.assert_closed(lambda: self.send(rest), rest.name)
        self.tick(order, "Packed", rest)
        self.send(rest)
        self.assertEqual(order.order_line.qty_delivered, 5)

    def test_parts_on_the_way_to_the_door(self):
        """Picked in two parts, the goods leave in two deliveries or one; whatever leaves was checked."""
        self.warehouse.delivery_steps = "pick_ship"
        order = self.take()
        inner = order.picking_ids.filtered(lambda picking: not picking.sop_leaves)
        self.pick(inner, 2)
        self.send(inner)
        out = self.leaving(order)
        self.pick(out, 2)
        self.tick(order, "Packed")
        self.send(out)
        inner = order.picking_ids.filtered(lambda p: not p.sop_leaves and p.state not in ("done", "cancel"))
        self.pick(inner)
        self.send(inner)
        rest = self.leaving(order)
        self.pick(rest)
        self.assert_closed(lambda: self.send(rest), rest.name, "Packed")
        self.tick(order, "Packed", rest)
        self.send(rest)
        self.assertEqual(order.order_line.qty_delivered, 5)

    def test_returned_before_it_is_settled(self):
        order = self.take()
        delivery = self.leaving(order)
        self.pick(delivery)
        self.tick(order, "Packed")
        self.send(delivery)
        wizard = self.env["stock.return.picking"].create({"picking_id": delivery.id})
        wizard.product_return_moves.quantity = 2
        returned = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self.assertEqual(self.states(order, returned), {}, "a return is not checked")
        self.pick(returned)
        returned.button_validate()
        self.assertEqual((returned.state, order.order_line.qty_delivered), ("done", 3), "nor gated")
        self.assertEqual(order.sop_stage_id.name, "Ship")
        self.finish(delivery)
        self.assertEqual(order.sop_stage_id.name, "Work", order.sop_missing)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.invoice_line_ids.quantity, 3, "what he kept")

    def test_exchanged_goods_leave_by_the_gate(self):
        order = self.take()
        delivery = self.leaving(order)
        self.pick(delivery)
        self.tick(order, "Packed")
        self.send(delivery)
        wizard = self.env["stock.return.picking"].create({"picking_id": delivery.id})
        wizard.product_return_moves.quantity = 1
        returned = self.env["stock.picking"].browse(wizard.action_create_exchanges()["res_id"])
        exchange = self.leaving(order)
        self.assertTrue(exchange)
        self.pick(returned)
        returned.button_validate()
        self.pick(exchange)
        self.assert_closed(lambda: self.send(exchange), exchange.name, "Packed")
        self.tick(order, "Packed", exchange)
        self.send(exchange)
        self.assertEqual(exchange.state, "done")

    def test_cancelled_after_it_was_packed(self):
        order = self.take()
        delivery = self.leaving(order)
        self.pick(delivery)
        self.tick(order, "Packed")
        order._action_cancel()
        self.commit()
        self.assertEqual((delivery.state, order.sop_status), ("cancel", "cancelled"))
        order.action_draft()
        order.action_confirm()
        self.commit()
        again = self.leaving(order)
        self.pick(again)
        self.assertNotEqual(again, delivery)
        self.assert_closed(lambda: self.send(again), again.name, "Packed")

    def test_the_delivery_alone_is_cancelled(self):
        order = self.take()
        delivery = self.leaving(order)
        self.pick(delivery)
        self.tick(order, "Packed")
        delivery.action_cancel()
        self.assertEqual(set(self.states(order, delivery).values()), {"not_applicable"})
        self.assertNotEqual(order.sop_stage_id.name, "Work", "nothing was delivered")
        order.order_line.product_uom_qty = 7
        self.commit()
        new = self.leaving(order)
        self.pick(new)
        self.assert_closed(lambda: self.send(new), new.name, "Packed")

    def test_in_other_units(self):
        order = self.make_order(process=self.process, lines=[(self.product, 2, 10.0)])
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self.commit()
        delivery = self.leaving(order)
        move = delivery.move_ids
        self.assertEqual(move.product_qty, 24)
        unit = move.product_uom
        self.pick(delivery, self.product.uom_id._compute_quantity(18, unit))
        self.tick(order, "Packed")
        self.send(delivery)
        rest = self.leaving(order)
        self.assertEqual((order.order_line.qty_delivered, rest.move_ids.product_qty), (1.5, 6))
        self.pick(rest)
        self.assert_closed(lambda: self.send(rest), rest.name)
        self.tick(order, "Packed", rest)
        self.send(rest)
        self.finish(delivery, "A")
        self.finish(rest, "B")
        self.assertEqual((order.order_line.qty_delivered, order.sop_stage_id.name), (2, "Work"), order.sop_missing)

    def test_the_panel_of_a_delivery_shows_its_own_checks(self):
        order = self.take()
        first = self.leaving(order)
        self.pick(first, 3)
        self.tick(order, "Packed")
        self.send(first)
        rest = self.leaving(order)
        panel = rest.with_user(self.users["warehouse"]).sop_panel
        self.assertEqual({check["document_id"] for check in panel["checks"]}, {rest.id})
        self.assertTrue(all(first.name in item["text"] for item in panel["missing"]), "and names what another lacks")
        self.assertIn("pass", next(check for check in panel["checks"] if check["name"] == "Packed")["actions"])
