"""Lists of reports over sums: one row for each day, stage and person; it opens as much as it says."""

from odoo.tests import tagged

from .common_gates import GateCase

OPENERS = {
    "sop.stage.report": ("visits", "action_view_visits"),
    "sop.check.report": ("checks", "action_view_checks"),
    "sop.people.report": ("counted", "action_view_work"),
}


@tagged("post_install", "-at_install")
class TestReportRows(GateCase):
    def setUp(self):
        super().setUp()
        self.orders = self.make_reviewed() | self.make_reviewed()

    def assert_explained(self):
        """Each row is more than nothing, there is one of its kind, and it opens as many records as it counts."""
        self.commit()
        self.env.invalidate_all()
        for model, (measure, opener) in OPENERS.items():
            rows = self.env[model].search([("company_id", "=", self.env.company.id)])
            self.assertTrue(rows, model)
            for row in rows:
                action = getattr(row, opener)()
                found = self.env[action["res_model"]].search_count(action["domain"])
                self.assertEqual(row[measure], found, f"{model}: {row.read()}")

    def test_counted_twice(self):
        """What was counted in two goes, and what is still to be counted, stand in one row."""
        self.assert_explained()
        self.count_all()
        self.assert_explained()
        self.orders |= self.make_reviewed()
        self.count_all()
        self.make_reviewed()
        self.assert_explained()

    def test_taken_back(self):
        """What was counted and is somebody else's by now is a row of his, and none of anybody else."""
        self.count_all()
        visits = self.env["sop.visit"].search([("order_id", "in", self.orders.ids), ("left_at", "!=", False)])
        self.env.cr.execute(
            "UPDATE sop_visit SET left_by_id = %s WHERE id IN %s", [self.users["manager"].id, tuple(visits.ids)]
        )
        self.count_all()
        self.assert_explained()
        left = self.env["sop.people.report"].search([("kind", "=", "stage")])
        self.assertEqual(left.user_id, self.users["manager"])
