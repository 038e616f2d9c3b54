from odoo.tests import HttpCase, tagged

from .common_stock import StockFixture


@tagged("post_install", "-at_install")
class TestTourStock(StockFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_company()
        cls.set_up_stock()

    def test_the_desk(self):
        self.add_stock(self.table, 3)
        order = self.make_confirmed(5, name="SHORT")
        self.make_confirmed(1, product=self.product, name="COVERED")
        self.start_tour(
            "/odoo/sop-stock-desk", "order_sop_warehouse_decides_at_the_desk", login="sop_warehouse", timeout=180
        )
        self.env.invalidate_all()
        self.assertEqual((order.sop_remedy_ids.kind, order.sop_remedy_ids.state), ("parts", "asked"))
        self.assertEqual(order.sop_remedy_ids.decided_by_id, self.users["warehouse"])
