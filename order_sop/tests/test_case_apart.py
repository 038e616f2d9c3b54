"""Goods of cases that could be mistaken for one another: pieces alike, goods that come bit by bit, in time or late."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError

from .common_case import CaseCase


class TestCaseApart(CaseCase):
    def sell_serials(self, *names):
        """Return an order of one line over as many pieces, each with its serial number, delivered and paid."""
        self.product.tracking = "serial"
        lots = self.env["stock.lot"].create([{"name": name, "product_id": self.product.id} for name in names])
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(self.product, self.warehouse.lot_stock_id, 1, lot_id=lot)
        order, transfer = self.confirm(lines=[(self.product, len(lots), 100.0)])
        transfer.move_ids.move_line_ids.unlink()
        transfer.move_ids.move_line_ids = [
            Command.create({"product_id": self.product.id, "lot_id": lot.id, "quantity": 1, "picking_id": transfer.id})
            for lot in lots
        ]
        self.ship(transfer)
        self.pay(self.invoice(order))
        return order, lots

    def two_lines(self, order, *vals_list):
        """Return an assessed case with a line for each of ``vals_list``, all on the one line of ``order``."""
        case = self.open_case(order, line_vals=vals_list[0])
        for vals in vals_list[1:]:
            line = {"order_line_id": order.order_line.id, "reason_id": self.reasons["product"].id, "solution": "refund"}
            case.line_ids = [Command.create(line | vals)]
        self.commit()
        self.assess(case)
        return case

    def returns(self, line):
        return line.sudo().document_ids.filtered(lambda link: link.kind == "return")

    def test_two_serial_numbers_of_one_line(self):
        """Two of three phones come back: each by its own number, each credited by itself."""
        order, lots = self.sell_serials("A1", "A2", "A3")
        case = self.two_lines(order, {"lot_id": lots[0].id}, {"lot_id": lots[2].id})
        self.take_back(case)
        lines = case.line_ids
        self.assertEqual(lines.sudo().mapped("received_qty"), [1, 1])
        moves = [self.returns(line).stock_move_id for line in lines]
        self.assertNotEqual(*moves)
        self.assertEqual([move.move_line_ids.lot_id for move in moves], [lots[0], lots[2]])
        self.inspect(case)
        notes = self.solve(case).move_id
        self.assertEqual(sum(notes.mapped("amount_total")), 200)
        notes.action_post()
        self.agree(case)
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_one_is_refunded_one_repaired(self):
        order = self.sell()
        case = self.two_lines(order, {"solution": "refund"}, {"solution": "repair"})
        self.take_back(case)
        self.assertEqual([self.returns(line).stock_move_id.to_refund for line in case.line_ids], [True, False])
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_lines_alike_in_several_goes(self):
        """One of two comes first: whose it is is known, and the other's comes by the backorder."""
        order = self.sell()
        case = self.two_lines(order, {"qty": 2}, {"qty": 1})
        transfer = self.take_back(case, receive=False)
        first, second = (self.returns(line).stock_move_id for line in case.line_ids)
        first.quantity, second.quantity = 1, 1
        (first | second).picked = True
        transfer.with_context(skip_backorder=True).button_validate()
        self.commit()
        self.assertEqual(case.line_ids.sudo().mapped("received_qty"), [1, 1])
        self.inspect(case)
        self.assertEqual(case.line_ids.mapped("restock_qty"), [1, 1])
        self.ship(transfer.backorder_ids)
        self.commit()
        self.assertEqual(case.line_ids.sudo().mapped("received_qty"), [2, 1])
        self.assertEqual(case.line_ids.sudo().mapped("uninspected_qty"), [1, 0])
        with self.assertRaisesRegex(UserError, "inspected already"):
            case.line_ids[1].with_user(self.users["warehouse"]).action_inspect(restock_qty=1)
        case.line_ids[0].with_user(self.users["warehouse"]).action_inspect(scrap_qty=1, note="Torn")
        self.assertEqual(case.line_ids[0].restock_qty, 1)
        scrap = case.sudo().document_ids.scrap_id
        self.assertEqual((scrap.state, scrap.scrap_qty), ("done", 1))

    def test_another_solution_after_the_goods_came(self):
        """It was to be refunded; then he would rather have it repaired, and then get a voucher."""
        order = self.sell()
        case = self.open_case(order)
        self.assess(case)
        self.take_back(case)
        self.assertEqual(order.order_line.qty_delivered, 2)
        for solution, delivered in (("repair", 3), ("refund", 2), ("voucher", 3), ("replace", 2), ("none", 3)):
            case.line_ids.solution = solution
            self.commit()
            self.assertEqual(order.order_line.qty_delivered, delivered, solution)

    def test_a_voucher_for_goods_that_came_back(self):
        """The goods are back, the order stays billed as it was, the voucher waits for the next one."""
        order = self.sell()
        case = self.open_case(order, solution="voucher")
        self.assess(case)
        self.take_back(case)
        self.inspect(case)
        note = self.solve(case).move_id
        note.action_post()
        self.agree(case)
        self.assertEqual((order.order_line.qty_delivered, order.invoice_status), (3, "invoiced"))

    def test_a_serial_number_that_shows_when_it_comes(self):
        order, lots = self.sell_serials("B1", "B2")
        case = self.open_case(order)
        self.assess(case)
        transfer = self.take_back(case, receive=False)
        transfer.move_ids.move_line_ids.lot_id = lots[1]
        self.ship(transfer)
        self.commit()
        case.line_ids.with_user(self.users["warehouse"]).action_inspect(scrap_qty=1)
        self.assertEqual(case.line_ids.lot_id, lots[1])
        self.assertEqual(case.sudo().document_ids.scrap_id.lot_id, lots[1])

    def test_a_late_piece_gives_no_more_time_for_all(self):
        """Two came a year ago, one last week: that one can still be returned, all three cannot."""
        self.company.sop_return_days = 14
        order, transfer = self.confirm(lines=[(self.product, 3, 100.0)])
        self.ship(transfer, 2)
        transfer.move_ids.date = fields.Datetime.now() - timedelta(days=365)
        self.ship(transfer.backorder_ids)
        self.commit()
        case = self.open_case(order, cause="customer")
        self.assertTrue(case.line_ids.in_window)
        case.line_ids.qty = 3
        self.assertFalse(case.line_ids.in_window)


class TestReturnsNeedACase(CaseCase):
    def setUp(self):
        super().setUp()
        self.order = self.sell()
        self.put_under(self.order, self.env["sop.process"].search([("code", "=", "B2B"), ("state", "=", "published")]))
        self.company.sop_case_required = True
        self.receipt = {
            "picking_type_id": self.warehouse.in_type_id.id,
            "location_id": self.order.picking_ids.location_dest_id.id,
            "location_dest_id": self.warehouse.lot_stock_id.id,
        }
        self.goods = {
            "product_id": self.product.id,
            "product_uom_qty": 1,
            "quantity": 1,
            "picked": True,
            "location_id": self.receipt["location_id"],
            "location_dest_id": self.receipt["location_dest_id"],
        }

    def assert_needs_case(self, action):
        with self.assertRaisesRegex(UserError, "without an after-sales case"), self.env.cr.savepoint():
            action()

    def test_odoos_own_return(self):
        self.assert_needs_case(lambda: self.send_back(self.order.picking_ids, 1))

    def test_a_receipt_that_names_no_delivery(self):
        line = self.order.order_line
        transfer = self.env["stock.picking"].create(
            self.receipt | {"move_ids": [Command.create(self.goods | {"sale_line_id": line.id})]}
        )
        transfer.action_confirm()
        self.assert_needs_case(transfer.button_validate)
        move = transfer.move_ids
        self.assert_needs_case(lambda: move.write({"state": "done", "date": "2025-01-01", "reference": "X"}))
        self.assert_needs_case(lambda: move.write({"state": "done"}))

    def test_moves_that_are_made_done(self):
        self.assert_needs_case(
            lambda: self.env["stock.move"].create(
                self.goods | {"sale_line_id": self.order.order_line.id, "state": "done"}
            )
        )

    def test_what_was_delivered_is_not_made_less(self):
        lines = self.order.picking_ids.move_ids.move_line_ids
        self.assert_needs_case(lambda: lines.write({"quantity": lines.quantity - 1}))
        self.assert_needs_case(lambda: self.order.picking_ids.move_ids.write({"quantity": 1}))
        inside, moves = self.warehouse.lot_stock_id.id, self.order.picking_ids.move_ids
        self.assert_needs_case(lambda: moves.write({"location_dest_id": inside}))

    def test_with_a_case(self):
        case = self.open_case(self.order)
        self.assess(case)
        transfer = self.take_back(case, receive=False)
        transfer.move_ids.quantity = 2
        transfer.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "more cannot come back"), self.env.cr.savepoint():
            transfer.button_validate()
        transfer.move_ids.quantity = 1
        self.ship(transfer)
        self.commit()
        self.assertEqual(case.line_ids.sudo().received_qty, 1)
        with self.assertRaisesRegex(UserError, "more cannot come back"), self.env.cr.savepoint():
            transfer.move_ids.move_line_ids.quantity = 2
