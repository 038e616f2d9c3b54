"""Orders of two months, and what reports say of them by what is known of orders, and by months, weeks or days."""

from collections import Counter
from datetime import timedelta

from odoo.tests import freeze_time

from ..engine.tally_sources import SOURCES
from .common_gates import GateCase
from .test_reports_by_order import CHECKS, MEASURES, STAGES

LEVELS = ("partner_id", "team_id", "country_id", "categ_id", "salesperson_id")
RATES = {STAGES: ["hours:avg", "elapsed_hours:avg", "late_rate:avg"], CHECKS: ["failure_rate:avg"]}
ROW = {STAGES: "visit_id", CHECKS: "check_id"}


class MonthCase(GateCase):
    """Orders of January and February 2025 of two customers and two sales teams."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north, cls.south = cls.env["crm.team"].create([{"name": "North"}, {"name": "South"}])
        cls.customer.country_id, cls.consumer.country_id = cls.env.ref("base.be"), cls.env.ref("base.fr")
        with freeze_time("2025-01-29 08:00:00") as clock:
            cls.january = cls.make_settled(team_id=cls.north.id)
            clock.tick(timedelta(days=4))
            cls.february = cls.make_delivered(partner=cls.consumer, team_id=cls.south.id)
            cls.february |= cls.make_reviewed(partner=cls.consumer, team_id=cls.north.id)
        cls.orders = cls.january | cls.february

    def count_some(self, most):
        """Add up at most so many rows of each kind."""
        self.commit()
        for source in SOURCES.values():
            self.env["sop.engine.tally"]._count(source, most)

    def groups(self, model, by, domain, one_by_one=False):
        """Return ``{group: figures}``, from sums or from all rows one by one."""
        asked = [*domain, (ROW[model], "!=", False)] if one_by_one else domain
        how = [*MEASURES[model], *RATES[model], "__count"]
        self.assertNotEqual(self.env[model]._for_groups(asked, by, how, None)._is_by_sums(), one_by_one)
        rows = self.env[model]._read_group(asked, by, how)
        return {row[: len(by)]: [round(value or 0, 6) for value in row[len(by) :]] for row in rows}

    def assert_same(self):
        self.commit()
        february = [("day", ">=", "2025-02-01"), ("day", "<=", "2025-02-28")]
        for model in (STAGES, CHECKS):
            for domain in (
                [],
                february,
                [("day", "<", "2025-02-01"), ("partner_id", "!=", False)],
                ["|", ("day", "<=", "2025-01-29"), "!", ("day", ">", "2025-02-02")],
                [("partner_id", "=", self.consumer.id), ("day", "in", ["2025-02-02", "2025-01-30"])],
            ):
                for level in LEVELS:
                    for by in ([level], [level, "day:month"], ["department_id", level, "user_id"], ["day:week", level]):
                        sums = self.groups(model, by, domain)
                        self.assertEqual(sums, self.groups(model, by, domain, True), (model, by, domain))

    def assert_true(self):
        """The figures are those of the orders' own stages, by whom and what these are about now."""
        self.commit()
        visits = self.env["sop.visit"].search([("order_id", "in", self.orders.exists().ids), ("left_at", "!=", False)])
        for level, find in (
            ("partner_id", lambda order: order.partner_id.commercial_partner_id),
            ("country_id", lambda order: order.partner_id.country_id),
            ("team_id", lambda order: order.team_id),
            ("categ_id", lambda order: order.order_line.product_id.categ_id),
        ):
            mine = Counter(find(visit.order_id) for visit in visits)
            found = self.env[STAGES]._read_group([("process_id", "=", self.gated.id)], [level], ["visits:sum"])
            self.assertEqual(dict(found), dict(mine), level)
