"""A manager asks whose orders take long, and finds the visits and approvals behind a figure: in English and Chinese."""

from odoo.tests import HttpCase, tagged

from .common_approvals import ApprovalFixture
from .common_gates import GateFixture


@tagged("post_install", "-at_install")
class TestTourAnalysis(ApprovalFixture, GateFixture, HttpCase):
    browser_size = "1920x1080"  # all menus side by side

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_gates()
        cls.make_settled(), cls.make_delivered(), cls.make_delivered(partner=cls.consumer)
        cls.set_up_approvers()
        process = cls.make_approvals({"name": "Clerk"})
        for partner, decision in ((cls.customer, "approve"), (cls.customer, "reject"), (cls.consumer, "approve")):
            cls.decide(cls.make_waiting(process, partner=partner), "clerk", decision)
        cls.commit()

    def analyse(self, tour):
        self.start_tour("/odoo/sop-orders", tour, login="sop_manager", timeout=120)

    def test_whose_orders_take_long(self):
        self.analyse("order_sop_analysis")

    def test_whose_orders_take_long_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env.ref("base.module_order_sop")._update_translations("zh_CN")
        self.users["manager"].lang = "zh_CN"
        self.analyse("order_sop_analysis_zh")
