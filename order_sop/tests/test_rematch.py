"""An order whose customer is changed before it is confirmed goes under the process that takes it now."""

from odoo.tests import tagged

from .common import SopCase


@tagged("post_install", "-at_install")
class TestRematch(SopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sop_active = True
        cls.b2b, cls.b2c = cls.env.ref("order_sop.process_b2b"), cls.env.ref("order_sop.process_b2c")

    def make_new(self, partner):
        order = self.make_order(partner, user_id=self.users["sales"].id)
        self.commit()
        return order

    def test_a_consumers_order_turns_out_to_be_a_companys(self):
        order = self.make_new(self.consumer)
        self.assertEqual((order.sop_process_id, order.sop_stage_id.phase), (self.b2c, "review"))
        order.partner_id = self.customer
        self.commit()
        self.assertEqual(order.sop_process_id, self.b2b)
        self.assertEqual(order.sop_stage_id.phase, "review", "the receipt of B2B was gone through as well")
        self.assertEqual(order.sop_stage_id.process_id, self.b2b)
        self.assertEqual(order.sop_visit_ids.mapped("outcome"), ["completed", "moved", "completed", False])
        live = order.sop_check_ids.filtered(lambda check: not check.superseded)
        self.assertEqual(live.stage_id.process_id, self.b2b, "what B2C asked is over, and kept")
        self.assertTrue(order.sop_check_ids - live)
        self.assertFalse(order.sop_panel["sent_back"])
        self.assertFalse(self.env["sop.engine.log"]._verify([order.id]))

    def test_and_back_again(self):
        order = self.make_new(self.consumer)
        order.partner_id = self.customer
        self.commit()
        order.partner_id = self.consumer
        self.commit()
        self.assertEqual(order.sop_process_id, self.b2c)
        self.assertEqual(order.sop_visit_id.cycle, 2)

    def test_the_customer_himself_becomes_a_company(self):
        order = self.make_new(self.consumer)
        self.consumer.is_company = True
        self.commit()
        self.assertEqual(order.sop_process_id, self.b2b)
        self.assertEqual(order.sop_stage_id.phase, "receipt", "a company needs its tax ID")
        self.assertIn("Tax ID", order.sop_missing)

    def test_changed_and_confirmed_in_one_call(self):
        order = self.make_new(self.consumer)
        with self.assertRaisesRegex(Exception, "(?s)not possible yet.*contract"):
            order.write({"partner_id": self.customer.id, "state": "sale"})

    def test_a_hold_goes_along(self):
        order = self.make_new(self.consumer)
        self.env["sop.engine.holds"]._set(order, "manual")
        order.partner_id = self.customer
        self.commit()
        self.assertEqual((order.sop_process_id, order.sop_status), (self.b2b, "on_hold"))

    def test_nobody_leaves_the_sop_by_an_edit(self):
        process = self.make_process(
            {"checkpoints": [{"kind": "manual"}]}, order_domain="[('client_order_ref', '=', 'X')]", code="X"
        )
        (self.b2b | self.b2c)._set_state("retired")
        order = self.make_order(client_order_ref="X")
        self.commit()
        self.assertEqual(order.sop_process_id, process)
        order.client_order_ref = "Y"
        self.commit()
        self.assertEqual(order.sop_process_id, process)

    def test_a_confirmed_order_and_a_newer_version_change_nothing(self):
        order = self.make_new(self.consumer)
        draft = self.env["sop.process"].browse(self.b2c.action_new_version()["res_id"])
        draft.action_publish()
        order.order_line.product_uom_qty = 5
        self.commit()
        self.assertEqual(order.sop_process_id, self.b2c, "pinned to the version that it started with")
