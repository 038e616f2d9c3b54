"""Every KPI against an independent computation, on random lives of orders; and the facts behind it at every moment."""

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random

from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from ..engine.fact_query import COLUMNS, fact_query
from ..engine.tally_sources import SOURCES
from ..reports.kpi_scope import Scope
from .common_lives import LivesCase
from .life_of_flows import FlowLives
from .oracle_cases import CaseOracle
from .oracle_kpi import KpiOracle

ORDERS, ACTS, SEED = 200, 3000, 1


@tagged("post_install", "-at_install")
class TestKpiOracle(LivesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plain = cls.make_plain()
        cls.live(SEED, [cls.gated, plain, plain], ORDERS, ACTS)

    def facts(self, query):
        self.commit()
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        rows = self.env.execute_query(SQL("SELECT %s FROM (%s) f WHERE order_id IN %s", names, query, self.orders._ids))
        return {row[0]: dict(zip(COLUMNS, row, strict=True)) for row in rows}

    def all_facts(self):
        return self.facts(fact_query(self.env, SQL("SELECT id FROM sale_order")))

    def kept_facts(self):
        self.commit()
        self.env.flush_all()  # as whoever asks for facts does: what the evaluation before a commit has written
        return self.facts(self.env["sop.engine.fact"]._get_rows())

    def figures(self, first, last):
        figures = {}
        for family in ("orders", "backlog", "stages", "checks", "money"):
            scope = Scope(self.company.id, first, last)
            figures |= self.env[f"sop.kpi.{family}"]._compute_figures(scope)
        return {code: figure.value for code, figure in figures.items()}

    def assert_same(self, first, last):
        oracle = KpiOracle(self.orders, first, last, "Asia/Shanghai").figures()
        figures = self.figures(first, last)
        self.assertEqual(figures.keys(), oracle.keys())
        for code, value in oracle.items():
            with self.subTest(code=code, first=first, last=last):
                if value is None:
                    self.assertIsNone(figures[code])
                else:
                    self.assertAlmostEqual(figures[code], value, 2 if code == "returned_value" else 9)

    def test_lives_are_lively(self):
        """Chance has done all that it can, and Odoo has not refused most of it."""
        self.assertEqual(self.lives.acts.keys(), FlowLives.ACTS.keys(), self.lives.refused)
        statuses = set(self.orders.mapped("sop_status"))
        self.assertTrue({"done", "cancelled", "running"} <= statuses, (statuses, self.lives.acts))

    def test_figures(self):
        """Whole time, a month, half of one, single days: before, while and after the sums are kept."""
        begun, ended = date(2025, 1, 1), self.now.date() + timedelta(1)
        whole = self.figures(begun, ended)
        self.assertFalse([code for code, value in whole.items() if not value], "lives say something of each KPI")
        scopes = [(begun, ended), (date(2025, 2, 1), date(2025, 2, 28)), (date(2025, 1, 25), date(2025, 2, 10))]
        scopes += [(day, day) for day in (date(2025, 1, 31), date(2025, 2, 1))]
        for _round in range(3):
            for first, last in scopes:
                self.assert_same(first, last)
            self.env["sop.engine.fact"]._renew(15)
            for source in SOURCES.values():
                self.env["sop.engine.tally"]._count(source, 60)

    def test_broken_down_by_orders(self):
        """Stages and checks by customer, team, country and category: as many as the orders' own say, at any moment."""
        visits, checks = self.orders.sop_visit_ids.filtered("left_at"), self.orders.sop_check_ids
        checks = checks.filtered(lambda check: check.failed or check.state in ("passed", "waived"))
        levels = {
            "partner_id": lambda order: order.partner_id.commercial_partner_id,
            "team_id": lambda order: order.team_id,
            "country_id": lambda order: order.partner_id.country_id,
            "salesperson_id": lambda order: order.user_id,
            "order_id": lambda order: order,
        }
        days = {"sop.stage.report": lambda visit: visit.left_on, "sop.check.report": lambda check: check.made_on}
        for _round in range(3):
            self.commit()
            for model, records, measure in (
                ("sop.stage.report", visits, "visits:sum"),
                ("sop.check.report", checks, "checks:sum"),
            ):
                for level, find in levels.items():
                    mine = Counter(find(record.order_id) for record in records)
                    domain = [("order_id", "in", self.orders.ids)]
                    found = self.env[model]._read_group(domain, [level], [measure])
                    self.assertEqual(dict(found), dict(mine), (model, level))
                    months = Counter((find(one.order_id), days[model](one).replace(day=1)) for one in records)
                    theirs = [("process_id", "in", self.orders.sop_visit_ids.stage_id.process_id.ids)]
                    found = self.env[model]._read_group(theirs, [level, "day:month"], [measure])
                    self.assertEqual({row[:2]: row[2] for row in found}, dict(months), (model, level))
            self.env["sop.engine.fact"]._renew(15)
            for source in SOURCES.values():
                self.env["sop.engine.tally"]._count(source, 60)

    def test_cases(self):
        """Cases of these orders, opened, answered and closed at random times and of random costs."""
        chance, cases = Random(SEED), self.env["sop.case"].search([("order_id", "in", self.orders.ids)])
        self.env.flush_all()
        for case in cases.filtered(lambda case: not case.line_ids):  # questions have none: let them be about something
            self.env.cr.execute(
                "INSERT INTO sop_case_line"
                " (case_id, order_line_id, company_id, partner_id, product_id, product_uom_id, qty)"
                " SELECT %s, order_line_id, company_id, partner_id, product_id, product_uom_id, 1 FROM sop_case_line"
                " WHERE id = %s",
                [case.id, cases.line_ids[0].id],
            )
        self.env.invalidate_all()
        self.assertGreater(len(cases), 4)
        self.assertEqual(cases.line_ids.case_id, cases)
        begun = datetime(2025, 1, 20, 2)
        for case in cases:
            times = sorted(begun + timedelta(minutes=chance.randrange(60 * 24 * 60)) for _number in range(3))
            hours = [chance.randrange(200) / 4 for _number in range(2)]
            self.env.cr.execute(
                "UPDATE sop_case SET create_date = %s, answered_at = %s, closed_at = %s, answer_worked_hours = %s,"
                " solution_worked_hours = %s WHERE id = %s",
                [*times, *hours, case.id],
            )
        for order in cases.order_id[::2]:
            given = begun + timedelta(minutes=chance.randrange(60 * 24 * 40))
            self.env.cr.execute(
                "INSERT INTO sop_waiver (order_id, company_id, check_id, checkpoint_id, department_id, reason, scope,"
                " given_at, ended_at) SELECT order_id, company_id, id, checkpoint_id, department_id, 'Why', 'check',"
                " %s, %s FROM sop_check WHERE order_id = %s LIMIT 1",
                [given, given, order.id],
            )
        for line in cases.line_ids:
            costs = [chance.choice((0, chance.randrange(10_000) / 100)) for _number in range(3)]
            self.env.cr.execute(
                "UPDATE sop_case_line SET credit_cost = %s, repair_cost = %s, freight_cost = %s WHERE id = %s",
                [*costs, line.id],
            )
        self.env.invalidate_all()
        self.assertTrue(0 < len(cases.filtered(CaseOracle(cases, None, None, "UTC").deviates)) < len(cases))
        for first, last in (
            (date(2025, 1, 1), date(2025, 12, 31)),
            (date(2025, 2, 1), date(2025, 2, 28)),
            (date(2025, 1, 31), date(2025, 1, 31)),
        ):
            oracle = CaseOracle(cases, first, last, "Asia/Shanghai").figures()
            scope = Scope(self.company.id, first, last)
            figures = {}
            for family in ("cases", "costs"):
                figures |= self.env[f"sop.kpi.{family}"]._compute_figures(scope)
            for code, value in oracle.items():
                with self.subTest(code=code, first=first, last=last):
                    if value is None:
                        self.assertIsNone(figures[code].value)
                    else:
                        self.assertAlmostEqual(figures[code].value, value, 2)

    def test_facts_are_never_stale(self):
        """What is kept of the orders is what the documents say, however they were changed since."""
        self.keep_facts()
        self.assertEqual(self.kept_facts(), self.all_facts())
        with freeze_time(self.now) as clock:
            lives = FlowLives(self, clock, 2, [self.gated])
            lives.orders = self.orders
            for number in range(25):
                lives.play(0, 4)
                self.assertEqual(self.kept_facts(), self.all_facts(), f"after {number}: {lives.acts}")
                if number % 10 == 0:
                    self.env["sop.engine.fact"]._renew(10)

    def test_masters_that_change(self):
        """A customer who moves to another country, a product that changes its category: facts follow."""
        self.keep_facts()
        self.count_all()
        self.customer.country_id = self.env.ref("base.cn")
        self.product.categ_id = self.env["product.category"].create({"name": "Seats"})
        self.assertEqual(self.kept_facts(), self.all_facts())
        parent = self.env["res.partner"].create({"name": "Parent", "is_company": True})
        self.consumer.parent_id = parent
        self.assertEqual(self.kept_facts(), self.all_facts())
