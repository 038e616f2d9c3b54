from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common_work import WorkFixture, manual


class WorkTourCase(WorkFixture, HttpCase):
    """Anna has an order that is late; another one is nobody's yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_company()
        cls.set_up_work(checkpoints=[manual("Packed"), manual("Labelled")])
        cls.house.write({"assignment": "user", "assignment_user_id": cls.users["anna"].id})
        with freeze_time(fields.Datetime.now() - timedelta(days=9)):
            cls.urgent = cls.make_orders(1, name="URGENT")
        cls.house.write({"assignment": "none", "assignment_user_id": False})
        cls.shared = cls.make_orders(1, name="SHARED")
        cls.commit()

    def walk(self, tour, url="/odoo/sop-my-work"):
        """Let Anna do ``tour``, beginning at ``url``."""
        self.start_tour(url, f"order_sop_warehouse_{tour}", login="sop_anna", timeout=180)
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestTourWork(WorkTourCase):
    def test_board_and_list(self):
        self.walk("looks_at_the_board", "/odoo/sop-board")
        self.walk("does_the_list")
        self.assertEqual(self.urgent.sop_stage_id.name, "Ship")
        self.assertEqual(self.shared.sop_user_id, self.users["bert"])


@tagged("post_install", "-at_install")
class TestTourWorkPhone(WorkTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_list_by_phone(self):
        self.walk("does_the_list_by_phone")
        self.assertEqual(self.check(self.urgent, "Packed").state, "passed")
        self.assertEqual(self.shared.sop_user_id, self.users["bert"])
