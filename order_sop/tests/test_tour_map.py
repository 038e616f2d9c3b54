"""A manager looks at the map of what really happened, follows a variant on it, and opens the orders behind it."""

from odoo.tests import HttpCase, tagged

from .common_map import MapFixture


class MapTourCase(MapFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_map()
        cls.live(3, 60)
        cls.env.cr.execute("UPDATE sop_visit SET begun_on = CURRENT_DATE WHERE company_id = %s", [cls.company.id])
        cls.env["sop.engine.fact"]._add_stale(cls.env["sale.order"]._search([("sop_visit_ids", "!=", False)]).select())
        cls.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestTourMap(MapTourCase):
    def test_a_manager_looks(self):
        self.start_tour(f"/odoo/sop-processes/{self.second.id}", "order_sop_map", login="sop_manager", timeout=180)


@tagged("post_install", "-at_install")
class TestTourMapPhone(MapTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_an_auditor_looks(self):
        self.start_tour("/odoo/sop-map", "order_sop_map_phone", login="sop_auditor", timeout=180)
