from odoo.exceptions import UserError, ValidationError

from .common_case import CaseCase


class TestCaseParts(CaseCase):
    """Goods that are more than a number: a part of a kit, a serial number."""

    def test_a_part_of_a_kit(self):
        kit = self.make_kit()
        order = self.sell(lines=[(kit, 1, 500.0)])
        with self.assertRaisesRegex(ValidationError, "a part of a kit"), self.cr.savepoint():
            self.open_case(order, cause="carrier", line_vals={"part_id": self.product.id})
        part = {"part_id": self.product.id, "agreed_amount": 60.0}
        with self.assertRaisesRegex(ValidationError, "only 4 "), self.cr.savepoint():
            self.open_case(order, qty=5, cause="carrier", line_vals=part)
        case = self.open_case(order, cause="carrier", line_vals=part)
        self.assertEqual(case.line_ids.product_id, self.product)
        self.assess(case)
        transfer = self.take_back(case)
        self.assertEqual((transfer.move_ids.product_id, transfer.move_ids.quantity), (self.product, 1))
        self.inspect(case)
        note = self.credit(case)
        self.assertEqual(note.amount_total, 60.0)
        self.agree(case)

    def test_a_serial_number(self):
        self.product.tracking = "serial"
        lots = self.env["stock.lot"].create(
            [{"name": f"CHAIR-{number}", "product_id": self.product.id} for number in range(3)]
        )
        for lot in lots:
            self.env["stock.quant"]._update_available_quantity(self.product, self.warehouse.lot_stock_id, 1, lot_id=lot)
        order, transfers = self.confirm(lines=[(self.product, 2, 100.0)])
        for move_line, lot in zip(transfers.move_ids.move_line_ids, lots, strict=False):
            move_line.lot_id = lot
        self.ship(transfers)
        self.pay(self.invoice(order))
        sent = transfers.move_ids.move_line_ids.lot_id
        with self.assertRaisesRegex(ValidationError, "was not delivered"), self.cr.savepoint():
            self.open_case(order, line_vals={"lot_id": (lots - sent).id})
        case = self.open_case(order, line_vals={"lot_id": sent[0].id})
        with self.assertRaisesRegex(ValidationError, "one piece"), self.cr.savepoint():
            self.open_case(order, line_vals={"lot_id": sent[0].id})
        self.assess(case)
        transfer = self.take_back(case)
        self.assertEqual(transfer.move_ids.move_line_ids.lot_id, sent[0])
        self.inspect(case)

    def test_what_the_company_asks_for(self):
        """Where the company says so, nothing comes back and nothing is credited without a case."""
        order = self.sell()
        self.put_under(order, self.env.ref("order_sop.process_b2b"))
        self.company.sop_case_required = True
        with self.assertRaisesRegex(UserError, "without an after-sales case"), self.cr.savepoint():
            self.send_back(order.picking_ids, 1)
        wizard = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=order.invoice_ids.ids
        )
        wizard = wizard.create({"journal_id": order.invoice_ids.journal_id.id})
        with self.assertRaisesRegex(UserError, "without an after-sales case"), self.cr.savepoint():
            wizard.reverse_moves(is_modify=True)
        case = self.open_case(order)
        self.assess(case)
        self.take_back(case)

    def test_a_credit_note_waits_for_its_case(self):
        """A draft that was made in time is not posted once the case is not cleared for it any more."""
        order = self.sell()
        case = self.open_case(order)
        self.get_back(case)
        note = self.solve(case).move_id
        case.with_user(self.users["manager"]).action_sop_send_back(self.process.stage_ids[0].id, "Look again")
        self.commit()
        for post in (note.action_post, lambda: note.write({"state": "posted"})):
            with self.assertRaisesRegex(UserError, "Solve the case"), self.cr.savepoint():
                post()
        with self.assertRaisesRegex(UserError, "documents were made"), self.cr.savepoint():
            case.line_ids.qty = 2
        with self.assertRaisesRegex(UserError, "cannot be refused any more"), self.cr.savepoint():
            case.action_refuse("Too late")


class TestCaseKits(CaseCase):
    """Kits that come back as a whole or in parts; where manufacturing is installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls.make_kit()

    def test_a_whole_kit_comes_back(self):
        """One of two sets comes back: four chairs and a table, credited as one set."""
        order = self.sell(lines=[(self.kit, 2, 500.0)])
        case = self.open_case(order)
        self.assess(case)
        transfer = self.take_back(case, receive=False)
        wanted = {(self.product, 4.0), (self.other_product, 1.0)}
        self.assertEqual({(move.product_id, move.product_uom_qty) for move in transfer.move_ids}, wanted)
        self.ship(transfer)
        self.commit()
        self.assertEqual(case.line_ids.sudo().received_qty, 1)
        self.inspect(case, restock_qty=0, scrap_qty=1)
        scraps = case.sudo().document_ids.scrap_id
        self.assertEqual({(scrap.product_id, scrap.scrap_qty) for scrap in scraps}, wanted)
        self.assertEqual(order.order_line.qty_delivered, 1)
        note = self.credit(case)
        self.assertEqual(note.amount_total, 500.0)
        self.agree(case)
        self.assert_settled(order)

    def test_kits_and_parts_are_claimed_together(self):
        """A chair of the one set is on its way back: a whole set cannot come back any more, three chairs can."""
        order = self.sell(lines=[(self.kit, 1, 500.0)])
        part = {"part_id": self.product.id, "agreed_amount": 60.0}
        self.open_case(order, cause="carrier", line_vals=part)
        with self.assertRaisesRegex(ValidationError, "only 0"), self.cr.savepoint():
            self.open_case(order)
        with self.assertRaisesRegex(ValidationError, "only 3 "), self.cr.savepoint():
            self.open_case(order, qty=4, cause="carrier", line_vals=part)
        self.open_case(order, qty=3, cause="carrier", line_vals=part)

    def test_a_part_is_sent_anew(self):
        """A broken chair is replaced: one chair goes out, not a whole set, and the order stays delivered."""
        order = self.sell(lines=[(self.kit, 1, 500.0)])
        case = self.open_case(
            order, solution="replace", kind="exchange", cause="carrier", line_vals={"part_id": self.product.id}
        )
        self.assess(case)
        self.take_back(case)
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.inspect(case)
        transfer = self.solve(case).picking_id
        self.assertEqual([(move.product_id, move.product_uom_qty) for move in transfer.move_ids], [(self.product, 1.0)])
        self.ship(transfer)
        self.agree(case)
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assert_settled(order)
        again = self.open_case(order)
        self.assertEqual(again.line_ids.product_id, self.kit, "the set is complete again")
