"""The process map of one department: few, many or all of the orders were with it, and it says what their visits say."""

from odoo.tests import tagged
from odoo.tools import SQL

from ..engine.guard import as_engine
from .common_map_exact import PERIODS, MapExactCase


@tagged("post_install", "-at_install")
class TestProcessMapDepartments(MapExactCase):
    def test_departments(self):
        """Few, many or all of the orders were with each; some are only now, some by another process."""
        self.env["sop.engine.fact"]._renew(100)
        self.count(300)
        self.assert_departments()
        for department in self.all_processes.stage_ids.department_id:
            customer = self.partners[0]
            both = {"department_id": department.id, "partner_id": customer.id}
            self.assert_map(*PERIODS[1], self.first | self.second, partner=customer, department=department, **both)

    def test_departments_of_orders_that_end_and_go_on(self):
        """Orders are added up by their departments once they have ended; what is taken up again is taken back."""
        self.keep_all()
        self.assertEqual(self.read_departments(), self.read_ended(), "all that have ended")
        ended = self.orders.filtered(lambda order: order.sop_status == "done")
        as_engine(ended[:30]).write({"sop_status": "running"})
        for visit in self.orders.sop_visit_ids.filtered(lambda visit: not visit.left_at)[:9]:
            as_engine(visit).write({"left_at": visit.entered_at, "left_on": visit.entered_at, "outcome": "completed"})
            as_engine(visit.order_id).write({"sop_status": "done", "sop_visit_id": False})
        self.env["sop.engine.fact"]._add_stale(SQL("SELECT UNNEST(%s)", self.orders.ids))
        self.assert_departments()
        self.env["sop.engine.fact"]._renew(150)
        self.assert_departments()
        self.count(40)
        self.assert_departments()
        self.keep_all()
        self.assertEqual(self.read_departments(), self.read_ended())
        self.assert_departments()

    def test_counted_by_an_earlier_version(self):
        """What knew no departments as it was counted is counted anew."""
        self.keep_all()
        self.env.cr.execute("ALTER TABLE sop_visit DISABLE TRIGGER order_sop_sop_visit_uncount")
        self.env.cr.execute("UPDATE sop_visit SET departments = NULL; DELETE FROM sop_arrow_departments_tally")
        self.env.cr.execute("ALTER TABLE sop_visit ENABLE TRIGGER order_sop_sop_visit_uncount")
        self.env["sop.engine.tally"]._begin_anew()
        self.assertFalse(self.env["sop.arrow.tally"].search_count([]))
        self.assert_departments()
        self.count_all()
        self.assertEqual(self.read_departments(), self.read_ended())
        self.assert_departments()

    def test_departments_are_read_from_the_sums(self):
        """Orders that have ended are not read again: without their sums the map is another, either way."""
        self.keep_all()
        departments = self.all_processes.stage_ids.department_id
        filters = [{"process": "GATED", "department_id": department.id} for department in departments]
        year = [str(day) for day in PERIODS[1]]
        scopes = [self.chart._get_scope(*year, told) for told in filters]
        self.assertEqual({scope.leaves_out for scope in scopes if scope.share < 1}, {True, False})
        before = [self.chart.get_map(*year, told)["visits"] for told in filters]
        self.env.cr.execute("DELETE FROM sop_arrow_departments_tally")
        for told, scope, visits in zip(filters, scopes, before, strict=True):
            now = self.chart.get_map(*year, told)["visits"]
            if not scope.leaves_out:
                self.assertLess(now, visits)
            elif scope.share < 1:
                self.assertGreater(now, visits)

    def assert_departments(self):
        for department in self.all_processes.stage_ids.department_id:
            told = {"department": department, "department_id": department.id}
            for first, last in (PERIODS[1], PERIODS[2], PERIODS[5]):
                self.assert_map(first, last, self.first | self.second, **told)
            self.assert_map(*PERIODS[2], self.other, **told)

    def read_departments(self):
        """Return how many visits are added up by departments."""
        self.env.flush_all()
        return self.env.execute_query(SQL("SELECT SUM(visits) FROM sop_arrow_departments_tally"))[0][0]

    def read_ended(self):
        """Return how many completed visits there are of orders that have ended."""
        ended = ("order_id.sop_status", "in", ("done", "cancelled"))
        return self.env["sop.visit"].search_count([("left_at", "!=", False), ended])
