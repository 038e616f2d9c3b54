"""What a statement says: what is booked, to the cent, in each currency."""

from decimal import Decimal

from odoo.tests import tagged

from .common_statements import FIRST, SECOND, StatementCase


@tagged("post_install", "-at_install")
class TestStatementFigures(StatementCase):
    def test_opening_and_closing_are_what_is_booked(self):
        for period, before in (
            (FIRST, "2025-01-31"),
            (SECOND, "2025-02-28"),
            (("2025-02-20", "2025-03-10"), "2025-02-19"),
        ):
            parts = self.figures(period)
            for at, day in (("opening", before), ("closing", period[1])):
                _sums, company = self.booked(day)
                self.assertEqual(sum(Decimal(part[f"{at}_company"]) for part in parts.values()), company, (period, at))
                self.env.invalidate_all()
                tie_out = self.env["sop.tie.out"].with_context(sop_day=day)
                found = tie_out.search([("partner_id", "=", self.customer.id), ("company_id", "=", self.company.id)])
                self.assertEqual(float(company), found.balance)
            for part in parts.values():
                self.assertEqual(sum(map(Decimal, part["ages"].values())), Decimal(part["closing"]))
                moved = Decimal(part["debit"]) - Decimal(part["credit"])
                self.assertEqual(Decimal(part["opening"]) + moved, Decimal(part["closing"]))

    def test_february(self):
        parts = self.figures(FIRST)
        own, foreign = parts[self.own.name], parts["XTS"]
        self.assertEqual(
            [(r["kind"], r["debit"], r["credit"], r["balance"]) for r in own["rows"]],
            [
                ("invoice", "500.00", "0.00", "500.00"),
                ("receipt", "0.00", "150.00", "350.00"),
            ],
        )
        self.assertEqual((own["opening"], own["closing"]), ("0.00", "350.00"))
        self.assertEqual((own["ages"]["overdue_30"], own["ages"]["not_due"]), ("350.00", "0.00"))
        self.assertEqual((foreign["closing"], foreign["closing_company"]), ("1000.00", "500.00"))
        for name, amount in self.booked(FIRST[1])[0].items():
            self.assertEqual(Decimal(parts[name]["closing"]), amount)

    def test_march(self):
        parts = self.figures(SECOND)
        own, foreign = parts[self.own.name], parts["XTS"]
        self.assertEqual(own["opening"], "350.00")
        kinds = [(row["kind"], row["credit"]) for row in own["rows"]]
        self.assertIn(("credit_note", "100.00"), kinds)
        self.assertIn(("receipt", "198.00"), kinds)
        self.assertIn(("receipt", "100.00"), kinds)
        written_off = [row for row in own["rows"] if row["kind"] == "written_off"]
        self.assertEqual([row["credit"] for row in written_off], ["52.00"])  # 500 - 150 - 100 credited - 198
        [converted] = [row for row in foreign["rows"] if row["kind"] == "converted"]
        self.assertEqual(converted["credit"], "250.00")  # 100.00 at 2.5
        self.assertEqual(foreign["closing"], "750.00")
        self.assertEqual(Decimal(foreign["closing"]), Decimal(str(self.bill_abroad.amount_residual)))

    def test_many_at_once(self):
        partners = self.make_customers(50)
        counts = []
        for some in (partners[:2], partners[:5], partners):
            self.env.flush_all()
            self.env.invalidate_all()
            days = map(self.env["sop.statement"]._fields["date_to"].to_date, FIRST)
            before = self.env.cr.sql_log_count
            found = self.env["sop.statement.figures"]._get_figures(some, self.company, *days)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual({f["currencies"][0]["closing"] for f in found.values()}, {"10.00"})
        self.assertEqual(*counts[1:])
