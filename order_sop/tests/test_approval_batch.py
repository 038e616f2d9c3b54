"""Many approvals at once: a result for each, and a cost that does not grow with each."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common_approvals import ApprovalCase

FEW, BATCH, MANY = 20, 30, 200


@tagged("post_install", "-at_install")
class TestApprovalBatch(ApprovalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.process = cls.make_approvals({"name": "Clerk"}, {"name": "Head", "approver_kind": "lead"})

    def make_many(self, number, process=None, seller="sales"):
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "user_id": self.users[seller].id,
                    "order_line": [Command.create({"product_id": self.product.id, "price_unit": 100.0})],
                }
                for _number in range(number)
            ]
        )
        self.put_under(orders, process or self.process)
        self.commit()
        return orders

    def open_ones(self, orders):
        return self.env["sop.approval"].search([("order_id", "in", orders.ids), ("state", "=", "open")])

    def test_what_cannot_be_decided_does_not_stop_the_rest(self):
        orders = self.make_many(4)
        approvals = self.open_ones(orders)
        dialog = self.env["sop.approval.dialog"].browse(
            approvals.with_user(self.users["clerk"])
            .with_context(sop_operation="approve")
            .action_open_dialog()["res_id"]
        )
        orders[0].user_id = self.users["clerk"]
        orders[1].order_line.price_unit = 1
        orders[2]._action_cancel()
        self.commit()
        action = dialog.with_user(self.users["clerk"]).action_confirm()
        self.assertEqual((action["res_id"], dialog.finished, dialog.failed_count), (dialog.id, True, 3))
        results = {line.order_id: line.result for line in dialog.line_ids}
        self.assertIn("as its salesperson", results[orders[0]])
        self.assertIn("was changed while", results[orders[1]])
        self.assertIn("not open", results[orders[2]])
        self.assertFalse(results[orders[3]])
        states = [self.check_of(order).approval_ids.filtered("step_id").sorted("rank")[0].state for order in orders]
        self.assertEqual(states, ["open", "open", "void", "approved"])
        again = dialog.with_user(self.users["clerk"]).action_confirm()
        self.assertTrue(again, "a second press is a clean no-op")
        self.assertEqual(len(self.check_of(orders[3]).decision_ids), 1)

    def test_handing_over_several(self):
        orders = self.make_many(4)
        clerk, board1 = self.users["clerk"], self.users["board1"]
        approvals = self.open_ones(orders).sorted("id")
        dialog = self.env["sop.approval.dialog"].browse(
            approvals.with_user(clerk).with_context(sop_operation="transfer").action_open_dialog()["res_id"]
        )
        orders[0].user_id = clerk
        orders[1].with_user(board1).sudo().client_order_ref = "Mine"
        orders[2]._action_cancel()
        self.commit()
        mine = dialog.with_user(clerk)
        mine.user_id = board1
        self.assertEqual(mine.action_confirm()["res_id"], dialog.id)
        self.assertEqual((dialog.finished, dialog.failed_count), (True, 3))
        results = {line.order_id: line.result for line in dialog.line_ids}
        self.assertIn("as its salesperson", results[orders[0]])
        self.assertIn("made, sold or changed", results[orders[1]])
        self.assertIn("not open", results[orders[2]])
        self.assertFalse(results[orders[3]])
        self.assertEqual([board1 in approval.user_ids for approval in approvals], [False, False, False, True])
        self.assertEqual(approvals.decision_ids.approval_id, approvals[3])

    def test_handing_over_many_costs_no_query_each(self):
        counts = {}
        for number in (2, FEW, MANY):
            approvals = self.open_ones(self.make_many(number)).with_user(self.users["clerk"])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            results = approvals.action_transfer(self.users["board1"].id, "I am away")
            self.commit()
            self.assertFalse([result for result in results if result["reason"]])
            counts[number] = self.env.cr.sql_log_count - before
        self.assertLessEqual(counts[MANY], counts[FEW] * 1.1 + MANY / 100, counts)

    def count(self, approvals, name):
        """Return how many queries it takes the user ``name`` to approve ``approvals``, with its commit."""
        self.env.flush_all()
        self.env.invalidate_all()
        mine = approvals.with_user(self.users[name])
        before = self.env.cr.sql_log_count
        results = mine.action_decide("approve", "Fine")
        self.commit()
        self.assertFalse([result for result in results if result["reason"]])
        return self.env.cr.sql_log_count - before

    def test_taking_many_rejections_back_costs_no_query_each(self):
        counts = {}
        for number in (2, FEW, MANY):
            approvals = self.open_ones(self.make_many(number))
            approvals.with_user(self.users["clerk"]).action_decide("reject", "Not so")
            self.commit()
            counts[number] = self.count(approvals, "clerk")
            self.assertEqual(approvals.mapped("state"), ["approved"] * number)
            self.assertEqual(self.env["sop.approval"].search_count([("next_id", "in", approvals.ids)]), number)
        # the ORM writes in pieces of a hundred rows, as below; what is kept is one statement
        self.assertLessEqual(counts[MANY] - counts[FEW], 3 * MANY / 100, counts)

    def test_two_hundred_cost_as_many_queries_as_twenty(self):
        warm_up = self.make_many(2)
        for name in ("clerk", "head"):
            self.count(self.open_ones(warm_up), name)
        counts = {}
        for number in (FEW, MANY):
            orders = self.make_many(number)
            for name in ("clerk", "head"):
                counts[number, name] = self.count(self.open_ones(orders), name)
            self.assertEqual(set(orders.sop_stage_id.mapped("name")), {"After"})
        for name in ("clerk", "head"):
            # the ORM writes in pieces of a hundred rows: those of the orders and of two approvals each
            self.assertLessEqual(counts[MANY, name] - counts[FEW, name], 3 * MANY / 100, counts)

    def ask_and_approve(self, number, process, seller, people):
        """Return what requests cost in queries: ``seller`` asks for ``number`` orders, all of ``people`` approve."""
        orders = self.make_many(number, process, seller)
        checks = self.env["sop.check"].with_user(self.users[seller]).browse(orders.sop_check_ids.ids)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        checks.action_ask()
        self.commit()
        counts = [self.env.cr.sql_log_count - before]
        counts += [self.count(self.open_ones(orders), name) for name in people]
        self.assertEqual(set(orders.mapped("sop_status")), {"done"})
        return counts

    def test_a_batch_in_four_requests(self):
        people = ("asks", "first", "second", "third")
        groups = "sales_team.group_sale_salesman_all_leads,order_sop.group_user"
        for name in people:
            self.users[name] = new_test_user(self.env, login=f"sop_batch_{name}", groups=groups)
        steps = [
            Command.create({"name": name, "approver_kind": "users", "user_ids": self.users[name].ids})
            for name in people[1:]
        ]
        checkpoint = {"name": "Approve it", "kind": "approval", "ask": "hand", "step_ids": steps}
        process = self.make_process({"name": "Review", "checkpoints": [checkpoint]}, code="BATCH")
        self.ask_and_approve(2, process, people[0], people[1:])  # what the registry keeps for all requests is read
        # one of them in each transaction notes for the KPIs which orders have changed, one in each decision reads when
        # their clocks stood: how long it took is kept
        for number, allowed in ((1, 60), (BATCH, 66)):
            counts = self.ask_and_approve(number, process, people[0], people[1:])
            self.assertLessEqual(sum(counts), allowed, counts)
