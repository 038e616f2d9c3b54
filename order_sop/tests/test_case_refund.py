from odoo import Command
from odoo.exceptions import UserError

from ..engine.guard import as_engine
from .common_case import CaseCase


class TestCaseRefund(CaseCase):
    """What was really paid is given back: with discounts, deposits, several invoices, other currencies; or less."""

    def test_all_of_it_with_discount(self):
        self.product.taxes_id = self.tax
        order, transfers = self.confirm(lines=[(self.product, 3, 100.0)])
        order.order_line.discount = 25.0
        self.ship(transfers)
        self.pay(self.invoice(order))
        case = self.open_case(order, qty=3, cause="ours")
        self.get_back(case)
        note = self.credit(case)
        self.assertEqual((note.amount_untaxed, note.amount_total), (225.0, 270.0), "what was really paid")
        self.agree(case)
        self.assert_settled(order)

    def test_after_a_down_payment(self):
        """What was paid in advance is part of the price: all of what one chair cost is given back."""
        order, transfers = self.confirm(lines=[(self.product, 4, 100.0)])
        self.pay(self.deposit(order, 25))
        self.ship(transfers)
        self.pay(self.invoice(order))
        line = order.order_line.filtered(lambda line: line.product_id == self.product)
        case = self.open_case(order, line=line, qty=1)
        self.assertEqual(case.refund_amount, 100.0)
        self.get_back(case)
        note = self.credit(case)
        self.assertEqual(note.amount_total, 100.0)
        self.agree(case)
        self.assert_settled(order)

    def test_billed_in_parts(self):
        """Two deliveries, two invoices, taxes in the price: the latest invoice is credited first."""
        self.tax.price_include_override = "tax_included"
        self.product.write({"invoice_policy": "delivery", "taxes_id": [Command.set(self.tax.ids)]})
        order, _transfers = self.confirm(lines=[(self.product, 3, 120.0)])
        invoices = self.env["account.move"]
        for quantity in (1, 2):
            self.ship(order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")), quantity)
            invoices |= self.invoice(order)
        self.pay(invoices)
        case = self.open_case(order, qty=3)
        self.assess(case)
        self.assertEqual(len(self.take_back(case)), 2, "each delivery by a transfer of its own")
        self.inspect(case)
        notes = self.credit(case)
        self.assertEqual(notes.mapped("amount_total"), [240.0, 120.0])
        self.assertEqual(notes.mapped("reversed_entry_id"), invoices.sorted("id", reverse=True))
        self.agree(case)
        self.assert_settled(order)

    def test_foreign_currency(self):
        euro = self.env.ref("base.EUR") if self.company.currency_id.name != "EUR" else self.env.ref("base.USD")
        euro.active = True
        euro.rate_ids = [Command.clear(), Command.create({"name": "2020-01-01", "rate": 0.8})]
        pricelist = self.env["product.pricelist"].create({"name": "Abroad", "currency_id": euro.id})
        order = self.sell(pricelist_id=pricelist.id)
        case = self.open_case(order, qty=1)
        self.assertEqual(case.currency_id, euro)
        self.get_back(case)
        note = self.credit(case)
        self.assertEqual((note.currency_id, note.amount_total), (euro, 100.0))
        self.agree(case)
        self.assertEqual(case.sudo().credit_amount, 125.0, "in the company's currency")
        self.assert_settled(order)

    def test_refund_without_goods(self):
        """The customer keeps the scratched chair and gets something back."""
        order = self.sell()
        case = self.open_case(
            order,
            kind="complaint",
            solution="goodwill",
            cause="carrier",
            goods_back=False,
            line_vals={"agreed_amount": 30.0},
        )
        self.assess(case)
        self.assertEqual(case.sop_stage_id.name, "Solution")
        note = self.credit(case, pay=False)
        self.assertEqual(note.amount_total, 30.0)
        self.assertEqual(order.order_line.qty_invoiced, 3)
        self.agree(case)
        self.assert_settled(order)

    def test_voucher(self):
        """Instead of money a credit note that stays open for what the customer buys next."""
        order = self.sell()
        case = self.open_case(
            order, kind="complaint", solution="voucher", goods_back=False, line_vals={"agreed_amount": 40.0}
        )
        self.assess(case)
        note = self.credit(case, pay=False)
        self.assertEqual((note.amount_total, note.amount_residual, note.reversed_entry_id.id), (40.0, 40.0, False))
        self.agree(case)
        self.assert_settled(order)

    def test_billed_in_part(self):
        """Of four chairs three are billed when one comes back that was not: there is nothing to credit."""
        self.product.invoice_policy = "delivery"
        order, transfers = self.confirm(lines=[(self.product, 4, 100.0)])
        self.ship(transfers, 3)
        self.pay(self.invoice(order))
        self.ship(order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel")))
        case = self.open_case(order, qty=1)
        self.get_back(case)
        self.assertEqual(case.sop_stage_id.name, "Conclusion", case.sop_missing)
        self.assert_settled(order)

    def test_a_note_of_a_cancelled_case(self):
        order = self.sell()
        case = self.open_case(order)
        self.get_back(case)
        note = self.solve(case).move_id
        as_engine(case).write({"state": "cancelled"})
        with self.assertRaisesRegex(UserError, "cancelled or refused"), self.cr.savepoint():
            note.action_post()
