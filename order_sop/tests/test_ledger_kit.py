"""Kits in the ledger: sold as one line, delivered in components. Without manufacturing there are none."""

from odoo import Command
from odoo.fields import Date
from odoo.tests import tagged

from .common_ledger import LedgerCase


@tagged("post_install", "-at_install")
class TestLedgerKit(LedgerCase):
    """Three sets of four chairs and a stool, two of them delivered on the 5th of March, the third on the 9th."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env["ir.module.module"]._get("sale_mrp").state != "installed":
            cls.tearDownClass()
            raise cls.skipTest(cls, "sale_mrp is not installed")
        cls.kit = cls.env["product.product"].create(
            {"name": "Set", "type": "consu", "is_storable": True, "invoice_policy": "delivery", "taxes_id": []}
        )
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": cls.product.id, "product_qty": 4}),
                    Command.create({"product_id": cls.prepaid.id, "product_qty": 1}),
                ],
            }
        )

    def setUp(self):
        super().setUp()
        with self.on("2025-03-03"):
            self.order = self.make_order(lines=[(self.kit, 3, 100.0)])
            self.order.action_confirm()
        self.first = self.order.picking_ids
        with self.on("2025-03-05"):
            chairs, stools = (
                self.first.move_ids.filtered(lambda move, product=product: move.product_id == product)
                for product in (self.product, self.prepaid)
            )
            chairs.quantity, stools.quantity = 8, 3  # the chairs of the third set are missing
            self.first.move_ids.picked = True
            self.first.with_context(skip_backorder=True).button_validate()

    def deliver_rest(self):
        with self.on("2025-03-09"):
            self.ship(self.order.picking_ids - self.first)

    def find(self, day):
        """Return ``{kind: (quantity, amount)}`` of the differences on the order's line."""
        found = self.env["sop.engine.difference.kinds"]._find(self.company, self.order.ids, Date.to_date(day))
        return {vals["kind"]: (vals["quantity"], vals["amount"]) for vals in found.values() if "line_id" in vals}

    def test_partly_delivered(self):
        self.assert_row(self.row(self.order, "2025-03-04"), ordered=3, delivered=0, net_delivered=0)
        self.assert_row(
            self.row(self.order, "2025-03-05"), ordered=3, delivered=2, returned=0, net_delivered=2, delivered_total=200
        )
        self.assertEqual(self.find("2025-03-05"), {"not_invoiced": (2, 200)})
        with self.on("2025-03-06"):
            self.invoice(self.order)
        self.assert_row(self.row(self.order, "2025-03-06"), net_invoiced=2, net_invoiced_total=200, outstanding=200)
        self.assertEqual(self.find("2025-03-06"), {})
        self.assert_booked(self.order)

    def test_as_of_a_day(self):
        self.deliver_rest()
        for day, delivered in (("2025-03-04", 0), ("2025-03-05", 2), ("2025-03-08", 2), ("2025-03-09", 3)):
            with self.subTest(day):
                self.assert_row(self.row(self.order, day), delivered=delivered, returned=0, net_delivered=delivered)

    def test_one_component_returned(self):
        self.deliver_rest()
        with self.on("2025-03-10"):
            self.invoice(self.order)
        with self.on("2025-03-12"):
            wizard = self.env["stock.return.picking"].create({"picking_id": self.first.id})
            for line in wizard.product_return_moves:
                line.write({"quantity": line.product_id == self.product, "to_refund": True})
            self.ship(self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"]))
        self.assertEqual(self.order.order_line.qty_delivered, 2, "a chair of the third set is missing")
        self.assert_row(self.row(self.order, "2025-03-11"), delivered=3, returned=0, net_delivered=3)
        self.assert_row(self.row(self.order, "2025-03-12"), delivered=3, returned=1, net_delivered=2, net_invoiced=3)
        self.assertEqual(self.find("2025-03-11"), {})
        self.assertEqual(self.find("2025-03-12"), {"no_credit_note": (1, 100)})
        with self.on("2025-03-13"):
            self.invoice(self.order)
        self.assert_row(self.row(self.order, "2025-03-13"), credited=1, net_invoiced=2, outstanding=200)
        self.assertEqual(self.find("2025-03-13"), {})
        self.assert_booked(self.order)
