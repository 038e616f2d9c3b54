from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import SopFixture


@tagged("post_install", "-at_install")
class TestTourB2B(SopFixture, HttpCase):
    """One B2B order through all seven stages in the browser, as the people of the departments work on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_company()
        cls.company.sop_active = True
        cls.carrier = cls.env["delivery.carrier"].create({"name": "Courier", "product_id": cls.service.id})
        cls.product.invoice_policy = "delivery"
        cls.customer.write({"name": "Tour Customer", "phone": False, "email": False})
        cls.customer.property_payment_term_id = cls.env.ref("account.account_payment_term_30days")

    def walk(self, department, tour, url="/odoo/sop-my-work"):
        """Let the user of ``department`` do ``tour``, beginning at ``url``."""
        self.start_tour(url, f"order_sop_{department}_{tour}", login=f"sop_{department}", timeout=180)
        self.env.invalidate_all()

    def stage(self):
        return self.order.sop_stage_id.phase

    def test_the_order_walks_the_seven_stages(self):
        self.customer_service_takes_the_order()
        self.legal_sends_it_back()
        self.finance_and_legal_review_it()
        self.warehouse_packs()
        self.logistics_ships()
        self.finance_settles()
        self.after_sales_takes_a_return_back()
        outcomes = self.order.sop_visit_ids.mapped("outcome")
        self.assertEqual(outcomes, ["completed", "sent_back", *["completed"] * 7])
        broken = self.env["sop.engine.log"]._verify([self.order.id])
        self.assertFalse(broken, "the log's chain holds")

    def customer_service_takes_the_order(self):
        self.walk("customer_service", "takes_the_order", "/odoo/sales")
        self.order = self.env["sale.order"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(self.order.create_uid, self.users["customer_service"])
        self.assertEqual(self.order.sop_process_id, self.env.ref("order_sop.process_b2b"))
        self.assertEqual(self.order.state, "draft", "the early confirmation was refused")
        self.assertEqual(self.stage(), "review")

    def legal_sends_it_back(self):
        self.walk("legal", "sends_it_back")
        self.assertEqual(self.stage(), "receipt")
        sent_back = self.order.sop_visit_ids.filtered(lambda visit: visit.outcome == "sent_back")
        self.assertEqual(sent_back.left_by_id, self.users["legal"])
        self.assertEqual(sent_back.reason, "The customer's order number is missing")
        self.walk("customer_service", "mends_it")
        self.assertEqual(self.order.client_order_ref, "PO-4711")
        self.assertEqual(self.stage(), "review")

    def finance_and_legal_review_it(self):
        self.walk("legal", "reviews_the_contract")
        self.assertEqual(self.stage(), "review", "finance has not approved yet")
        self.order.user_id = self.users["sales"]
        self.walk("finance", "approves")
        self.assertEqual(self.check(self.order, "Finance approves").decision_ids.user_id, self.users["finance"])
        self.assertEqual(self.order.state, "draft")
        self.walk("sales", "confirms")
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.stage(), "pack", self.order.sop_missing)

    def warehouse_packs(self):
        self.walk("logistics", "chooses_the_carrier", "/odoo/deliveries")
        delivery = self.order.picking_ids
        self.assertEqual(delivery.carrier_id, self.carrier)
        self.walk("warehouse", "packs")
        packaging = self.check(self.order, "Packaging intact")
        self.assertEqual(packaging.user_id, self.users["warehouse"])
        self.assertEqual(packaging.attachment_ids.name, "parcel.png")
        self.assertEqual(delivery.state, "done")
        self.assertEqual(self.stage(), "logistics")

    def logistics_ships(self):
        self.walk("logistics", "ships")
        self.assertEqual(self.order.picking_ids.carrier_tracking_ref, "TRACK-1")
        self.assertEqual(self.stage(), "logistics", "the customer has not been told yet")
        self.walk("customer_service", "informs_the_customer")
        self.assertEqual(self.stage(), "settlement", self.order.sop_missing)

    def finance_settles(self):
        self.walk("finance", "settles")
        invoice = self.order.invoice_ids
        self.assertEqual(invoice.state, "posted")
        self.assertIn(invoice.payment_state, ("in_payment", "paid"))
        self.assertEqual(self.stage(), "after_sales", self.order.sop_missing)

    def after_sales_takes_a_return_back(self):
        self.walk("after_sales", "takes_a_return")
        self.assertEqual(self.order.order_line.qty_delivered, 55)
        self.walk("finance", "credits_the_return", f"/odoo/sales/{self.order.id}")
        self.assertEqual(self.order.order_line.qty_invoiced, 55)
        self.assertEqual(self.order.sop_status, "running")
        with freeze_time(fields.Datetime.now() + timedelta(days=40)):
            self.env.ref("order_sop.evaluation_cron").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.order.sop_status, "done", self.order.sop_missing)
