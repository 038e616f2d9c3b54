"""What is open or due is found by an index: a condition in other words than the ORM's would leave it unused."""

from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL


@tagged("post_install", "-at_install")
class TestIndexes(TransactionCase):
    def assert_read_by(self, index, domain, model, table=None):
        """Check that PostgreSQL finds what a domain finds by an index, where that is the only one that may serve.

        On an empty table any index is as good, so its table's others are dropped, and come back with the savepoint.
        """
        with self.env.cr.savepoint() as savepoint:
            others = SQL(
                "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema AND tablename = %s"
                " AND indexdef NOT LIKE 'CREATE UNIQUE%%' AND indexname != %s",
                table or self.env[model]._table,
                index,
            )
            for [name] in self.env.execute_query(others):
                self.env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
            self.env.cr.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
            select = self.env[model]._search(domain).subselect()
            plan = "\n".join(line for [line] in self.env.execute_query(SQL("EXPLAIN %s", select)))
            self.assertIn(index, plan)
            savepoint.rollback()

    def test_open_checks_of_a_department_and_of_a_person(self):
        is_open = Domain([("superseded", "=", False), ("state", "in", ("pending", "failed"))])
        department = self.env.ref("order_sop.department_legal")
        self.assert_read_by("sop_check_open_idx", is_open & Domain("department_id", "=", department.id), "sop.check")
        self.assert_read_by("sop_check_assigned_idx", is_open & Domain("assigned_id", "=", self.env.uid), "sop.check")

    def test_orders_at_work_in_a_department(self):
        department = self.env.ref("order_sop.department_legal")
        at_work = Domain("sop_at_work_ids", "in", department.ids)
        self.assert_read_by("sop_check_open_idx", at_work, "sale.order", "sop_check")

    def test_time_limits_that_are_due(self):
        for model in ("sop.visit", "sop.check"):
            due = self.env["sop.engine.alarm"]._get_due_domain(self.env[model])
            self.assert_read_by(f"{self.env[model]._table}_next_idx", due, model)
