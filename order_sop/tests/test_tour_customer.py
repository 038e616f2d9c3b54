from odoo.tests import tagged

from .common_portal import PortalCase


class CustomerTours(PortalCase):
    """The customer in his browser; on a desk and on a phone."""

    def walk(self):
        """Let the customer answer, confirm a receipt and rate."""
        self.add_stock(self.table, 3)
        order = self.confirm(lines=[(self.product, 2, 100.0), (self.table, 5, 300.0)], picking_policy="direct")
        order.picking_ids.do_unreserve()
        order.picking_ids.move_ids.filtered(lambda move: move.product_id == self.product)._action_assign()
        self.send_only(order, self.product)
        line = order.order_line.filtered(lambda line: line.product_id == self.table)
        stock_line = self.env["sop.stock.line"].with_user(self.users["manager"]).browse(line.ids)
        remedy = self.env["sop.remedy"].browse(stock_line.action_decide("parts", "Short"))
        self.commit()
        self.assertEqual(remedy.state, "asked")
        self.start_tour("/my/orders", "order_sop_customer", login="sop_buyer", timeout=180)
        self.env.invalidate_all()
        self.assertEqual((remedy.state, remedy.answer_note), ("done", "Please call before the rest comes"))
        proof = order.picking_ids.sop_proof_ids
        self.assertEqual((proof.kind, proof.name), ("customer", "Ms Buyer"))
        order = self.send()
        self.env["sop.engine.proof"].sudo()._confirm_receipt(order.picking_ids, self.customer, "Ms Buyer")
        self.commit()
        self.start_tour(f"/my/orders/{order.id}", "order_sop_customer_rates", login="sop_buyer", timeout=180)
        self.env.invalidate_all()
        rating = order._sop_get_ratings()[order]
        self.assertEqual((rating.rating, rating.feedback), (5, "Fast and complete"))

    def send_only(self, order, product):
        """Send what is there of ``product``; the rest becomes a backorder."""
        picking = order.picking_ids
        picking.write({"carrier_id": self.carrier.id, "carrier_tracking_ref": "TRACK-1"})
        self.do(order, "Packed", item=picking)
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if move.product_id == product else 0
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.commit()


@tagged("post_install", "-at_install")
class TestTourCustomer(CustomerTours):
    def test_on_a_desk(self):
        self.walk()


@tagged("post_install", "-at_install")
class TestTourCustomerPhone(CustomerTours):
    browser_size = "375x667"
    touch_enabled = True

    def test_on_a_phone(self):
        self.walk()
