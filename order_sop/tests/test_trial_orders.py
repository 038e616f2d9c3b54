"""Trying a draft: which orders it is tried on, and what of them cannot be told."""

from odoo.tests import tagged

from .common_trial import TrialCase


@tagged("post_install", "-at_install")
class TestTrialOrders(TrialCase):
    def test_orders_that_another_process_takes_are_told_apart(self):
        other = self.make_process({}, code="OTHER", sequence=0, order_domain="[('partner_id.name', '=', 'Consumer')]")
        self.draft.order_domain = "[('amount_total', '<', 1000)]"
        self.sell(), self.sell(partner=self.consumer, process=other), self.sell(lines=[(self.product, 20, 100.0)])
        cancelled = self.sell(30)
        cancelled._action_cancel()
        self.assertIn("Of the last 3 orders this draft would take 1; 1 go by another process, 1 by none.",
                      self.run_trial().summary)  # fmt: skip
        self.draft.order_domain = "[('id', '=', 0)]"
        trial = self.run_trial()
        self.assertIn("this draft would take 0;", trial.summary)
        self.assertFalse(trial.order_ids)

    def test_the_last_ones_and_a_period(self):
        for day in ("2025-03-01 12:00:00", "2025-03-15 12:00:00", "2025-03-31 23:30:00"):
            self.sell(30).date_order = day
        self.assertEqual(self.run_trial(order_count=2).order_ids.order_id.mapped("date_order")[0].day, 31)
        self.assertEqual(len(self.run_trial(date_from="2025-03-02", date_to="2025-03-31").order_ids), 2)
        self.assertEqual(len(self.run_trial(date_to="2025-03-01").order_ids), 1)
        self.assertEqual(len(self.run_trial(date_from="0001-01-01", date_to="9999-12-31").order_ids), 3)
        self.users["officer"].tz = "Asia/Shanghai"  # where it is April by then
        self.assertEqual(len(self.run_trial(date_from="2025-04-01").order_ids), 1)

    def test_each_order_is_judged_in_its_own_company(self):
        """Whatever company somebody works in as he tries a draft that is for all of them."""
        here, there = self.sell(30), self.sell(30)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.commit()
        self.env.cr.execute("UPDATE sale_order SET company_id = %s WHERE id = %s", [other.id, there.id])
        self.env.invalidate_all()
        judged, rule = {}, self.registry["sop.rule.discount"]
        evaluate = rule._evaluate

        def note(model, checks):
            judged.update({check.order_id: (check.company_id, model.env.company) for check in checks})
            return evaluate(model, checks)

        self.patch(rule, "_evaluate", note)
        self.env["sop.engine.trial.judge"]._judge([(self.draft, here | there)])
        self.assertEqual(judged[here.sudo()], (self.company, self.company))
        self.assertEqual(judged[there.sudo()], (other, other))

    def test_orders_that_one_may_not_read_do_not_count(self):
        seen, hidden = self.sell(30), self.sell(30)
        rule = {"name": "Not this one", "model_id": self.env["ir.model"]._get("sale.order").id}
        self.env["ir.rule"].create(rule | {"domain_force": f"[('id', '!=', {hidden.id})]"})
        trial = self.run_trial()
        self.assertEqual(trial.order_ids.order_id, seen)
        self.assertIn("Of the last 1 orders", trial.summary)
        self.assertIn("Left out, since you may not read them: 1 more orders.", trial.summary)


@tagged("post_install", "-at_install")
class TestTrialUntold(TrialCase):
    def test_a_delivery_still_to_come_cannot_be_judged(self):
        order = self.sell()
        picked = self.line(self.run_trial(), "checkpoint_ids", "Picked")
        self.assertEqual((picked.order_count, picked.fail_count, picked.unknown_count), (1, 0, 1))
        order.order_line.product_id = self.service  # nothing will ever be delivered
        picked = self.line(self.run_trial(), "checkpoint_ids", "Picked")
        self.assertEqual((picked.order_count, picked.unknown_count), (0, 0))

    def test_what_has_not_happened_stops_only_those_that_are_beyond_its_gate(self):
        """A deposit that nobody has paid: the quotation may still get it, the confirmed order went without."""
        self.process.action_retire()
        quotation, confirmed = self.make_order(), self.make_order()
        confirmed.action_confirm()
        self.discounts.write({"rule": "deposit", "rule_percent": 30, "name": "Deposit"})
        trial = self.run_trial()
        deposit = self.line(trial, "checkpoint_ids", "Deposit")
        self.assertEqual((deposit.order_count, deposit.fail_count, deposit.unknown_count), (2, 1, 1))
        self.assertEqual(trial.order_ids.order_id, confirmed)
        self.assertFalse(trial.order_ids.is_new, "no version to compare with")
        self.assertIn("Without a process so far: 2 of these", trial.summary)
        self.assertNotEqual(trial.order_ids.order_id, quotation)

    def test_too_few_who_may_approve_stop_an_order(self):
        """The head of finance alone may approve, and sells the order himself."""
        self.require_approval({"approver_kind": "lead"})
        order, other = self.sell(), self.sell()
        order.user_id = self.users["head"]
        trial = self.run_trial()
        self.assertEqual(trial.order_ids.order_id, order)
        self.assertIn("too few people may approve", trial.order_ids.reason)
        self.assertEqual(trial.approver_ids.user_id, self.users["head"])
        self.assertEqual((trial.approver_ids.approval_count, trial.approver_ids.alone_count), (1, 1))
        self.assertNotIn(other, trial.order_ids.order_id)

    def test_nobody_counts_twice(self):
        """The head or a colleague approve both steps; where the head sells the order, nobody is left for the second."""
        two = {"approver_kind": "users", "user_ids": (self.users["head"] | self.users["clerk"]).ids}
        self.require_approval(dict(two), dict(two))
        order, other = self.sell(), self.sell()
        order.user_id = self.users["head"]
        trial = self.run_trial()
        self.assertEqual(trial.order_ids.order_id, order)
        self.assertNotIn(other, trial.order_ids.order_id)

    def test_where_orders_are_locked_as_they_are_confirmed(self):
        """A lock says nothing of whether an order was closed."""
        self.env["res.config.settings"].create({"group_auto_done_setting": True}).execute()
        self.process.action_retire()
        order = self.make_order()
        order.action_confirm()
        self.assertTrue(order.locked)
        self.draft.stage_ids[1].gate = "close"
        self.draft.stage_ids[1].checkpoint_ids.write({"rule": "paid", "scope": "order", "name": "Paid"})
        trial = self.run_trial()
        paid = self.line(trial, "checkpoint_ids", "Paid")
        self.assertEqual((paid.order_count, paid.fail_count, paid.unknown_count), (1, 0, 1))

    def test_a_checkpoint_that_only_warns_stops_nobody(self):
        self.sell(30)
        self.discounts.blocking = False
        trial = self.run_trial()
        self.assertFalse(trial.order_ids)
        self.assertEqual(self.line(trial, "checkpoint_ids", "Discounts").fail_count, 1)

    def test_conditions_of_stages_and_checkpoints_count(self):
        self.sell(30)
        self.discounts.order_domain = "[('amount_total', '>=', 1000)]"
        trial = self.run_trial()
        self.assertEqual(self.line(trial, "checkpoint_ids", "Discounts").order_count, 0)
        self.discounts.order_domain = False
        self.review.order_domain = "[('amount_total', '>=', 1000)]"
        self.assertFalse(self.run_trial().order_ids)

    def test_a_draft_at_fault_cannot_judge(self):
        self.sell(30)
        self.discounts.scope = "delivery"  # which its rule cannot judge
        trial = self.run_trial()
        self.assertFalse(trial.order_ids)
        self.assertEqual(self.line(trial, "checkpoint_ids", "Discounts").unknown_count, 1)
