"""What the tests of the ledger share: rows that are compared with figures worked out by hand."""

from freezegun import freeze_time

from odoo import Command
from odoo.fields import Date

from ..engine.ledger import AGES, AMOUNTS, COMPANY_AMOUNTS, KINDS
from .common_fulfilment import SettlementCase


class LedgerCase(SettlementCase):
    """Orders, their documents on given days, and their rows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.own = cls.company.currency_id
        cls.foreign = cls.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "x",
                "rounding": 0.01,
                "rate_ids": [
                    Command.create({"name": day, "rate": rate, "company_id": cls.company.id})
                    for day, rate in (("2025-01-01", 2.0), ("2025-03-01", 2.5), ("2025-04-01", 1.6))
                ],
            }
        )
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Test", "currency_id": cls.foreign.id})
        cls.excluded, cls.included = cls.env["account.tax"].create(
            [
                {"name": f"13 % {how}", "amount": 13.0, "price_include_override": how}
                for how in ("tax_excluded", "tax_included")
            ]
        )
        account = {"account_type": "expense", "company_ids": cls.company.ids}
        cls.loss = cls.env["account.account"].create({"name": "Losses", "code": "SOPLOSS", **account})

    def on(self, day):
        """Return a context in which it is ``day``, noon in Shanghai."""
        return freeze_time(f"{day} 04:00:00")

    def rows(self, orders, day=None):
        """Return the rows of ``orders`` as of ``day``, one a line."""
        self.env.flush_all()
        return list(
            self.env["sop.ledger"]._get_rows(orders.order_line.sorted("id"), day and Date.to_date(day)).values()
        )

    def get_lines(self, domain, day=None):
        """Return the order lines that the settlement lists as of ``day``."""
        listed = self.env["sop.settlement.line"].with_context(sop_day=day and Date.to_string(day)).search(domain)
        return self.env["sale.order.line"].browse(listed.ids)

    def row(self, order, day=None, index=0):
        """Return one row of ``order``."""
        return self.rows(order, day)[index]

    def assert_row(self, row, **figures):
        """Assert the figures that are named, with those in company currency the same unless named as well, and the
        sums that hold for every row."""
        for name, figure in [*figures.items()]:
            if name in AMOUNTS and row["currency_id"] == row["company_currency_id"]:
                figures.setdefault(f"{name}_company", figure)
        found = {name: float(row[name]) for name in figures}
        self.assertEqual(found, {name: float(figure) for name, figure in figures.items()})
        for suffix in ("", "_company"):
            settled = sum(row[f"{kind}{suffix}"] for kind in KINDS)
            self.assertEqual(row[f"outstanding{suffix}"], row[f"net_invoiced_total{suffix}"] - settled)
            self.assertEqual(row[f"overdue{suffix}"], sum(row[f"{age}{suffix}"] for age in AGES[1:]))

    def assert_nothing(self, row, but=()):
        """Assert that all amounts of ``row`` are 0, except those of columns whose names begin with one of ``but``."""
        names = [name for name in AMOUNTS + COMPANY_AMOUNTS if not name.startswith(tuple(but))]
        self.assertEqual({name: row[name] for name in names if row[name]}, {})

    def assert_booked(self, orders):
        """Assert that what is outstanding of ``orders``, all of whose invoices are theirs alone, is what Odoo says."""
        invoices = orders.invoice_ids.filtered(lambda move: move.state == "posted")
        rows = self.rows(orders)
        self.assertAlmostEqual(
            float(sum(row["outstanding_company"] for row in rows)), sum(invoices.mapped("amount_residual_signed")), 6
        )
        ages = sum(row[f"{age}_company"] for row in rows for age in AGES)
        self.assertEqual(sum(row["outstanding_company"] for row in rows), ages)
