"""The KPIs and the analysis of approvals against an independent computation, on random lives of orders and cases."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import fmean
from zoneinfo import ZoneInfo

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..reports.kpi_scope import Scope
from .common_approvals import ApprovalFixture
from .common_lives import LivesCase
from .common_time import OFFICE, TWO_WEEKS, CalendarFixture, Oracle
from .life_of_approvals import ApprovalLives
from .oracle_approvals import ApprovalOracle

ORDERS, ACTS, SEED = 60, 2000, 1
ZONE = "Asia/Shanghai"
FIRST, LAST = datetime(2024, 12, 1), datetime(2026, 6, 1)
NEW_YEAR = [(datetime(2025, 1, 28, 16), datetime(2025, 2, 4, 16)), (datetime(2025, 3, 3, 2), datetime(2025, 3, 3, 4))]


@tagged("post_install", "-at_install")
class TestApprovalOracle(CalendarFixture, ApprovalFixture, LivesCase):
    Lives = ApprovalLives

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_approvers()
        cls.company.resource_calendar_id = cls.make_calendar("Office", ZONE, OFFICE, NEW_YEAR)
        overseas = cls.make_calendar("Overseas", "America/New_York", TWO_WEEKS, two_weeks_calendar=True)
        chain = cls.make_approvals(*cls.chain(), code="CHAIN")
        clerks = {"name": "Clerks", "quorum": "count", "minimum": 2}
        beside = cls.make_process(
            {"name": "Prepare", "auto_advance": False},
            {
                "name": "Review",
                "department_id": cls.departments["finance"].id,
                "checkpoints": [
                    cls.approval("Side by side", clerks, {"name": "Head", "approver_kind": "lead"}, parallel=True),
                    cls.approval("By hand", {"name": "Clerk"}, ask="hand", department_id=cls.departments["legal"].id),
                ],
            },
            {"name": "After", "auto_advance": False},
            code="BESIDE",
            calendar_id=overseas.id,
            company_id=cls.company.id,
        )
        refund = {"name": "Refund", "checkpoints": [cls.approval("Refund", {"name": "Clerk"})]}
        refund["department_id"] = cls.departments["finance"].id
        case = cls.make_process(refund, {"name": "After", "auto_advance": False}, code="HELP", applies_to="sop.case")
        types = [{"name": name, "code": name, "stops_clock": True} for name in ("waits", "also")]
        cls.env["sop.hold.type"].create(types)
        cls.Lives.case_process, cls.Lives.stops = case, ("waits", "also", "manual")
        shanghai = Oracle(ZONE, OFFICE, NEW_YEAR, FIRST, LAST)
        cls.works = {chain: shanghai, case: shanghai}
        cls.works[beside] = Oracle("America/New_York", TWO_WEEKS, (), FIRST, LAST)
        cls.live(SEED, [chain, beside], ORDERS, ACTS)

    @classmethod
    def approval(cls, name, *steps, parallel=False, **vals):
        """Return the values of an approval checkpoint with these steps (dicts)."""
        commands = [Command.create({"sequence": number, **step}) for number, step in enumerate(steps)]
        order = "parallel" if parallel else "sequence"
        return {"name": name, "kind": "approval", "approval_order": order, "step_ids": commands, **vals}

    def oracle(self, first=date(2025, 1, 1), last=date(2026, 12, 31)):
        self.commit()
        cases = self.env["sop.case"].search([("order_id", "in", self.orders.ids)])
        return ApprovalOracle(self.orders, cases, first, last, ZONE, self.works)

    def figures(self, scope):
        figures = self.env["sop.kpi.approvals"]._compute_figures(scope)
        return {code: figure.value for code, figure in figures.items()}, {f.count for f in figures.values()}

    def rows(self, scope):
        model, domain = self.env["sop.kpi.approvals"]._get_rows("approval_hours", scope)
        rows = self.env[model].search(domain)
        return sorted((r.check_id.id, r.opened_at, r.decided_at, round(r.worked_hours * 60)) for r in rows)

    def assert_same(self, oracle, first, last, process=None, department=None):
        oracle.first, oracle.last = first, last
        filters = {"process_code": process and process.code, "department_id": department and department.id}
        scope = Scope(self.company.id, first, last, **filters)
        wanted = {"processes": process, "department": department}
        with self.subTest(first=first, last=last, process=process, department=department):
            rows, (figures, counts) = oracle.rows(**wanted), self.figures(scope)
            self.assertEqual(self.rows(scope), rows)
            self.assertEqual(counts, {len(rows)})
            for code, value in oracle.figures(**wanted).items():
                self.assertEqual(value is None, figures[code] is None)
                self.assertAlmostEqual(figures[code] or 0, value or 0, 9)
        return len(rows)

    def test_lives_are_lively(self):
        """Chance has done all that it can, and each way in which an approval ends, or is taken up again, was taken."""
        self.assertEqual(self.lives.acts.keys(), ApprovalLives.ACTS.keys(), self.lives.refused)
        oracle = self.oracle()
        self.assertEqual({one.verdict for one in oracle.rounds}, {"approve", "reject", "return"})
        self.assertGreater(len(oracle.rounds), 150)
        approvals = [one.approval for one in oracle.rounds]
        self.assertGreater(len(approvals) - len(set(approvals)), 10, "rejections taken back, or repeated")
        stopped = [
            one for one in oracle.rounds if any(b < one.end and e > one.begin for b, e in self.idle(oracle, one))
        ]
        self.assertGreater(len(stopped), 10)
        self.assertGreater(sum(bool(approval.case_id) for approval in approvals), 10)
        self.assertEqual({one.checkpoint_id.stage_id.process_id for one in approvals}, set(self.works))

    def idle(self, oracle, one):
        return oracle.idle(one.approval.flow, one.end)

    def test_figures(self):
        """All of the time, each month, across its end, single days; of a process; of a department."""
        oracle, found = self.oracle(), []
        legal, finance = self.departments["legal"], self.departments["finance"]
        months = [date(2025, number, 1) for number in range(1, 8)]
        scopes = [(date(2025, 1, 1), date(2026, 12, 31))]
        scopes += [(first, later - timedelta(1)) for first, later in pairwise(months)]
        scopes += [(first - timedelta(7), first + timedelta(7)) for first in months]
        scopes += [(one, one) for first in months[1:3] for one in (first - timedelta(1), first)]
        for first, last in scopes:
            found.append(self.assert_same(oracle, first, last))
        for process in self.works:
            self.assertTrue(self.assert_same(oracle, *scopes[0], process=process))
            self.assert_same(oracle, *scopes[2], process=process, department=finance)
        for department in (legal, finance):
            self.assertTrue(self.assert_same(oracle, *scopes[0], department=department))
        self.assertGreater(sum(map(bool, found)), 12, found)

    def test_analysis(self):
        """The analysis by customer, team, person, what, department, state and days: numbers and averages."""
        oracle = self.oracle()
        levels = {
            "partner_id": lambda one: self.order(one).partner_id.commercial_partner_id,
            "country_id": lambda one: self.order(one).partner_id.country_id,
            "team_id": lambda one: self.order(one).team_id,
            "salesperson_id": lambda one: self.order(one).user_id,
            "order_id": self.order,
            "case_id": lambda one: one.approval.case_id,
            "checkpoint_id": lambda one: one.approval.checkpoint_id,
            "department_id": lambda one: one.approval.check_id.department_id,
            "asked_by_id": lambda one: one.approval.check_id.asked_by_id,
            "asked_on:month": lambda one: self.day(one.begin).replace(day=1),
            "decided_on:day": lambda one: self.day(one.end),
        }
        domain = [("order_id", "in", self.orders.ids), ("decided_on", "!=", False)]
        measures = ["counted:sum", "worked_hours:avg", "hours:avg"]
        for level, find in levels.items():
            groups = defaultdict(list)
            for one in oracle.rounds:
                groups[find(one)].append(one)
            found = {key: rest for key, *rest in self.env["sop.approval.report"]._read_group(domain, [level], measures)}
            with self.subTest(level=level):
                self.assertEqual(found.keys(), groups.keys())
                for key, rounds in groups.items():
                    count, worked, hours = found[key]
                    self.assertEqual(count, len(rounds))
                    self.assertAlmostEqual(worked, fmean(map(oracle.minutes, rounds)) / 60, 3)
                    self.assertAlmostEqual(hours, fmean((o.end - o.begin).total_seconds() for o in rounds) / 3600, 6)

    def test_analysis_of_all_that_was_asked(self):
        """Decided or not: each approval that was asked for is a row, and so is each rejection that was taken back."""
        oracle = self.oracle()
        taken_up = Counter(one.approval for one in oracle.rounds if one.verdict == "reject")
        for approval, number in taken_up.items():
            last = [one.verdict for one in oracle.rounds if one.approval == approval][-1]
            taken_up[approval] = number - (last == "reject" and not oracle.open(approval))
        customers = Counter()
        for approval in oracle.words:
            customers[self.order_of(approval).partner_id.commercial_partner_id] += 1 + taken_up[approval]
        domain = [("order_id", "in", self.orders.ids)]
        report = self.env["sop.approval.report"]
        self.assertEqual(dict(report._read_group(domain, ["partner_id"], ["counted:sum"])), dict(customers))
        rejected = [("state", "=", "rejected"), ("approval_id.next_id", "!=", False)]
        self.assertEqual(report.search_count(domain + rejected), sum(taken_up.values()))

    def order(self, one):
        return self.order_of(one.approval)

    def order_of(self, approval):
        return approval.order_id or approval.case_id.order_id

    def day(self, moment):
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(ZONE)).date()

    def test_what_is_over_stays(self):
        """Whatever is done later, days that are over say what they said: figures, rows and all."""
        self.commit()
        scopes = [Scope(self.company.id, date(2025, month, 1), date(2025, month, 28)) for month in (1, 2, 3)]
        scopes.append(Scope(self.company.id, date(2025, 1, 1), self.now.date() - timedelta(1)))
        said = [(self.figures(scope), self.rows(scope)) for scope in scopes]
        self.assertTrue(all(rows for _figures, rows in said))
        with freeze_time(self.now) as clock:
            lives = ApprovalLives(self, clock, SEED + 1, list(self.works)[:1])
            lives.orders = self.orders
            lives.play(0, 300)
        self.assertTrue({"take_back", "repeat", "edit"} <= lives.acts.keys())
        self.assertEqual([(self.figures(scope), self.rows(scope)) for scope in scopes], said)
        self.assert_same(self.oracle(), date(2025, 1, 1), date(2026, 12, 31))
