"""Stages, checks and approvals by customer, sales team, country, category: the same figures, broken down by orders."""

from collections import Counter
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..engine import fact
from ..reports import sop_by_order_query
from ..reports.sop_by_order_mixin import FIRST_ROW
from .common_gates import GateCase

STAGES, CHECKS = "sop.stage.report", "sop.check.report"
LEVELS = ("partner_id", "team_id", "country_id", "categ_id", "salesperson_id", "order_id")
MEASURES = {
    STAGES: ["visits:sum", "limited:sum", "late:sum", "repeated:sum", "minutes:sum", "elapsed:sum"],
    CHECKS: ["checks:sum", "failed:sum"],
}


@tagged("post_install", "-at_install")
class TestReportsByOrder(GateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north, cls.south = cls.env["crm.team"].create([{"name": "North"}, {"name": "South"}])
        cls.customer.country_id, cls.consumer.country_id = cls.env.ref("base.be"), cls.env.ref("base.fr")
        cls.big = cls.make_settled(team_id=cls.north.id)
        cls.small = cls.make_delivered(partner=cls.consumer, team_id=cls.south.id)
        cls.small |= cls.make_reviewed(partner=cls.consumer, team_id=cls.south.id)

    def keep(self, facts=False, sums=False):
        """Bring what is kept of orders up to date, and sum up all stages and checks."""
        if facts:
            self.keep_facts()
        if sums:
            self.count_all()

    def total(self, model, domain=(), user=None):
        self.commit()
        report = self.env[model].with_user(user) if user else self.env[model]
        [row] = report._read_group(list(domain), [], MEASURES[model])
        return [round(value or 0, 6) for value in row]

    def by(self, model, level, domain=(), user=None):
        """Return ``{group: measures}``."""
        self.commit()
        report = self.env[model].with_user(user) if user else self.env[model]
        rows = report._read_group(list(domain), [level], MEASURES[model])
        return {group: [round(value or 0, 6) for value in values] for group, *values in rows}

    def test_story(self):
        """Which team's orders take long, which customer's fail? What is said of teams and customers adds up to what is
        said of all, before and after anything was summed up, and each row opens the work that it is about."""
        for facts, sums in ((False, False), (True, False), (True, True), (False, False)):
            self.keep(facts, sums)
            self.assertEqual(
                {team: row[0] for team, row in self.by(STAGES, "team_id").items() if team in self.north | self.south},
                {
                    self.north: len(self.big.sop_visit_ids.filtered("left_at")),
                    self.south: len(self.small.sop_visit_ids.filtered("left_at")),
                },
            )
            judged = Counter()
            for check in (self.big | self.small).sop_check_ids:
                judged[check.order_id.partner_id] += check.failed or check.state in ("passed", "waived")
            found = self.by(CHECKS, "partner_id")
            self.assertEqual({partner: found[partner][0] for partner in judged}, dict(judged))
            for model in (STAGES, CHECKS):
                for level in LEVELS:
                    groups = self.by(model, level).values()
                    added = [round(sum(column), 6) for column in zip(*groups, strict=True)]
                    self.assertEqual(added, self.total(model), f"{model} by {level}")
        self.big.team_id = self.south
        self.assertEqual(self.by(STAGES, "team_id").get(self.north), None, "at once")

    def test_rows_open_what_they_count(self):
        self.keep(True, True)
        for model, method in ((STAGES, "action_view_visits"), (CHECKS, "action_view_checks")):
            for domain in ([], [("partner_id", "=", self.consumer.id)]):
                rows = self.env[model].search([("process_id", "=", self.gated.id), *domain])
                self.assertTrue(rows)
                self.assertEqual({row.id >= FIRST_ROW for row in rows}, {bool(domain)}, "sums, unless asked for more")
                for row in rows:
                    action = getattr(row, method)()
                    records = self.env[action["res_model"]].search(action["domain"])
                    self.assertEqual(len(records), row.visits if model == STAGES else row.checks, row)
                    if domain:
                        self.assertEqual(records.order_id, row.order_id)
                        self.assertEqual(row.partner_id, self.consumer)
        one = self.env[STAGES].search([("order_id", "=", self.big.id)], limit=1)
        self.env.invalidate_all()
        self.assertEqual(one.browse(one.id).order_id, self.big, "by its id alone")
        self.assertTrue(one.exists())
        self.assertEqual(one.search([("id", "in", one.ids)]), one)
        self.assertFalse(one.search([("id", "in", one.ids), ("team_id", "=", self.south.id)]))
        self.assertFalse(one.browse(FIRST_ROW).exists())

    def test_many_changed_orders(self):
        """Too many of them, or of rows without a sum, to be written into the query: they are looked up by it, and the
        figures are the same."""
        self.keep(facts=True)
        self.env["sop.engine.fact"]._note(self.small)
        self.commit()
        wanted = {level: self.by(STAGES, level) for level in LEVELS}
        with patch.object(fact, "MOST_LITERAL", 0), patch.object(sop_by_order_query, "MOST_LITERAL", 0):
            self.assertEqual({level: self.by(STAGES, level) for level in LEVELS}, wanted)
            self.small[0].team_id = self.north
            self.assertEqual(
                self.by(STAGES, "team_id")[self.north][0],
                len((self.big | self.small[0]).sop_visit_ids.filtered("left_at")),
            )

    def test_filters_sorting_and_grouping(self):
        """Whatever names an order's field breaks down; sums are read where nothing does."""
        report = self.env[STAGES]
        many, of_south = self.total(STAGES)[0], len(self.small.sop_visit_ids.filtered("left_at"))
        south = [("team_id", "=", self.south.id)]
        for domain in (
            south,
            [("team_id.name", "=", "South")],
            [("order_id.team_id", "=", self.south.id)],
            ["|", ("team_id", "in", self.south.ids), ("team_id", "=", -1)],
            ["!", "|", ("team_id", "!=", self.south.id), ("visit_id", "=", False)],
        ):
            self.assertEqual(self.total(STAGES, domain)[0], of_south, domain)
            self.assertEqual(report.search_count(domain), of_south, domain)
        first = report.search([("stage_id.process_id", "=", self.gated.id)], order="partner_id, day, id")
        self.assertTrue(all(row.id >= FIRST_ROW for row in first))
        self.assertEqual(report.search_count([("visit_id", "!=", False)]), many, "one by one")
        [[_all], teams, _both] = report._read_grouping_sets(
            [], [[], ["team_id"], ["team_id", "stage_id"]], ["visits:sum", "hours:avg"]
        )
        self.assertEqual(_all[0], many)
        self.assertEqual(sum(row[1] for row in teams), many)
        shown = report.formatted_read_group(south, ["partner_id", "day:month"], ["visits:sum"])
        self.assertEqual(sum(group["visits:sum"] for group in shown), of_south)
        for group in shown:
            self.assertEqual(report.search_count(group["__extra_domain"] + south), group["visits:sum"])

    def test_rates_are_those_of_all_they_count(self):
        """Two hours of one visit and one of three make five quarters of an hour, not one and a half."""
        visits = self.small.sop_visit_ids.filtered("left_at").sorted("id")
        self.env.cr.execute("UPDATE sop_visit SET worked_hours = 1 WHERE id = ANY(%s)", [visits.ids])
        self.env.cr.execute("UPDATE sop_visit SET worked_hours = 5 WHERE id = %s", [visits[0].id])
        self.env.invalidate_all()
        rows = self.env[STAGES]._read_group([("partner_id", "=", self.consumer.id)], ["team_id"], ["hours:avg"])
        self.assertAlmostEqual(rows[0][1], (len(visits) + 4) / len(visits), 6)

    def test_cases(self):
        """A case belongs to the customer, team, country of its order; without one, to its customer."""
        process = self.env.ref("order_sop.process_case")
        cases = self.env["sop.case"].create(
            [
                {"order_id": self.big.id, "kind": "complaint"},
                {"partner_id": self.consumer.id, "kind": "question"},
            ]
        )
        self.put_under(cases, process)
        manager = self.users["manager"]
        manager.group_ids += self.env.ref("order_sop.group_after_sales")
        for case in cases:
            case.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
            self.commit()
        left = cases.sudo().sop_visit_ids.filtered("left_at")
        self.assertEqual(left.case_id, cases)
        of_cases = [("process_id", "=", process.id)]
        for keep in (False, True):
            self.keep(keep, keep)
            found = self.by(STAGES, "partner_id", of_cases)
            self.assertEqual(
                {partner: found[partner][0] for partner in (self.customer, self.consumer)},
                {
                    self.customer: len(left.filtered(lambda visit: visit.case_id == cases[0])),
                    self.consumer: len(left.filtered(lambda visit: visit.case_id == cases[1])),
                },
            )
            of_these = [*of_cases, ("case_id", "in", cases.ids)]
            self.assertEqual(set(self.by(STAGES, "team_id", of_these)), {self.north, self.env["crm.team"]})
            self.assertEqual(set(self.by(STAGES, "case_id", of_these)), set(cases))
            self.assertEqual(set(self.by(STAGES, "order_id", of_these)), {self.big, self.big.browse()})

    def test_who_sees_what(self):
        """A lead sees his department's, an auditor all, whatever it is broken down by; others see nothing."""
        lead = self.users["warehouse"]
        self.departments["warehouse"].lead_id = lead
        warehouse = [("department_id", "=", self.departments["warehouse"].id)]
        for model in (STAGES, CHECKS):
            self.assertEqual(self.total(model, user=self.users["auditor"]), self.total(model))
            for level in LEVELS:
                self.assertEqual(self.by(model, level, user=lead), self.by(model, level, warehouse), (model, level))
                self.assertEqual(self.by(model, level, user=self.users["legal"]), {})
            rows = self.env[model].with_user(lead).search([("partner_id", "=", self.consumer.id)])
            self.assertEqual(rows.department_id, self.departments["warehouse"])
            foreign = self.env[model].search([("partner_id", "!=", False), *[("department_id", "!=", warehouse[0][2])]])
            with self.assertRaises(AccessError):
                foreign[:1].with_user(lead).read(["partner_id"])

    def test_only_large_groups(self):
        """A condition on groups that sums know nothing of is judged by rows, as one on anything else is."""
        self.keep(True, True)
        having = [("order_id:count_distinct", ">", 1)]
        [[large]] = self.env[STAGES]._read_group(
            [("team_id", "in", (self.north | self.south).ids)], ["team_id"], having=having
        )
        self.assertEqual(large, self.south)
        stages = self.env[STAGES]._read_group([], ["stage_id"], ["visits:sum"], having)
        self.assertIn(self.small.sop_visit_ids.sorted("id")[0].stage_id, [stage for stage, _visits in stages])

    def test_two_companies(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.users["auditor"].company_ids += other
        visit = self.big.sop_visit_ids.sorted("id")[0]
        before = self.by(STAGES, "partner_id")[self.customer][0]
        self.env.cr.execute("UPDATE sop_visit SET company_id = %s WHERE id = %s", [other.id, visit.id])
        self.env.invalidate_all()
        auditor = self.env[STAGES].with_user(self.users["auditor"])
        for companies, count in ((self.company, before - 1), (other, 1), (self.company | other, before)):
            report = auditor.with_context(allowed_company_ids=companies.ids)
            rows = dict(report._read_group([], ["partner_id"], ["visits:sum"]))
            self.assertEqual(rows[self.customer], count)

    def test_a_hostile_context(self):
        """The key by which rows are read changes no figure."""
        self.keep(True, True)
        for value in (True, "x", 1, [2]):
            report = self.env[STAGES].with_user(self.users["auditor"]).with_context(sop_by_order=value)
            [[visits]] = report._read_group([], [], ["visits:sum"])
            self.assertEqual(visits, self.total(STAGES)[0])
            with self.assertRaises(AccessError):
                report.with_user(self.users["sales"]).browse(FIRST_ROW + self.big.sop_visit_ids[0].id).read(["day"])
