"""Holds set and released by people: who may, on what, until when, and what each stops."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_holds import HoldCase

WHY = "客户地址不完整:缺少门牌号"


@tagged("post_install", "-at_install")
class TestHolds(HoldCase):
    def test_customer_service_clears_an_address(self):
        """A parcel must not go to an address that is wrong: held, asked, released, shipped; all of it is told."""
        order = self.make_confirmed()
        self.tick(order, "Packed")
        self.hold("customer_service", order, "address", WHY)
        hold = order.sop_hold_ids
        self.assertEqual((order.sop_status, hold.note, hold.set_by_id.name), ("on_hold", WHY, "customer_service"))
        message = self.assert_closed(lambda: self.ship(order.picking_ids), "Address to be clarified")
        self.assertIn("Customer Service, Sales or an SOP manager can release it", message)
        with self.assertRaisesRegex(AccessError, "Only Customer Service, Sales or an SOP manager"):
            self.release("warehouse", hold)
        with self.assertRaisesRegex(UserError, "Say why"):
            self.release("customer_service", hold, "  ")
        self.release("customer_service", hold, "门牌号已补充")
        self.assertEqual((order.sop_status, hold.outcome, hold.release_reason), ("running", "hand", "门牌号已补充"))
        self.ship(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")
        held, released = self.events(order).filtered(lambda event: event.code in ("held", "released"))
        self.assertEqual((held.data["type"], held.data["note"]), ("address", WHY))
        self.assertEqual((released.data["outcome"], released.data["note"]), ("hand", "门牌号已补充"))

    def test_a_line_on_hold_lets_the_rest_go(self):
        self.add_stock(self.other_product, 10)
        order = self.make_confirmed(lines=[(self.product, 2, 100.0), (self.other_product, 1, 300.0)])
        chair, table = order.order_line
        delivery = order.picking_ids
        self.tick(order, "Packed")
        self.hold("warehouse", order, "quality", "Scratched", lines=table)
        self.assert_closed(lambda: self.ship(delivery), "Quality (Table)")
        self.pick(delivery, self.product).button_validate()
        self.assertEqual((delivery.state, chair.qty_delivered), ("done", 2))
        backorder = order.picking_ids - delivery
        self.tick(order, "Packed", backorder)
        self.assert_closed(lambda: self.ship(backorder), "Quality (Table)")
        loose = {"product_id": table.product_id.id, "product_uom_qty": 1, "picking_id": backorder.id}
        self.env["stock.move"].create(
            loose | {"location_id": backorder.location_id.id, "location_dest_id": backorder.location_dest_id.id}
        )
        by_hand = backorder.move_ids.filtered(lambda move: not move.sale_line_id)
        by_hand.quantity = by_hand.product_uom_qty
        by_hand.picked = True
        message = self.assert_closed(backorder.with_context(skip_backorder=True).button_validate, "Quality (Table)")
        self.assertIn("On hold", message)

    def test_a_move_does_not_change_sides(self):
        """Linked to the line that is free, the goods on hold would leave."""
        order = self.make_confirmed(lines=[(self.product, 2, 100.0), (self.other_product, 1, 300.0)])
        chair, table = order.order_line
        self.hold("warehouse", order, "quality", "Scratched", lines=table)
        moves = order.picking_ids.move_ids
        held = moves.filtered(lambda move: move.sale_line_id == table)
        with self.assertRaisesRegex(UserError, "is on hold and cannot be taken away"):
            held.sale_line_id = chair
        with self.assertRaisesRegex(UserError, "cannot be taken off"):
            (moves - held).product_id = self.other_product

    def test_a_line_on_hold_is_not_billed_but_others_are(self):
        self.product.invoice_policy = self.other_product.invoice_policy = "order"
        order = self.make_delivered(lines=[(self.product, 2, 100.0), (self.service, 1, 50.0)])
        self.hold("manager", order, "quality", "Came broken", lines=order.order_line[0])
        both = order._create_invoices()
        self.tick(order, "Receipt proven")
        self.tick(order, "Amount agrees", both)
        self.assert_closed(both.action_post, "Quality (Chair)")
        both.invoice_line_ids.filtered(lambda line: line.product_id == self.product).unlink()
        both.action_post()
        self.assertEqual(both.state, "posted")

    def test_goods_on_hold_do_not_leave_by_another_line(self):
        order = self.make_gated(lines=[(self.product, 2, 100.0), (self.service, 1, 50.0)])
        held, other = order.order_line
        self.hold("warehouse", order, "quality", "Scratched", lines=held)
        for steal in (held.unlink, lambda: held.write({"order_id": self.make_order().id})):
            with self.assertRaisesRegex(UserError, "is on hold and cannot be taken away"):
                steal()
        order.order_line = [(0, 0, {"product_id": self.product.id, "product_uom_qty": 1})]
        other.product_id = self.product
        self.commit()
        self.assertEqual(order.sop_hold_ids.line_ids, order.order_line, "all lines with the goods on hold")

    def test_several_at_a_time_each_with_its_own_end(self):
        order = self.make_reviewed()
        self.hold("sales", order, "customer")
        self.hold("finance", order, "fraud")
        with self.assertRaisesRegex(UserError, "on hold already"):
            self.hold("sales", order, "customer")
        self.assertEqual(self.open_holds(order), ["customer", "fraud"])
        self.assert_closed(order.action_confirm, "Customer asked to wait", "Suspicion of fraud")
        self.release("sales", order.sop_hold_ids.filtered(lambda hold: hold.type_id == self.types["customer"]))
        self.assertEqual(order.sop_status, "on_hold")
        self.assert_closed(order.action_confirm, "Suspicion of fraud")
        self.release("finance", order.sop_hold_ids.filtered(lambda hold: not hold.released_at))
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_many_at_once_each_by_itself(self):
        orders = self.make_gated() | self.make_gated() | self.make_gated()
        self.hold("sales", orders[1], "customer", "First")
        results = self.hold("sales", orders, "customer", "All of them")
        self.assertEqual([bool(result["reason"]) for result in results], [False, True, False])
        self.assertEqual(results[1]["name"], orders[1].name)
        self.assertEqual(orders.mapped("sop_status"), ["on_hold"] * 3)
        results = self.release("sales", orders.sop_hold_ids)
        self.assertEqual([result["reason"] for result in results], [False] * 3)
        self.assertEqual(orders.mapped("sop_status"), ["running"] * 3)

    def test_what_a_hold_must_have(self):
        order = self.make_gated()
        past = fields.Datetime.to_string(fields.Datetime.now() - timedelta(minutes=1))
        for text, args in (
            ("Say why", ("customer", " ")),
            ("end in the future", ("customer", "Because", None, past)),
            ("Choose the lines", ("quality", "Because")),
            ("Choose the lines", ("quality", "Because", self.make_gated().order_line)),
            ("set by the system alone", ("blocked", "Because")),
        ):
            with self.assertRaisesRegex(UserError, text):
                self.hold("manager", order, *args)
        with self.assertRaisesRegex(UserError, "in no open stage"):
            self.hold("manager", self.make_order(), "customer")
        self.assertFalse(order.sop_hold_ids)

    def test_time_ends_a_hold(self):
        self.types["customer"].write({"expiry_hours": 5, "expiry_unit": "calendar"})
        with freeze_time("2026-03-02 12:00:00") as clock:
            order = self.make_gated()
            self.hold("sales", order, "customer")
            by_hand = self.make_gated()
            self.hold("sales", by_hand, "customer", expires_at="2026-03-02 13:00:00")
            self.assertEqual(str(order.sop_hold_ids.expires_at), "2026-03-02 17:00:00")
            for hours, statuses in ((0.5, ("on_hold", "on_hold")), (1, ("on_hold", "running")), (5, ("running",) * 2)):
                clock.tick(timedelta(hours=hours))
                self.run_cron("due_cron")
                self.assertEqual((order.sop_status, by_hand.sop_status), statuses)
            self.assertEqual(order.sop_hold_ids.outcome, "expired")
        self.types["customer"].expiry_unit = "working"
        with freeze_time("2026-03-06 15:00:00"):  # a Friday
            order = self.make_gated()
            self.hold("sales", order, "customer")
            self.assertEqual(order.sop_hold_ids.expires_at.weekday(), 0, "the weekend does not count")

    def test_it_stays_with_the_order_to_the_end(self):
        """Neither cancelling nor sending back loses a hold."""
        order = self.make_reviewed()
        self.hold("sales", order, "customer")
        order._action_cancel()
        order.action_draft()
        self.commit()
        self.assertEqual((order.sop_status, self.open_holds(order)), ("on_hold", ["customer"]))
        self.tick(order, "Reviewed")
        self.assert_closed(order.action_confirm, "Customer asked to wait")

    def test_the_panel_and_the_dialogs(self):
        order = self.make_gated()
        self.assertIn("hold", self.panel("customer_service", order)["actions"])
        self.assertNotIn("hold", self.panel("auditor", order)["actions"])
        action = order.with_user(self.users["customer_service"]).action_sop_hold()
        dialog = self.open_dialog("customer_service", action)
        self.assertNotIn(self.types["credit"], dialog.allowed_type_ids)
        dialog.write({"type_id": self.types["address"].id, "reason": WHY})
        dialog.action_confirm()
        [shown] = self.panel("legal", order)["holds"]
        self.assertEqual((shown["reason"], shown["by"], shown["can_release"]), (WHY, "customer_service", False))
        action = order.sop_hold_ids.with_user(self.users["customer_service"]).action_open_release()
        dialog = self.open_dialog("customer_service", action)
        self.assertEqual(dialog.summary, f"{order.name}: Address to be clarified\n{WHY}")
        dialog.reason = "Found it"
        dialog.action_confirm()
        self.assertEqual(order.sop_status, "running")
        two = self.make_gated() | self.make_gated()
        self.hold("sales", two[0], "customer")
        action = two.with_user(self.users["sales"]).action_sop_hold()
        dialog = self.open_dialog("sales", action)
        dialog.write({"type_id": self.types["customer"].id, "reason": "Both"})
        self.assertEqual(dialog.action_confirm()["res_id"], dialog.id, "it stays open and tells")
        self.assertEqual([bool(line.result) for line in dialog.result_ids], [True, False])
