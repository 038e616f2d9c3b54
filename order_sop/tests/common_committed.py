"""Tests of several database sessions at once: what they do is committed, and deleted again at the end."""

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service import model as service
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name
from odoo.tools import SQL, mute_logger

from .common import SopFixture


def manual(name):
    """Return the values of a manual checkpoint."""
    return {"name": name, "kind": "manual"}


class Killed(BaseException):
    """As if the process had been killed: nobody catches it."""


class CommittedCase(SopFixture, BaseCase):
    """A company at work whose records are committed. For scratch databases, in which nobody else works meanwhile."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.cr = cls.registry.cursor()
        cls.addClassCleanup(cls.cr.close)
        cls.env = api.Environment(cls.cr, SUPERUSER_ID, {})
        was_active = cls.env.company.sop_active
        cls.addClassCleanup(cls.forget, cls.last_ids(), was_active)
        cls.set_up_company()
        cls.process = cls.make_process(
            {"name": "Receipt", "checkpoints": [{"kind": "auto", "rule": "quantity"}, manual("Looked at")]},
            {
                "name": "Review",
                "gate": "confirm",
                "department_id": cls.departments["finance"].id,
                "checkpoints": [{"name": "Approved", "kind": "approval"}, manual("Filed")],
            },
            {"name": "Work", "auto_advance": False, "checkpoints": [manual("Worked on")]},
        )

    # -- leaving nothing behind ----------------------------------------------------------------------------------------

    @classmethod
    def last_ids(cls):
        """Return ``{table: last id}`` of all tables that have one."""
        tables = cls.env.execute_query(
            SQL(
                "SELECT table_name FROM information_schema.columns JOIN information_schema.tables USING (table_name) "
                "WHERE column_name = 'id' AND table_type = 'BASE TABLE' AND tables.table_schema = current_schema "
                "AND data_type = 'integer'"
            )
        )
        counts = [SQL("SELECT %s, COALESCE(MAX(id), 0) FROM %s", name, SQL.identifier(name)) for [name] in tables]
        return dict(cls.env.execute_query(SQL(" UNION ALL ").join(counts)))

    @classmethod
    def forget(cls, last_ids, was_active):
        """Delete all rows behind ``last_ids``, by SQL: much of it (goods that left, the log) nobody may delete."""
        cls.cr.rollback()
        cls.env.transaction.reset()
        cls.cr.execute("ALTER TABLE sop_event DISABLE TRIGGER USER")
        left = last_ids
        with mute_logger("odoo.sql_db"):
            while left:
                referenced = {table: last for table, last in left.items() if not cls.delete_behind(table, last)}
                assert len(referenced) < len(left), f"cannot be deleted: {list(referenced)}"
                left = referenced
        cls.cr.execute("ALTER TABLE sop_event ENABLE TRIGGER USER")
        cls.env.company.sop_active = was_active
        cls.env.flush_all()
        cls.cr.commit()  # pylint: disable=invalid-commit
        cls.registry.clear_all_caches()
        cls.registry.signal_changes()

    @classmethod
    def delete_behind(cls, table, last_id):
        """Delete the rows of ``table`` behind ``last_id``; False when another table still refers to one of them."""
        try:
            with cls.cr.savepoint(flush=False):
                cls.cr.execute(SQL("DELETE FROM %s WHERE id > %s", SQL.identifier(table), last_id))
        except IntegrityError:
            return False
        return True

    # -- orders --------------------------------------------------------------------------------------------------------

    def make_orders(self, count, process=None):
        """Return ``count`` committed orders of the salesperson under ``process``."""
        vals = {"user_id": self.users["sales"].id, "process": process or self.process}
        orders = self.env["sale.order"].union(*(self.make_order(**vals) for _number in range(count)))
        self.refresh()
        return orders

    def events(self, order, code):
        """Return the lines of the log with ``code`` about ``order``, in order."""
        return self.env["sop.event"].search([("order_id", "=", order.id), ("code", "=", code)], order="id")

    def assert_sound(self, orders):
        """Visits, checks, decisions and log of ``orders`` tell one story."""
        self.refresh()
        for order in orders:
            inside = order.sop_visit_ids.filtered(lambda visit: not visit.left_at)
            self.assertEqual(inside, order.sop_visit_id)
            cycles = [(visit.stage_id, visit.cycle) for visit in order.sop_visit_ids]
            self.assertEqual(len(cycles), len(set(cycles)), "a stage was entered twice at once")
            live = order.sop_check_ids.filtered(lambda check: not check.superseded)
            subjects = {(check.checkpoint_id, check._get_document()) for check in live}
            self.assertEqual(len(live), len(subjects), "a check was made twice")
            self.assertEqual(len(self.events(order, "entered")), len(order.sop_visit_ids))
            self.assertEqual(len(self.events(order, "left")), len(order.sop_visit_ids - inside))
            self.assertEqual(len(self.events(order, "decided")), len(order.sop_check_ids.decision_ids))
            self.assertFalse(self.env["sop.engine.log"]._verify([order.id]), "the chain of the log is broken")

    # -- sessions ------------------------------------------------------------------------------------------------------

    def setUp(self):
        super().setUp()
        self.refresh()

    def refresh(self):
        """Commit what the test has prepared and see what other sessions have committed."""
        self.commit()  # pylint: disable=invalid-commit
        self.cr.commit()  # pylint: disable=invalid-commit; several sessions are what is tested
        self.env.transaction.reset()

    def step(self, user, records, method, *args):
        """Return what :meth:`request` takes, as plain values that any session can use."""
        return (self.users[user].id, records._name, records.ids, method, *args)

    def request(self, user_id, model, ids, method, *args):
        """Call ``method`` the way a request does: in a session of its own, run again after a conflict, committed."""
        with self.registry.cursor() as cr:
            return service.execute_cr(cr, user_id, model, method, [ids, *args], {})

    def run_alone(self, engine, method, dies_at=None):
        """Run the method of a cron in a session of its own, which dies at the given statement.

        :return: whether it came to its end
        """
        with self.registry.cursor() as cr:
            execute, sent = cr.execute, [0]

            def counted(*args, **kwargs):
                sent[0] += 1
                if sent[0] == dies_at:
                    raise Killed
                return execute(*args, **kwargs)

            cr.execute = counted
            try:
                getattr(api.Environment(cr, SUPERUSER_ID, {})[engine], method)()
                cr.commit()  # pylint: disable=invalid-commit; several sessions are what is tested
            except Killed:
                cr.rollback()
                return False
            finally:
                del cr.execute
        return True

    def collide(self, first, second):
        """Let request ``second`` come while ``first`` has done its work and not committed it yet.

        Both are made by :meth:`step`. The second is not waited for longer than it needs to notice the first.

        :return: the exception that the second ended in, or None; fails unless it had to be run again
        """
        user_id, model, ids, method, *args = first
        conflict, committed, waits = threading.Event(), threading.Event(), []

        def sleep(seconds):
            waits.append(seconds)
            conflict.set()
            committed.wait(30)

        clock = patch.object(service, "time", SimpleNamespace(sleep=sleep))
        with clock, ThreadPoolExecutor(1) as executor, self.registry.cursor() as cr:
            records = api.Environment(cr, user_id, {})[model].browse(ids)
            getattr(records, method)(*args)
            cr.flush()
            future = executor.submit(self.request, *second)
            conflict.wait(3)  # where the database itself makes the second wait, it notices only after the commit
            cr.commit()  # pylint: disable=invalid-commit; several sessions are what is tested
            committed.set()
            error = future.exception(timeout=60)
        self.refresh()
        self.assertTrue(waits, "the second session noticed nothing")
        return error
