"""A waiver passes over what was seen when it was given, and nothing that came later."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SopCase


@tagged("post_install", "-at_install")
class TestWaiver(SopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.make_process(
            {"gate": "confirm", "checkpoints": [{"kind": "auto", "rule": "discount", "rule_percent": 20}]},
            {"checkpoints": [{"kind": "manual"}]},
        )

    def setUp(self):
        super().setUp()
        self.order = self.make_order(process=self.process, user_id=self.users["sales"].id)
        self.order.order_line.discount = 25
        self.commit()

    def _waive(self, reason="Agreed with the owner"):
        self.check(self.order, "discount").with_user(self.users["manager"]).action_waive(reason)

    def test_a_manager_passes_over_a_failed_check(self):
        self.assertEqual(self.order.sop_status, "waiting")
        self._waive()
        check = self.check(self.order, "discount")
        self.assertEqual((check.state, check.note), ("waived", "Agreed with the owner"))
        self.assertEqual(check.user_id, self.users["manager"])
        self.order.action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_only_managers_and_only_with_a_reason(self):
        for name in ("sales", "officer", "auditor"):
            with self.assertRaises(AccessError, msg=name):
                self.check(self.order, "discount").with_user(self.users[name]).action_waive("Because")
        with self.assertRaisesRegex(UserError, "Say why"):
            self._waive("  ")

    def test_it_ends_with_the_content_that_it_was_given_for(self):
        self._waive()
        self.assertEqual(self.order.sop_stage_id, self.process.stage_ids[1])
        self.order.order_line.discount = 99
        self.commit()
        self.assertEqual(self.order.sop_stage_id, self.process.stage_ids[0], "sent back by the change")
        self.assertEqual(self.check(self.order, "discount").state, "failed")
        with self.assertRaisesRegex(UserError, "discount"):
            self.order.action_confirm()

    def test_it_ends_at_the_gate_too(self):
        """Changed and confirmed in one call: the waiver covers what it was given for only."""
        self._waive()
        with self.assertRaisesRegex(UserError, "discount"):
            self.order.write({"state": "sale", "order_line": [(1, self.order.order_line.id, {"discount": 99})]})
        self.assertEqual(self.order.state, "draft")
