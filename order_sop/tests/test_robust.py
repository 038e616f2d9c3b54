"""What goes wrong stays small: broken rules, stale clicks, evidence that was given, payments taken off again."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SopCase


@tagged("post_install", "-at_install")
class TestRobust(SopCase):
    def test_a_broken_rule_closes_its_gate_and_breaks_nothing_else(self):
        process = self.make_process(
            {
                "gate": "confirm",
                "checkpoints": [
                    {"kind": "auto", "rule": "discount", "rule_percent": 20},
                    {"kind": "auto", "rule": "quantity"},
                ],
            },
        )
        rule = type(self.env["sop.rule.discount"])
        with (
            patch.object(rule, "_evaluate", side_effect=ZeroDivisionError),
            mute_logger("odoo.addons.order_sop.engine.checks"),
        ):
            order = self.make_order(process=process)
            self.assertEqual(self.check(order, "discount").state, "failed")
            self.assertIn("could not be checked", self.check(order, "discount").reason)
            self.assertEqual(self.check(order, "quantity").state, "passed")
            with self.assertRaisesRegex(UserError, "could not be checked"):
                order.action_confirm()
        order.action_sop_check_again()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_a_second_click_on_complete_completes_nothing_more(self):
        process = self.make_process({"auto_advance": False}, {"auto_advance": False}, {})
        order = self.make_order(process=process, user_id=self.users["sales"].id).with_user(self.users["sales"])
        seen = order.with_context(sop_stage=order.sop_stage_id.id)
        seen.action_sop_complete()
        seen.action_sop_complete()
        self.assertEqual(order.sop_stage_id, process.stage_ids[1])

    def test_a_tick_on_goods_that_left_stays(self):
        process = self.make_process(
            {"gate": "ship", "checkpoints": [{"name": "Packed", "kind": "manual", "scope": "delivery"}]},
            {"checkpoints": [{"kind": "manual"}]},
        )
        order = self.make_order(process=process)
        order.action_confirm()
        self.commit()
        packed = self.check(order, "Packed").with_user(self.users["sales"])
        order.user_id = self.users["sales"]
        photo = packed.env["ir.attachment"].create({"name": "photo.png", "raw": b"x"})
        packed.action_pass("Fine", photo.ids)
        packed.action_reset()
        self.assertEqual(packed.attachment_ids, photo, "evidence is never dropped")
        packed.action_pass()
        order.picking_ids.move_ids.write({"quantity": 2, "picked": True})
        order.picking_ids.button_validate()
        self.commit()
        with self.assertRaisesRegex(UserError, "cannot be taken back"):
            packed.action_reset()

    def test_orders_stay_with_their_company(self):
        order = self.make_order(process=self.make_process({"checkpoints": [{"kind": "manual"}]}))
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaisesRegex(UserError, "stays with its company"):
            order.company_id = other

    def test_stock_alone_says_what_is_delivered(self):
        order = self.make_order(process=self.make_process({"checkpoints": [{"kind": "manual"}]}))
        order.action_confirm()
        with self.assertRaisesRegex(AccessError, "validate the delivery"):
            order.order_line.qty_delivered = 2
