"""A document's way through its process: start, advance, complete, send back, cancel, reopen."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SopCase


@tagged("post_install", "-at_install")
class TestFlow(SopCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.make_process(
            {"checkpoints": [{"name": "Data right", "kind": "manual"}]},
            {"checkpoints": [{"name": "Paper signed", "kind": "manual"}], "auto_advance": False},
            {"checkpoints": [{"name": "Closed", "kind": "manual"}]},
        )
        cls.stages = cls.process.stage_ids._in_order()

    def setUp(self):
        super().setUp()
        self.order = self.make_order(process=self.process, user_id=self.users["sales"].id)
        self.as_sales = self.order.with_user(self.users["sales"])

    def _pass(self, name):
        self.check(self.order, name).with_user(self.users["sales"]).action_pass()

    def test_an_order_walks_to_the_end(self):
        """Automatic stages are left as soon as nothing is missing, others when somebody completes them."""
        self.assertEqual(self.order.sop_stage_id, self.stages[0])
        self.assertEqual(self.order.sop_missing, "“Data right” is still to be done.")
        self._pass("Data right")
        self.assertEqual(self.order.sop_stage_id, self.stages[1])
        self._pass("Paper signed")
        self.assertEqual(self.order.sop_stage_id, self.stages[1], "somebody has to press Complete")
        self.as_sales.action_sop_complete()
        self.assertEqual(self.order.sop_stage_id, self.stages[2])
        self._pass("Closed")
        self.assertEqual(self.order.sop_status, "done")
        self.assertEqual(self.order.sop_visit_ids.mapped("outcome"), ["completed"] * 3)

    def test_complete_names_what_is_missing(self):
        self._pass("Data right")
        with self.assertRaisesRegex(UserError, "Paper signed"):
            self.as_sales.action_sop_complete()

    def test_only_the_department_completes(self):
        self._pass("Data right")
        for name in ("warehouse", "auditor", "officer"):
            with self.assertRaises(AccessError, msg=name):
                self.order.with_user(self.users[name]).action_sop_complete()

    def test_sent_back_starts_a_new_cycle_and_loses_nothing(self):
        self._pass("Data right")
        with self.assertRaisesRegex(UserError, "Say why"):
            self.as_sales.action_sop_send_back(self.stages[0].id, " ")
        self.as_sales.action_sop_send_back(self.stages[0].id, "Wrong address")
        self.assertEqual(self.order.sop_stage_id, self.stages[0])
        visits = self.order.sop_visit_ids.sorted("id")
        self.assertEqual(visits.mapped("outcome"), ["completed", "sent_back", False])
        self.assertEqual(visits.mapped("cycle"), [1, 1, 2])
        self.assertEqual(visits[1].reason, "Wrong address")
        self.assertEqual(self.check(self.order, "Data right").state, "pending")
        self.assertEqual(len(self.order.sop_check_ids.filtered("superseded")), 2, "earlier checks are kept")

    def test_sent_back_to_an_automatic_stage_waits_for_a_person(self):
        """Nothing is missing there, yet somebody has to look at it: only his Complete moves the order on."""
        process = self.make_process({"gate": "confirm"}, {"checkpoints": [{"kind": "manual"}]}, code="AUTO")
        order = self.make_order(process=process, user_id=self.users["sales"].id).with_user(self.users["sales"])
        first, second = process.stage_ids._in_order()
        self.assertEqual(order.sop_stage_id, second)
        order.action_sop_send_back(first.id, "Look again")
        self.assertEqual(order.sop_stage_id, first)
        order.action_sop_check_again()
        self.assertEqual(order.sop_stage_id, first)
        self.assertIn("complete", order.sop_panel["actions"])
        with self.assertRaisesRegex(UserError, "has to be completed"):
            order.action_confirm()
        order.action_sop_complete()
        self.assertEqual(order.sop_stage_id, second)

    def test_cancelled_and_reopened(self):
        self._pass("Data right")
        self.order._action_cancel()
        self.commit()
        self.assertEqual(self.order.sop_status, "cancelled")
        self.assertFalse(self.order.sop_visit_id)
        self.order.action_draft()
        self.assertEqual(self.order.sop_status, "running")
        self.assertEqual(self.order.sop_stage_id, self.stages[0])
        self.assertEqual(self.order.sop_process_id, self.process)

    def test_orders_stay_pinned_to_their_version(self):
        action = self.process.action_new_version()
        draft = self.process.browse(action["res_id"])
        draft.stage_ids[-1].unlink()
        draft.action_publish()
        self.assertEqual((draft.version, draft.state, self.process.state), (2, "published", "retired"))
        self.assertEqual(self.order.sop_process_id, self.process)
        self.company.sop_active = True
        newer = self.make_order()
        self.commit()
        self.assertEqual(newer.sop_process_id, draft)

    def test_orders_without_a_process_are_untouched(self):
        plain = self.make_order()
        self.commit()
        self.assertFalse(plain.sop_process_id or plain.sop_status or plain.sop_panel or plain.sop_missing)
        plain.action_confirm()
        self.assertEqual(plain.state, "sale")

    def test_a_stage_that_does_not_apply_is_skipped(self):
        process = self.make_process(
            {"checkpoints": []},
            {"order_domain": "[('amount_total', '>', 1000)]", "checkpoints": [{"kind": "manual"}]},
            {"checkpoints": [{"kind": "manual"}]},
            code="SKIP",
        )
        small = self.make_order(process=process)
        large = self.make_order(process=process, lines=[(self.product, 20, 100.0)])
        stages = process.stage_ids._in_order()
        self.assertEqual(small.sop_stage_id, stages[2])
        self.assertEqual(large.sop_stage_id, stages[1])

    def test_a_cancelled_delivery_is_no_delivery(self):
        """Cancelling the only delivery does not complete the stages that check each delivery."""
        process = self.make_process(
            {"gate": "confirm"},
            {"gate": "ship", "checkpoints": [{"name": "Packed", "kind": "manual", "scope": "delivery"}]},
            {"gate": "invoice", "checkpoints": [{"name": "Sent", "kind": "manual", "scope": "delivery"}]},
            {"checkpoints": [{"kind": "manual"}]},
            code="CANCELLED",
        )
        order = self.make_order(process=process)
        order.action_confirm()
        self.commit()
        self.assertEqual(order.sop_stage_id, process.stage_ids[1])
        order.picking_ids.action_cancel()
        self.commit()
        self.assertEqual(order.sop_stage_id, process.stage_ids[1])
        self.assertIn("no delivery yet", order.sop_missing)
        self.product.invoice_policy = "order"
        with self.assertRaisesRegex(UserError, "not possible yet"):
            order._create_invoices().action_post()
