"""A draft is tried on past orders before it is published: who would have been stopped, who would have had to act."""

from unittest.mock import patch

from odoo.tests import tagged

from .common_trial import TrialCase

FEW, MANY = 5, 50


@tagged("post_install", "-at_install")
class TestTrial(TrialCase):
    def test_the_owner_tries_a_stricter_limit_before_he_publishes_it(self):
        """20 % becomes 10 %, and finance approves from 1,000: he sees whom it would have hit, and publishes nothing."""
        fine, stopped, both = self.sell(5), self.sell(15), self.sell(30)
        large = self.sell(lines=[(self.product, 20, 100.0)])
        self.discounts.rule_percent = 10
        self.require_approval({"order_domain": "[('amount_total', '>=', 1000)]"})
        trial = self.run_trial()
        self.assertIn(
            "Of the last 4 orders this draft would take 4; 0 go by another process, 0 by none.", trial.summary
        )
        self.assertIn("Stopped: 2 of these (by the version that they ran by: 1).", trial.summary)
        self.assertIn("In need of an approval: 1 (0).", trial.summary)
        self.assertEqual(trial.order_ids.order_id, stopped | both)
        self.assertEqual(trial.order_ids.mapped("is_new"), [True, False], "what is new comes first")
        self.assertEqual(trial.order_ids.stage_id, self.review)
        self.assertIn(stopped.name, trial.order_ids[0].reason)
        discounts = self.line(trial, "checkpoint_ids", "Discounts")
        self.assertEqual((discounts.order_count, discounts.fail_count, discounts.unknown_count), (4, 2, 0))
        self.assertTrue(discounts.detail.startswith("2 ×, such as: "), discounts.detail)
        approve = self.line(trial, "checkpoint_ids", "Approve it")
        self.assertEqual((approve.order_count, approve.approval_count), (1, 1))
        finance = self.line(trial, "department_ids", self.departments["finance"].name)
        self.assertEqual((finance.checks_count, finance.approval_count, finance.checks_before), (1, 1, 0))
        self.assertEqual(finance.more, 1)
        sales = self.line(trial, "department_ids", self.departments["sales"].name)
        self.assertEqual((sales.auto_count, sales.stops_count, sales.stops_before, sales.more), (4, 2, 1, 0))
        legal = self.line(trial, "department_ids", self.departments["legal"].name)
        self.assertEqual((legal.manual_count, legal.manual_before), (4, 4))
        clerks = {self.users[name] for name in ("clerk", "second")}
        self.assertLessEqual(clerks, set(trial.approver_ids.user_id))
        self.assertEqual(set(trial.approver_ids.mapped("approval_count")), {1})
        self.assertEqual(set(trial.approver_ids.mapped("alone_count")), {0})
        self.assertIn("clerk 1", approve.detail)
        self.assertEqual(trial.order_ids[0].action_open_order()["res_id"], stopped.id)
        self.assertEqual(trial.action_view_orders()["domain"], [("id", "in", (stopped | both).ids)])
        self.assertEqual(self.draft.state, "draft")
        self.assertNotIn(fine | large, trial.order_ids.order_id)

    def test_once_published_the_engine_says_the_same(self):
        """What the trial foretells is what the engine finds as the orders really run by the version."""
        discounts = (0, 9, 11, 19, 25)
        orders = self.env["sale.order"].union(*(self.make_order(user_id=self.users["sales"].id) for _n in discounts))
        for order, discount in zip(orders, discounts, strict=True):
            order.order_line.discount = discount
        self.discounts.rule_percent = 10
        self.require_approval({"approver_kind": "lead", "order_domain": "[('order_line.discount', '>', 0)]"})
        trial = self.run_trial()
        foretold = set(trial.order_ids.order_id), self.line(trial, "checkpoint_ids", "Approve it").approval_count
        self.draft.action_publish()
        self.put_under(orders, self.draft)
        really = {order for order in orders if self.check(order, "Discounts").state == "failed"}
        asked = orders.sop_check_ids.approval_ids.filtered(lambda approval: approval.state != "void")
        self.assertEqual(foretold, (really, len(asked)))
        self.assertEqual(asked.user_ids, trial.approver_ids.user_id)

    def test_trying_again_replaces_what_was_found(self):
        self.sell(30)
        trial = self.run_trial()
        self.discounts.rule_percent = 50
        trial.action_run()
        self.assertFalse(trial.order_ids)
        self.assertEqual(len(trial.checkpoint_ids), 3)

    def test_two_versions_are_judged_together_as_each_alone(self):
        """What both ask alike is judged once, what they ask otherwise is not; orders without a version count too."""
        orders = self.env["sale.order"].union(*(self.sell(discount) for discount in (0, 15, 30)))
        orders |= self.make_order(user_id=self.users["sales"].id)
        judge, discount = self.env["sop.engine.trial.judge"], type(self.env["sop.rule.discount"])
        for percent, judged in ((20, 4), (10, 4 + 3)):
            self.discounts.rule_percent = percent
            trials = [(self.draft, orders), (self.process, orders[:3])]
            alone = [judge._judge([trial])[0] for trial in trials]
            with patch.object(discount, "_evaluate", autospec=True, side_effect=discount._evaluate) as evaluate:
                self.assertEqual(judge._judge(trials), alone)
            self.assertEqual([len(call.args[1]) for call in evaluate.call_args_list], [judged])

    def test_more_orders_take_no_more_queries(self):
        self.require_approval(*self.chain(), {"approver_kind": "field", "user_field": "team_id.user_id"})
        for _n in range(MANY):
            self.make_order(user_id=self.users["sales"].id).order_line.discount = 15
        self.env["sale.order"].search([("state", "=", "draft")])[::2].action_confirm()
        asked = {}
        for count in (FEW, MANY, FEW, MANY):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_trial(order_count=count)
            asked[count] = self.env.cr.sql_log_count - before
        self.assertLessEqual(asked[MANY] - asked[FEW], 3, asked)
