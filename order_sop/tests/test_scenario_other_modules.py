"""Deliveries as other addons of Odoo make them: kits (sale_mrp), goods that a vendor sends (stock_dropshipping).

The addon does not depend on them: where they are not installed there is nothing to test.
"""

from odoo import Command
from odoo.tests import tagged

from .common_scenario import DeliveryScenario


class OtherModuleCase(DeliveryScenario):
    MODULE = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env["ir.module.module"]._get(cls.MODULE).state != "installed":
            cls.tearDownClass()
            raise cls.skipTest(cls, f"{cls.MODULE} is not installed")


@tagged("post_install", "-at_install")
class TestScenarioKit(OtherModuleCase):
    MODULE = "sale_mrp"

    def make_kit(self):
        kit = self.env["product.product"].create(
            {"name": "Set", "type": "consu", "is_storable": True, "invoice_policy": "delivery", "taxes_id": []}
        )
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": self.product.id, "product_qty": 4}),
                    Command.create({"product_id": self.other_product.id, "product_qty": 1}),
                ],
            }
        )
        self.add_stock(self.other_product, 100)
        return kit

    def test_a_kit_leaves_as_its_parts(self):
        order = self.take((self.make_kit(), 3))
        delivery = self.leaving(order)
        self.assertEqual(sorted(delivery.move_ids.mapped("product_uom_qty")), [3, 12])
        by_need = delivery.move_ids.sorted("product_uom_qty")
        by_need[0].write({"quantity": 3, "picked": True})
        by_need[1].write({"quantity": 8, "picked": True})
        self.tick(order, "Packed")
        self.send(delivery)
        self.assertEqual(order.order_line.qty_delivered, 2, "two sets are complete")
        rest = self.leaving(order)
        self.pick(rest)
        self.assert_closed(lambda: self.send(rest), rest.name, "Packed")
        self.tick(order, "Packed", rest)
        self.send(rest)
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.finish(delivery, "A")
        self.finish(rest, "B")
        self.assertEqual(order.sop_stage_id.name, "Work", order.sop_missing)
        self.assertEqual({line["product"] for line in delivery._sop_packing_list()["loose"]}, {"Chair", "Table"})


@tagged("post_install", "-at_install")
class TestScenarioDropship(OtherModuleCase):
    MODULE = "stock_dropshipping"

    def test_what_the_vendor_sends_leaves_by_the_gate(self):
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        self.product.write(
            {
                "route_ids": [Command.set(self.env.ref("stock_dropshipping.route_drop_shipping").ids)],
                "seller_ids": [Command.create({"partner_id": vendor.id, "price": 1.0})],
            }
        )
        order = self.take()
        purchase = self.env["purchase.order"].search([("partner_id", "=", vendor.id)])
        purchase.button_confirm()
        self.commit()
        delivery = self.leaving(order)
        self.assertEqual((delivery.picking_type_code, delivery.sop_leaves), ("dropship", True))
        self.assertEqual(self.states(order, delivery)["Packed"], "pending", "it has its own checks")
        self.pick(delivery)
        self.assert_closed(lambda: self.send(delivery), delivery.name, "Packed")
        self.tick(order, "Packed", delivery)
        self.send(delivery)
        self.assertEqual((delivery.state, order.order_line.qty_delivered), ("done", 5))
        delivery.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": "DROP-1"})
        self.assertEqual(self.tell(self.item("delivered", number="DROP-1")), ["created"])
        self.finish(delivery, "DROP-1")
        self.assertEqual(order.sop_stage_id.name, "Work", order.sop_missing)
        self.assertIn("Chair", {line["product"] for line in delivery._sop_packing_list()["loose"]})

    def test_one_part_from_stock_one_from_the_vendor(self):
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        self.other_product.write(
            {
                "route_ids": [Command.set(self.env.ref("stock_dropshipping.route_drop_shipping").ids)],
                "seller_ids": [Command.create({"partner_id": vendor.id, "price": 1.0})],
            }
        )
        order = self.take((self.product, 2), (self.other_product, 1))
        self.env["purchase.order"].search([("partner_id", "=", vendor.id)]).button_confirm()
        self.commit()
        deliveries = self.leaving(order)
        self.assertEqual(len(deliveries), 2)
        for delivery in deliveries:
            self.pick(delivery)
        first, second = deliveries
        self.tick(order, "Packed", first)
        self.send(first)
        self.assert_closed(lambda: self.send(second), second.name)
        self.tick(order, "Packed", second)
        self.send(second)
        self.assertEqual(order.order_line.mapped("qty_delivered"), [2, 1])


@tagged("post_install", "-at_install")
class TestScenarioBatch(OtherModuleCase):
    MODULE = "stock_picking_batch"

    def test_a_batch_stops_at_the_gate_of_each_of_its_deliveries(self):
        orders = [self.take((self.product, 3)), self.take((self.product, 2))]
        deliveries = [self.leaving(order) for order in orders]
        batch = self.env["stock.picking.batch"].create(
            {"picking_ids": [Command.set([delivery.id for delivery in deliveries])]}
        )
        batch.action_confirm()
        for delivery in deliveries:
            self.pick(delivery)
        self.tick(orders[0], "Packed")
        self.assert_closed(batch.action_done, deliveries[1].name, "Packed")
        self.tick(orders[1], "Packed")
        batch.action_done()
        self.assertEqual([delivery.state for delivery in deliveries], ["done", "done"])
