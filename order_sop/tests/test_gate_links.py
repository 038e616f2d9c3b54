"""What belongs to an order under a process stays its own: nothing is taken off to go by no gate."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestGateLinks(GateCase):
    def assert_kept(self, action, *texts):
        """Assert that ``action()`` is refused since the document belongs to an order, even when the error is caught."""
        with self.assertRaisesRegex(UserError, "cannot be taken off") as caught, self.env.cr.savepoint():
            action()
        for text in texts:
            self.assertIn(text, str(caught.exception))
        self.env.invalidate_all()

    def test_goods_stay_with_their_order(self):
        order, other = self.make_confirmed(), self.make_confirmed()
        delivery, move = order.picking_ids, order.picking_ids.move_ids
        as_warehouse = move.with_user(self.users["warehouse"])
        for action in (
            lambda: as_warehouse.write({"sale_line_id": False}),
            lambda: as_warehouse.write({"sale_line_id": other.order_line.id}),
            lambda: as_warehouse.write({"product_id": self.other_product.id}),
            lambda: delivery.write({"move_ids": [Command.update(move.id, {"sale_line_id": False})]}),
            lambda: delivery.with_user(self.users["warehouse"]).write({"sale_id": False}),
            lambda: delivery.sudo().write({"sale_id": other.id}),
            lambda: order.order_line.write({"move_ids": [Command.unlink(move.id)]}),
            lambda: order.write({"picking_ids": [Command.unlink(delivery.id)]}),
            lambda: other.order_line.write({"move_ids": [Command.link(move.id)]}),
        ):
            self.assert_kept(action, order.name, delivery.name)
        self.assertEqual((move.sale_line_id, delivery.sale_id), (order.order_line, order))
        self.assert_closed(lambda: self.ship(delivery), "Packed")

    def test_billing_stays_with_its_order(self):
        order, other = self.make_delivered(), self.make_delivered()
        invoice = order._create_invoices()
        line = invoice.invoice_line_ids
        as_finance = line.with_user(self.users["finance"])
        for action in (
            lambda: as_finance.write({"sale_line_ids": [Command.clear()]}),
            lambda: as_finance.write({"sale_line_ids": [Command.set(other.order_line.ids)]}),
            lambda: invoice.write(
                {
                    "invoice_line_ids": [
                        Command.update(line.id, {"sale_line_ids": [Command.unlink(order.order_line.id)]})
                    ]
                }
            ),
            lambda: order.order_line.write({"invoice_lines": [Command.unlink(line.id)]}),
            lambda: order.order_line.sudo().write({"invoice_lines": [Command.clear()]}),
        ):
            self.assert_kept(action, order.name)
        self.assertEqual(line.sale_line_ids, order.order_line)
        self.assert_closed(invoice.action_post, "Receipt proven")

    def test_what_is_cancelled_or_deleted_goes_free(self):
        order = self.make_delivered()
        invoice = order._create_invoices()
        invoice.invoice_line_ids.unlink()
        second = order._create_invoices()
        second.button_cancel()
        second.invoice_line_ids.sale_line_ids = False
        self.assertEqual(order.order_line.qty_invoiced, 0)
        third = self.make_confirmed()
        third.picking_ids.action_cancel()
        third.picking_ids.move_ids.sale_line_id = False

    def test_without_a_process_links_are_free(self):
        order = self.make_order()
        order.action_confirm()
        order.picking_ids.move_ids.sale_line_id = False
        self.assertFalse(order.order_line.move_ids)
