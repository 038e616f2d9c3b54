"""The SOP's owner and the lead of a department read the KPIs in the browser."""

from odoo.tests import HttpCase, tagged

from .common_gates import GateFixture


class KpiTourCase(GateFixture, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_gates()
        cls.departments["finance"].lead_id = cls.users["finance"]
        for _number in range(2):
            order = cls.make_settled()
            cls.tick(order, "Nothing open")
            order.action_lock()
        cls.commit()


@tagged("post_install", "-at_install")
class TestTourKpi(KpiTourCase):
    def test_the_owner_reads_the_figures(self):
        self.start_tour("/odoo/sop-kpis", "order_sop_kpis", login="sop_manager", timeout=120)

    def test_a_lead_reads_those_of_his_department(self):
        self.start_tour("/odoo/sop-kpis", "order_sop_kpis_lead", login="sop_finance", timeout=120)

    def test_who_leads_nothing_is_sent_to_his_own_work(self):
        self.start_tour("/odoo/sop-kpis", "order_sop_kpis_member", login="sop_warehouse", timeout=120)


@tagged("post_install", "-at_install")
class TestTourKpiPhone(KpiTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_the_owner_reads_the_figures_on_a_phone(self):
        self.start_tour("/odoo/sop-kpis", "order_sop_kpis_lead", login="sop_finance", timeout=120)
