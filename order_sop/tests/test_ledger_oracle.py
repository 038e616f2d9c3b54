"""The ledger against an independent computation, on random lives of orders, to 0.00.

``ORDER_SOP_LEDGER_ORDERS`` and ``ORDER_SOP_LEDGER_SEED`` say how many orders live, and which.
"""

import os
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

from odoo.tests import tagged

from .common import SopCase
from .life_of_orders import Lives
from .life_world import DAYS, FIRST_DAY
from .oracle_books import Books, exact
from .oracle_ledger import DOCUMENTS, QUANTITIES, Settlement
from .oracle_tie_out import tie_out

ORDERS = int(os.environ.get("ORDER_SOP_LEDGER_ORDERS", "60"))
SEED = os.environ.get("ORDER_SOP_LEDGER_SEED", "1")
CUT_OFFS = (*(FIRST_DAY + timedelta(days=days) for days in (DAYS // 4, DAYS // 2, DAYS * 4 // 5)), date.max)
SHOWN = 40


@tagged("post_install", "-at_install")
class TestLedgerOracle(SopCase):
    """Every column of every line on three days and today; the oracle is held against facts of Odoo as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        process = cls.make_process({}, company_id=False)
        cls.lives = Lives(cls.env, SEED, ORDERS, process).play()
        cls.lines = cls.lives.orders.order_line
        cls.books = Books(cls.env.cr)
        cls.settlements = {day: Settlement(cls.env.cr, day, cls.books) for day in CUT_OFFS}

    def report(self, differences):
        """Fail with a readable list of ``(what, expected, got)``, if there is any."""
        if differences:
            shown = [f"{what}: expected {expected}, got {got}" for what, expected, got in differences[:SHOWN]]
            self.fail("\n".join([f"{len(differences)} differences; seed {SEED}, {ORDERS} orders", *shown]))

    def compare(self, what, record, expected, got, differences, unit=Fraction(1, 100)):
        """Note a difference of half a ``unit`` or more."""
        if abs(exact(expected) - exact(got)) * 2 >= unit:
            differences.append((f"{what} of {record.display_name} ({record.id})", float(expected), float(got)))

    # -- the oracle against Odoo ---------------------------------------------------------------------------------------

    def test_lives_are_lively(self):
        """Chance has done everything, and Odoo has refused little of it."""
        lives = self.lives
        refused = sum(lives.refused.values())
        for reason, count in lives.refused.most_common(10):
            print(count, reason)
        print(lives.acts)
        self.assertLess(refused, sum(lives.acts.values()) / 20, lives.refused)

    def test_oracle_quantities(self):
        """Delivered and invoiced quantities and amounts of today are those that Odoo has on the lines."""
        differences = []
        rows = self.settlements[date.max].rows
        for line in self.lines.filtered(lambda line: not line.display_type):
            row = rows[line.id]
            self.compare("delivered", line, line.qty_delivered, row["net_delivered"], differences)
            if all(len(invoice_line.sale_line_ids) == 1 for invoice_line in line.invoice_lines):
                self.compare("invoiced", line, line.qty_invoiced_posted, row["net_invoiced"], differences)
                untaxed = line.untaxed_amount_invoiced
                self.compare("untaxed", line, untaxed, row["net_invoiced_untaxed"], differences)
        self.report(differences)

    def test_oracle_invoices(self):
        """What is outstanding of an invoice today is its residual amount."""
        differences, residuals = [], defaultdict(Fraction)
        for move_id, parts in self.settlements[date.max].outstanding.items():
            residuals[move_id] = sum(parts.values())
        for invoice in self.env["account.move"].browse(residuals):
            self.compare("open", invoice, invoice.amount_residual_signed, residuals[invoice.id], differences)
        self.report(differences)

    def test_oracle_ties_out(self):
        """On each day the receivable accounts are what is open of orders, of other invoices and of other entries."""
        differences = []
        for day, settlement in self.settlements.items():
            for (company, partner), sums in tie_out(settlement).items():
                parts = sums["orders"] + sums["no_order"] + sums["other"]
                if parts != sums["balance"]:
                    differences.append((f"{day} {company} {partner}", float(sums["balance"]), float(parts)))
        self.report(differences)

    def test_oracle_balances(self):
        """Balances of today are those that Odoo reads from its own entries."""
        differences = []
        for world in self.lives.worlds:
            sums = tie_out(self.settlements[date.max])
            for customer, _branch in world.customers:
                credit = customer.with_env(world.env).credit
                self.compare("credit", customer, credit, sums[world.company.id, customer.id]["balance"], differences)
        self.report(differences)
