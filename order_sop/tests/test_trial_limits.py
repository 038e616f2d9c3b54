"""Trying a draft touches nothing; what cannot be tried, and by whom."""

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common_trial import TrialCase


@tagged("post_install", "-at_install")
class TestTrialLimits(TrialCase):
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
