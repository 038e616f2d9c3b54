"""A business order's life: seven stages, six departments, real documents, and a return at the end."""

import base64
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import SopCase

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")


@tagged("post_install", "-at_install")
class TestScenarioB2B(SopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.env.ref("order_sop.process_b2b")
        cls.company.sop_active = True
        cls.product.invoice_policy = "delivery"
        cls.customer.property_payment_term_id = cls.env.ref("account.account_payment_term_30days")
        cls.carrier = cls.env["delivery.carrier"].search([], limit=1) or cls.env.ref("delivery.free_delivery_carrier")

    def stage(self):
        return self.order.sop_stage_id.phase

    def as_user(self, name, record=None):
        return (record or self.order).with_user(self.users[name])

    def attach(self, record, name="photo.png"):
        return record.env["ir.attachment"].create(
            {"name": name, "res_model": record._name, "res_id": record.id, "raw": PIXEL}
        )

    def test_the_order_walks_the_seven_stages(self):
        self.customer_service_takes_the_order()
        self.finance_and_legal_review_it()
        self.sales_confirms_and_stock_is_matched()
        self.warehouse_packs()
        self.logistics_ships()
        self.finance_settles()
        self.after_sales_takes_a_return_back()
        self.assertEqual(self.order.sop_visit_ids.mapped("outcome"), ["completed"] * 7)
        broken = self.env["sop.event"].browse(self.env["sop.engine.log"]._verify([self.order.id]))
        self.assertFalse(broken, "the log's chain holds")

    def customer_service_takes_the_order(self):
        """A phone number is missing: the order waits in receipt, says so, and goes on once it is there."""
        self.customer.write({"phone": False, "email": False})
        clerk = self.users["customer_service"]
        self.order = (
            self.env["sale.order"]
            .with_user(clerk)
            .create(
                {
                    "partner_id": self.customer.id,
                    "user_id": self.users["sales"].id,
                    "order_line": [
                        Command.create({"product_id": self.product.id, "product_uom_qty": 60, "price_unit": 100.0})
                    ],
                }
            )
            .with_env(self.env)
        )
        self.commit()
        self.assertEqual(self.stage(), "receipt")
        self.assertIn("phone", self.order.sop_missing.lower())
        with self.assertRaisesRegex(UserError, "(?i)phone"):
            self.as_user("sales").action_confirm()
        self.customer.phone = "+32 2 123 45 67"
        self.as_user("customer_service").action_sop_check_again()
        self.assertEqual(self.stage(), "review")

    def finance_and_legal_review_it(self):
        """Both work at the same time; finance's approval counts once, and not for the salesperson."""
        self.assertIn("contract", self.order.sop_missing.lower())
        self.attach(self.order, "contract.pdf")
        for clause in ("delivery", "payment", "liability"):
            check = self.order.sop_check_ids.filtered(lambda c, clause=clause: clause in c.checkpoint_id.name)
            self.as_user("legal", check).action_pass("Read and in order")
        approval = self.check(self.order, "Finance approves")
        self.assertEqual(approval.state, "pending", "6,000 needs finance's approval")
        with self.assertRaises(UserError):
            self.as_user("sales", approval).action_approve()
        with self.assertRaisesRegex(UserError, "not possible yet"):
            self.as_user("sales").action_confirm()
        self.as_user("finance", approval).action_approve("Good payer")
        self.as_user("finance").action_sop_check_again()
        self.assertEqual(self.stage(), "stock", self.order.sop_missing)

    def sales_confirms_and_stock_is_matched(self):
        self.assertIn("not confirmed", self.order.sop_missing)
        self.as_user("sales").action_confirm()
        self.commit()
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.stage(), "pack")

    def warehouse_packs(self):
        """The goods leave only when the parcel was checked, with a photo."""
        picking = self.order.picking_ids
        picking.carrier_id = self.carrier
        picking = self.as_user("warehouse", picking)
        picking.move_ids.write({"quantity": 60, "picked": True})
        with self.assertRaisesRegex(UserError, "Packaging intact"):
            picking.button_validate()
        packaging = self.check(self.order, "Packaging intact")
        with self.assertRaisesRegex(UserError, "photo"):
            self.as_user("warehouse", packaging).action_pass()
        photo = self.attach(packaging)
        self.as_user("warehouse", packaging).action_pass(attachment_ids=photo.ids)
        self.as_user("warehouse", self.check(self.order, "Labels right")).action_pass()
        picking.button_validate()
        self.commit()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self.stage(), "logistics")

    def logistics_ships(self):
        picking = self.as_user("logistics", self.order.picking_ids)
        picking.carrier_tracking_ref = "TRACK-1"
        self.commit()
        self.assertIn("has not been told", self.order.sop_missing)
        self.customer.email = "business@example.com"
        self.run_cron("notify_cron")
        self.commit()
        told = self.order.sop_visit_ids.filtered("message_state")
        self.assertEqual(told.mapped("phase"), ["stock", "logistics"])
        self.assertEqual(set(told.mapped("message_state")), {"sent"})
        self.assertEqual(self.stage(), "settlement", self.order.sop_missing)

    def finance_settles(self):
        """Signed receipt, invoice and payment agree before the order may be locked."""
        self.as_user("logistics", self.order.picking_ids).signature = base64.b64encode(PIXEL)
        invoice = self.as_user("finance")._create_invoices()
        with self.assertRaisesRegex(UserError, "not possible yet"):
            self.order.action_lock()
        invoice.action_post()
        self.commit()
        self.assertEqual(self.stage(), "settlement")
        register = self.env["account.payment.register"].with_user(self.users["finance"])
        register.with_context(active_model="account.move", active_ids=invoice.ids).create({})._create_payments()
        self.commit()
        self.assertEqual(self.stage(), "after_sales", self.order.sop_missing)
        self.order.action_lock()

    def after_sales_takes_a_return_back(self):
        """An open return keeps the order in after-sales; done, credited and the window over, it is finished."""
        picking = self.order.picking_ids
        form = Form(self.env["stock.return.picking"].with_context(active_id=picking.id, active_model="stock.picking"))
        wizard = form.save()
        wizard.product_return_moves.quantity = 5
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self.commit()
        self.assertIn(back.name, self.order.sop_missing)
        back.move_ids.write({"quantity": 5, "picked": True})
        back.button_validate()
        refund = self.order._create_invoices(final=True)
        refund.action_post()
        self.commit()
        self.assertEqual(self.order.sop_status, "running")
        with freeze_time(fields.Datetime.now() + timedelta(days=40)):
            self.env["sop.engine.evaluation"]._run(self.order)
        self.assertEqual(self.order.sop_status, "done", self.order.sop_missing)
