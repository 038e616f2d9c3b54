"""A hold on one of two lines with the same goods: no more of them goes, or is billed, than the free line is for."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_holds import HoldCase


@tagged("post_install", "-at_install")
class TestHoldLines(HoldCase):
    def make_double(self, maker):
        """Return an order with 2 and 3 chairs on a line each, held is the first."""
        order = maker(lines=[(self.product, 2, 100.0), (self.product, 3, 100.0)])
        return order, *order.order_line

    def bill(self, order):
        """Return a draft invoice of all of ``order``, for which nothing is missing but the hold."""
        invoice = order._create_invoices()
        self.tick(order, "Receipt proven")
        self.tick(order, "Amount agrees", invoice)
        return invoice

    def hold_first(self, order):
        self.hold("manager", order, "quality", "Came broken", lines=order.order_line[0])

    def test_what_is_on_hold_is_not_billed_by_another_line(self):
        order, held, free = self.make_double(self.make_delivered)
        self.hold_first(order)
        invoice = self.bill(order)
        line = invoice.invoice_line_ids.filtered(lambda line: line.sale_line_ids == held)
        for steal in (
            lambda: line.write({"sale_line_ids": [Command.set(free.ids)]}),
            lambda: line.write({"sale_line_ids": [Command.unlink(held.id), Command.link(free.id)]}),
            lambda: held.write({"invoice_lines": [Command.unlink(line.id)]}),
        ):
            with self.assertRaisesRegex(UserError, "cannot be taken"), self.env.cr.savepoint():
                steal()
        self.assertEqual(line.sale_line_ids, held)
        line.sale_line_ids += free
        self.assert_closed(invoice.action_post, "Quality (Chair)")

    def test_linked_to_the_free_line_before(self):
        order, held, free = self.make_double(self.make_delivered)
        invoice = self.bill(order)
        invoice.invoice_line_ids.filtered(lambda line: line.sale_line_ids == held).sale_line_ids = free
        self.hold_first(order)
        self.assert_closed(invoice.action_post, "Quality (Chair)")
        invoice.invoice_line_ids.filtered(lambda line: line.quantity == 2).unlink()
        invoice.action_post()
        self.assertEqual(invoice.state, "posted", "the free line alone")

    def test_more_of_the_free_line(self):
        order, held, free = self.make_double(self.make_delivered)
        self.hold_first(order)
        invoice = self.bill(order)
        invoice.invoice_line_ids.filtered(lambda line: line.sale_line_ids == held).unlink()
        line = invoice.invoice_line_ids.filtered(lambda line: line.sale_line_ids == free)
        line.quantity = 5
        self.assert_closed(invoice.action_post, "Quality (Chair)")
        line.write({"quantity": 0.25, "product_uom_id": self.env.ref("uom.product_uom_dozen").id})
        invoice.action_post()
        self.assertEqual((invoice.state, free.qty_invoiced), ("posted", 3))
        second = invoice.copy({"invoice_line_ids": False})
        second.invoice_line_ids = [Command.create({"product_id": self.product.id, "sale_line_ids": [(4, free.id)]})]
        self.tick(order, "Amount agrees", second)
        self.assert_closed(second.action_post, "Quality (Chair)")

    def test_a_credited_line_is_billed_again(self):
        order, held, free = self.make_double(self.make_delivered)
        self.hold_first(order)
        invoice = self.bill(order)
        invoice.invoice_line_ids.filtered(lambda line: line.sale_line_ids == held).unlink()
        invoice.action_post()
        invoice._reverse_moves([{}], cancel=True)
        self.assertEqual(free.qty_invoiced, 0)
        again = order._create_invoices()
        again.invoice_line_ids.filtered(lambda line: line.sale_line_ids == held).unlink()
        self.tick(order, "Amount agrees", again)
        again.action_post()
        self.assertEqual(again.state, "posted")

    def test_no_more_goods_leave_than_the_free_line_is_for(self):
        order, held, free = self.make_double(self.make_confirmed)
        delivery = order.picking_ids
        self.tick(order, "Packed")
        self.hold_first(order)
        going = delivery.move_ids.filtered(lambda move: move.sale_line_id == free)
        delivery.move_ids.picked = False
        going.write({"quantity": 5, "picked": True})
        wanted = delivery.with_context(skip_backorder=True, picking_ids_not_to_backorder=[])
        self.assert_closed(wanted.button_validate, "Quality (Chair)")
        going.quantity = 3
        wanted.button_validate()
        self.assertEqual((delivery.state, free.qty_delivered, held.qty_delivered), ("done", 3, 0))
