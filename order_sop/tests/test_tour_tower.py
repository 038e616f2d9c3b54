"""A manager at the control tower: he sees trouble, opens it, and closes the alert with what he did about it."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..engine.guard import as_engine
from .common_alerts import AlertFixture


class TowerTourCase(AlertFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_alerts()
        # whatever the database holds besides is done: the page counts all that one may see
        others = cls.env["sale.order"].search([("sop_status", "in", ("running", "waiting", "on_hold"))])
        as_engine(others).write({"sop_status": "done"})
        as_engine(cls.env["sop.alert"].search([("state", "!=", "closed")])).write({"state": "closed"})
        cls.order = cls.make_order(process=cls.process)
        as_engine(cls.order).write({"sop_deadline": fields.Datetime.now() - timedelta(hours=2)})
        cls.due = cls.alert(cls.order)
        cls.make_order(process=cls.process)
        cls.commit()

    def walk(self, tour, login):
        self.start_tour("/odoo/sop-tower", tour, login=login, timeout=180)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestTourTower(TowerTourCase):
    def test_a_manager_acts(self):
        self.walk("order_sop_tower", "sop_manager")
        self.assertEqual((self.due.state, self.due.resolution), ("closed", "A second shift packs it tonight"))
        self.assertEqual(self.due.closed_by_id, self.users["manager"])


@tagged("post_install", "-at_install")
class TestTourTowerPhone(TowerTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_member_looks(self):
        self.walk("order_sop_tower_phone", "sop_warehouse")
