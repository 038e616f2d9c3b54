"""The log tells it all: from it alone every visit and check is rebuilt."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .common_gates import GateCase
from .replay_log import replay

NOON = datetime(2026, 3, 2, 12)


@tagged("post_install", "-at_install")
class TestLog(GateCase):
    def setUp(self):
        super().setUp()
        self.clock = freeze_time(NOON)
        self.time = self.clock.start()
        self.addCleanup(self.clock.stop)

    def later(self):
        """Let an hour pass, so that each step bears its own time."""
        self.commit()
        self.time.tick(timedelta(hours=1))

    def assert_rebuilt(self, order):
        """Assert that the log alone gives the visits, checks, stage and status of ``order``; return the replay."""
        told = replay(self.events(order))
        visits = {
            visit.id: (
                visit.stage_id.id,
                visit.cycle,
                visit.user_id.id or None,
                visit.deadline.isoformat() if visit.deadline else None,
                visit.warn_at.isoformat() if visit.warn_at else None,
                visit.entered_at,
                visit.returned,
                visit.left_at or None,
                visit.outcome or None,
                visit.left_by_id.id or None,
                visit.reason or None,
                visit.changed_checkpoint_id.id or None,
                visit.worked_hours if visit.left_at else None,
                visit.paused_at or None,
                visit.pauses or [],
            )
            for visit in order.sop_visit_ids
        }
        self.assertEqual({key: tuple(vars(visit).values()) for key, visit in told.visits.items()}, visits)
        checks = {
            check.id: (
                check.checkpoint_id.id,
                check.visit_id.id or None,
                check.picking_id.id or None,
                check.invoice_id.id or None,
                check.state,
                (check.reason_code or None) if check.state in ("pending", "failed") else None,
                check.user_id.id or None,
                check.note or None,
                check.superseded,
                check.deadline.isoformat() if check.deadline else None,
                check.warn_at.isoformat() if check.warn_at else None,
                check.paused_at or None,
                check.pauses or [],
                check.assigned_id.id or None,
            )
            for check in order.sop_check_ids
        }
        self.assertEqual({key: tuple(vars(check).values()) for key, check in told.checks.items()}, checks)
        approvals = {
            approval.id: (
                approval.check_id.id,
                [
                    (decision.user_id.id, decision.decision, decision.comment or None)
                    for decision in approval.decision_ids.sorted("id")
                ],
                approval.state == "void",
            )
            for approval in order.sop_check_ids.approval_ids
        }
        self.assertEqual({key: tuple(vars(approval).values()) for key, approval in told.approvals.items()}, approvals)
        self.assertEqual((told.process, told.stage), (order.sop_process_id.id, order.sop_stage_id.id))
        self.assertEqual(told.visit if not told.end else None, order.sop_visit_id.id or None)
        blocking = set(order.sop_process_id.stage_ids.checkpoint_ids.filtered("blocking").ids)
        self.assertEqual(told.status(blocking), order.sop_status)
        self.assertEqual(set(told.holds), set(order.sop_hold_ids.filtered(lambda hold: not hold.released_at).ids))
        self.assertEqual(self.env["sop.engine.log"]._verify([order.id]), [])
        return told

    def test_a_walk_to_the_end_with_late_deliveries(self):
        order = self.make_gated()
        self.assert_rebuilt(order)
        self.later()
        self.tick(order, "Reviewed")
        order.action_confirm()
        self.later()
        self.tick(order, "Packed")
        self.ship(order.picking_ids, quantity=1)
        self.later()
        self.assert_rebuilt(order)
        backorder = order.picking_ids.filtered(lambda picking: picking.state != "done")
        self.tick(order, "Packed", backorder)
        self.ship(backorder)
        self.later()
        invoice = order._create_invoices()
        self.tick(order, "Receipt proven")
        self.tick(order, "Amount agrees")
        invoice.action_post()
        self.tick(order, "Nothing open")
        order.action_lock()
        self.later()
        self.tick(order, "Asked the customer")
        told = self.assert_rebuilt(order)
        self.assertEqual((told.end, len(told.visits), len(told.checks)), ("done", 5, 7))
        self.assertEqual(told.gates, ["confirm", "ship", "ship", "invoice", "close"])

    def test_sent_back_by_a_person_and_by_a_change(self):
        process = self.make_process(
            self.stage("Review", "confirm", {"name": "Terms", "kind": "approval"}, {"name": "Look"}),
            self.stage("Pack", False, {"name": "Box", "kind": "manual"}, time_limit_hours=8),
            code="BACK",
        )
        order = self.make_gated(process)
        self.departments["sales"].group_ids += self.env.ref("order_sop.group_legal")
        self.users["legal"].group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        legal = self.check(order, "Terms").with_user(self.users["legal"])
        legal.action_reject("Too cheap")
        self.later()
        self.assert_rebuilt(order)
        legal.action_approve()
        self.tick(order, "Look")
        self.later()
        self.assertEqual(order.sop_stage_id.name, "Pack")
        order.order_line.price_unit = 1
        self.later()
        told = self.assert_rebuilt(order)
        self.assertEqual([visit.outcome for visit in told.visits.values()], ["completed", "sent_back", None])
        self.assertEqual(self.check(order, "Look").state, "passed", "what the change did not touch stands")
        self.check(order, "Terms").with_user(self.users["legal"]).action_approve("Fine")
        self.later()
        order.with_user(self.users["manager"]).action_sop_send_back(process.stage_ids[0].id, "Ask again")
        self.assert_rebuilt(order)

    def test_waived_held_cancelled_and_reopened(self):
        order = self.make_gated()
        holds = self.env["sop.engine.holds"]._set(order, "manual")
        self.later()
        self.assert_rebuilt(order)
        holds.with_user(self.users["manager"]).action_release("Clarified")
        self.check(order, "Reviewed").with_user(self.users["manager"]).action_waive("In a hurry")
        order.action_confirm()
        self.later()
        self.assert_rebuilt(order)
        order._action_cancel()
        self.later()
        self.assertEqual(self.assert_rebuilt(order).end, "cancelled")
        order.action_draft()
        told = self.assert_rebuilt(order)
        self.assertEqual((told.end, sum(check.superseded for check in told.checks.values())), (None, 2))

    def test_finished_and_taken_up_again(self):
        order = self.make_settled()
        self.tick(order, "Nothing open")
        self.tick(order, "Asked the customer")
        self.assertEqual(self.assert_rebuilt(order).end, "done")
        order.order_line.product_uom_qty = 9
        told = self.assert_rebuilt(order)
        self.assertEqual((told.end, order.sop_stage_id.name), (None, "Pack"))

    def test_moved_to_another_process(self):
        self.gated._set_state("retired")
        first = self.make_process(
            self.stage("Look", False, {"name": "Seen"}, {"name": "Seen twice"}),
            code="FIRST",
            order_domain="[('client_order_ref', '=', 'X')]",
        )
        self.make_process(self.stage("Review", "confirm", {"name": "Read"}), code="SECOND")
        self.company.sop_active = True
        order = self.make_gated(first, client_order_ref="X")
        self.tick(order, "Seen")
        self.later()
        order.client_order_ref = "Y"
        self.later()
        told = self.assert_rebuilt(order)
        self.assertNotEqual(told.process, first.id)
        self.assertEqual([visit.outcome for visit in told.visits.values()], ["moved", None])
