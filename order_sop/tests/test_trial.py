"""A draft is tried on past orders before it is published: who would have been stopped, who would have had to act."""

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common_approvals import ApprovalCase

FEW, MANY = 5, 50


class TrialCase(ApprovalCase):
    """A process that orders run by, and a draft of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sop.process"].search([("state", "=", "published")]).action_retire()  # those that come with the addon
        cls.env["sale.order"].search([("state", "!=", "cancel")])._action_cancel()
        cls.process = cls.make_process(
            {
                "name": "Review",
                "gate": "confirm",
                "checkpoints": [
                    {"name": "Discounts", "kind": "auto", "rule": "discount", "rule_percent": 20},
                    {"name": "Look", "kind": "manual", "department_id": cls.departments["legal"].id},
                ],
            },
            {
                "name": "Ship",
                "gate": "ship",
                "department_id": cls.departments["warehouse"].id,
                "checkpoints": [{"name": "Picked", "kind": "auto", "rule": "picked", "scope": "delivery"}],
            },
            code="TRIED",
        )
        cls.draft = cls.process.browse(cls.process.action_new_version()["res_id"])
        cls.review = cls.draft.stage_ids[0]
        cls.discounts = cls.review.checkpoint_ids[0]

    @classmethod
    def sell(cls, discount=0.0, process=None, **vals):
        """Return an order of the salesperson with a discount, under the published process."""
        order = cls.make_order(user_id=cls.users["sales"].id, **vals)
        order.order_line.discount = discount
        cls.put_under(order, process or cls.process)
        return order

    def require_approval(self, *steps, **vals):
        """Let the draft's review need an approval by ``steps``."""
        self.review.checkpoint_ids = [
            Command.create(
                {
                    "name": "Approve it",
                    "kind": "approval",
                    "department_id": self.departments["finance"].id,
                    "step_ids": [Command.create({"name": f"Step {n}", **step}) for n, step in enumerate(steps)],
                    **vals,
                }
            )
        ]

    def run_trial(self, user="officer", draft=None, **vals):
        """Return a trial that ``user`` has run."""
        action = (draft or self.draft).with_user(self.users[user]).action_open_trial()
        trial = self.env["sop.trial"].with_user(self.users[user]).browse(action["res_id"])
        trial.write(vals)
        self.commit()
        trial.action_run()
        return trial

    @staticmethod
    def line(trial, name, key):
        """Return the line of ``trial`` in its list ``name`` about the record called ``key``."""
        return trial[name].filtered(lambda line: line.display_name == key)


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

    # -- which orders --------------------------------------------------------------------------------------------------

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

    def test_orders_that_one_may_not_read_do_not_count(self):
        seen, hidden = self.sell(30), self.sell(30)
        rule = {"name": "Not this one", "model_id": self.env["ir.model"]._get("sale.order").id}
        self.env["ir.rule"].create(rule | {"domain_force": f"[('id', '!=', {hidden.id})]"})
        trial = self.run_trial()
        self.assertEqual(trial.order_ids.order_id, seen)
        self.assertIn("Of the last 1 orders", trial.summary)
        self.assertIn("Left out, since you may not read them: 1 more orders.", trial.summary)

    # -- what cannot be told -------------------------------------------------------------------------------------------

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

    def test_trying_again_replaces_what_was_found(self):
        self.sell(30)
        trial = self.run_trial()
        self.discounts.rule_percent = 50
        trial.action_run()
        self.assertFalse(trial.order_ids)
        self.assertEqual(len(trial.checkpoint_ids), 3)

    # -- nothing is touched --------------------------------------------------------------------------------------------

    def snapshot(self):
        """Return what every table but those of the trial itself, and every counter, holds: ``{name: state}``."""
        self.env.flush_all()
        tables = SQL("SELECT tablename FROM pg_tables WHERE schemaname = current_schema")
        names = [name for [name] in self.env.execute_query(tables) if not name.startswith("sop_trial")]
        rows = [
            # where a row lies changes with every write, in the same transaction too
            SQL("SELECT %s, COUNT(*), COALESCE(SUM(hashtext(ctid::text)), 0)::text FROM %s", name, SQL.identifier(name))
            for name in names
        ]
        found = {name: state for name, *state in self.env.execute_query(SQL(" UNION ALL ").join(rows))}
        counters = SQL("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema")
        values = dict(self.env.execute_query(counters))
        return found | {name: value for name, value in values.items() if not name.startswith("sop_trial")}

    def test_no_row_and_no_counter_changes(self):
        for department in self.departments.values():
            department.assignment = "round_robin"  # whose turns are counted
        self.require_approval(*self.chain())
        orders = [self.sell(discount) for discount in (0, 15, 30)]
        orders[0].order_line.product_uom_qty = 1
        self.make_order().action_confirm()
        action = self.draft.with_user(self.users["officer"]).action_open_trial()
        trial = self.env["sop.trial"].with_user(self.users["officer"]).browse(action["res_id"])
        self.commit()
        before = self.snapshot()
        trial.action_run()
        self.commit()
        after = self.snapshot()
        self.assertEqual({name for name in after if after[name] != before.get(name)}, set())
        self.assertTrue(trial.order_ids and trial.approver_ids, "it did judge them")

    # -- what cannot be tried ------------------------------------------------------------------------------------------

    def test_wishes_that_make_no_sense(self):
        self.sell()
        for count in (0, -1, 2001, 10**9):
            with self.assertRaisesRegex(UserError, "Between 1 and 2000 orders"):
                self.run_trial(order_count=count)
        with self.assertRaisesRegex(UserError, "ends before it begins"):
            self.run_trial(date_from="2025-02-01", date_to="2025-01-01")
        with self.assertRaisesRegex(UserError, "no order in this period"):
            self.run_trial(date_to="1999-01-01")

    def test_processes_that_cannot_be_tried(self):
        self.sell()
        with self.assertRaisesRegex(UserError, "is not a draft"):
            self.run_trial(draft=self.process)
        self.draft.action_publish()
        with self.assertRaisesRegex(UserError, "is not a draft"):
            self.run_trial(draft=self.draft)
        with self.assertRaisesRegex(UserError, "is not a draft"):
            self.run_trial(draft=self.process)  # which is retired now
        cases = self.env["sop.process"].create({"name": "Cases", "code": "CASES", "applies_to": "sop.case"})
        with self.assertRaisesRegex(UserError, "for after-sales cases"):
            self.run_trial(draft=cases)
        empty = self.env["sop.process"].create({"name": "Empty", "code": "EMPTY"})
        with self.assertRaisesRegex(UserError, "has no stage yet"):
            self.run_trial(draft=empty)

    def test_a_draft_of_another_company(self):
        company = self.env["res.company"].create({"name": "Another House"})
        theirs = self.env["sop.process"].create({"name": "Theirs", "code": "THEIRS", "company_id": company.id})
        theirs.stage_ids = [Command.create({"name": "One", "department_id": self.departments["sales"].id})]
        with self.assertRaises(AccessError):
            self.run_trial(draft=theirs)
        self.users["officer"].company_ids += company
        action = theirs.with_user(self.users["officer"]).with_company(company).action_open_trial()
        trial = self.env["sop.trial"].with_user(self.users["officer"]).browse(action["res_id"])
        for companies in (self.company, self.company | company):
            with self.assertRaises(UserError):  # not his to read, or nothing to try it on
                trial.with_context(allowed_company_ids=companies.ids).action_run()

    def test_only_those_who_write_drafts(self):
        self.users["employee"] = new_test_user(self.env, login="sop_employee", groups="base.group_user")
        self.sell()
        self.assertTrue(self.run_trial("manager").summary)
        trial = self.run_trial()
        for name in ("sales", "finance", "auditor", "employee"):
            with self.assertRaises(AccessError):
                self.run_trial(name)
            with self.assertRaises(AccessError):
                trial.with_user(self.users[name]).action_run()
        with self.assertRaises(AccessError):
            trial.with_user(self.users["manager"]).read(["summary"])
        self.assertTrue(fields.Datetime.now() >= trial.ran_at)

    # -- many ----------------------------------------------------------------------------------------------------------

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
