from odoo.fields import Date
from odoo.tests import HttpCase, tagged

from .common_settlement import DifferenceCase


@tagged("post_install", "-at_install")
class TestTourSettlement(DifferenceCase, HttpCase):
    def test_explained_and_signed(self):
        with self.on("2025-02-10"):
            order = self.make_order(lines=[(self.product, 10, 100.0)], name="SETTLE")
            order.action_confirm()
            self.ship(order.picking_ids, 6)
        difference = self.look(order, "2025-02-11")
        for path, tour in (("differences", "explains"), ("closings", "signs")):
            self.start_tour(f"/odoo/sop-{path}", f"order_sop_finance_{tour}", login="sop_finance", timeout=180)
        self.env.invalidate_all()
        self.assertEqual((difference.state, difference.note), ("explained", "One invoice a month"))
        closing = self.env["sop.closing"].search([("day", "=", Date.to_date("2025-02-28"))])
        self.assertEqual((closing.state, closing.signed_by_id), ("signed", self.users["finance"]))
        self.assertIn(order, closing.line_ids.order_id)
