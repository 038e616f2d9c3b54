"""Ways to make an order look as if a gate, a stage or a check did not concern it."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_gates import GateCase


@tagged("post_install", "-at_install")
class TestGateTricks(GateCase):
    def test_goods_dressed_as_a_down_payment(self):
        order = self.make_delivered()
        line = order.order_line
        invoice = order._create_invoices()
        line.is_downpayment = True
        self.assert_closed(invoice.action_post, order.name)
        self.assertEqual(invoice.state, "draft")

    def test_an_approval_covers_lines_dressed_as_down_payments(self):
        process = self.make_process(
            self.stage("Review", "confirm", {"name": "Terms", "kind": "approval"}, department="legal"),
            self.stage("Pack", "ship", {"name": "Packed", "scope": "delivery"}, department="warehouse"),
            code="DEPOSIT",
        )
        order = self.make_gated(process)
        order.order_line = [
            Command.create({"product_id": self.other_product.id, "price_unit": 1, "is_downpayment": True})
        ]
        self.check(order, "Terms").with_user(self.users["legal"]).action_approve()
        order.order_line[1].is_downpayment = False
        order.order_line[1].is_downpayment = True
        order.order_line[1].price_unit = 999
        self.assert_closed(order.action_confirm, "Terms")

    def test_an_approval_outlasts_another_sequence_of_the_lines(self):
        process = self.make_process(
            self.stage("Review", False, {"name": "Terms", "kind": "approval"}, department="legal"),
            self.stage("Confirm", "confirm", {"name": "Last look"}),
            code="SEQUENCE",
        )
        order = self.make_gated(process, lines=[(self.product, 1, 10.0), (self.other_product, 2, 20.0)])
        self.check(order, "Terms").with_user(self.users["legal"]).action_approve()
        self.tick(order, "Last look")
        order.order_line[0].sequence = 99
        self.env.invalidate_all()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_line_is_in_no_other_state_than_its_order(self):
        order = self.make_gated()
        with self.assertRaises(AccessError):
            order.order_line.write({"state": "sale"})
        with self.assertRaises(AccessError):
            order.write({"order_line": [Command.update(order.order_line.id, {"state": "sale"})]})
        made = order.order_line.copy({"order_id": order.id, "state": "sale"})
        self.assertEqual((order.order_line | made).mapped("state"), ["draft", "draft"])
        self.assertFalse(order.picking_ids)

    def test_an_order_made_cancelled_is_taken_in_as_well(self):
        self.company.sop_active = True
        order = self.make_order(state="cancel")
        self.commit()
        order.action_draft()
        self.assertEqual(order.sop_process_id, self.gated)
        self.assert_closed(order.action_confirm, "Reviewed")

    def test_an_order_brought_over_from_a_company_without_a_procedure(self):
        other = self.env["res.company"].create({"name": "Other company"})
        self.env.user.company_ids += other
        order = self.env["sale.order"].create({"partner_id": self.customer.id, "company_id": other.id})
        self.commit()
        self.assertFalse(order.sop_process_id)
        self.company.sop_active = True
        order.write({"company_id": self.company.id, "warehouse_id": self.warehouse.id})
        self.commit()
        self.assertEqual(order.sop_process_id, self.gated)
        self.assert_closed(order.action_confirm, "Reviewed")

    def test_a_stage_skipped_while_the_order_was_small_is_made_up_for(self):
        process = self.make_process(
            self.stage("Look", False, {"name": "Seen"}),
            self.stage("Board", False, {"name": "Board agrees"}, order_domain="[('amount_total', '>', 1000)]"),
            self.stage("Team", False, {"name": "Team agrees"}, order_domain="[('require_signature', '=', True)]"),
            self.stage("Confirm", "confirm", {"name": "Last look"}),
            self.stage("Pack", "ship", {"name": "Packed", "scope": "delivery"}, department="warehouse"),
            code="SMALL",
        )
        order = self.make_gated(process, require_signature=False)
        self.tick(order, "Seen")
        self.assertEqual(order.sop_stage_id.name, "Confirm")
        self.tick(order, "Last look")
        order.order_line.price_unit = 5000
        self.assert_closed(order.action_confirm, "Board agrees")
        self.assertEqual(order.sop_stage_id.name, "Board")
        self.tick(order, "Board agrees")
        self.tick(order, "Last look")
        order.require_signature = True
        self.assert_closed(order.action_confirm, "Team agrees")
        self.tick(order, "Team agrees")
        self.tick(order, "Last look")
        order.order_line.price_unit = 100
        order.order_line.price_unit = 5000
        order.action_confirm()
        self.commit()
        self.assertEqual((order.state, order.sop_stage_id.name), ("sale", "Pack"), "once is enough")

    def test_a_checkpoint_that_did_not_apply_is_made_up_for(self):
        checkpoint = {"name": "Board agrees", "order_domain": "[('require_signature', '=', True)]"}
        process = self.make_process(
            self.stage("Look", False, {"name": "Seen"}, checkpoint),
            self.stage("Confirm", "confirm", {"name": "Last look"}),
            code="POINT",
        )
        order = self.make_gated(process, require_signature=False)
        self.tick(order, "Seen")
        self.tick(order, "Last look")
        order.require_signature = True
        self.assert_closed(order.action_confirm, "Board agrees")

    def test_superuser_mode_is_no_department(self):
        """Code that runs as superuser for a person has that person's rights to sign, no more."""
        order = self.make_gated()
        check = self.check(order, "Reviewed")
        for user in (self.users["warehouse"], self.users["auditor"], self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                check.with_user(user).sudo().action_pass()
            with self.assertRaises(AccessError):
                check.with_user(user).sudo().action_waive("Because")
            with self.assertRaises(AccessError):
                order.with_user(user).sudo().action_sop_complete()
        with self.assertRaises(AccessError):
            check.with_user(1).action_pass()
        self.assertEqual(check.state, "pending")
