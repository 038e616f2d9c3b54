"""Holds the ledger against the independent computation, and that against facts of Odoo: what differs, by name."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

from .life_world import DAYS, FIRST_DAY
from .oracle_books import Books
from .oracle_ledger import COLUMNS, QUANTITIES, Settlement
from .oracle_tie_out import customer_of, tie_out

CUT_OFFS = tuple(FIRST_DAY + timedelta(days=days) for days in (DAYS // 4, DAYS // 2, DAYS * 4 // 5))
CENT = Fraction(1, 100)
EXACT = Fraction(1, 10**5)


class Comparison:
    """Compares the rows of ``lines``; ``differences`` are ``(what, expected, got)``."""

    def __init__(self, env, lines):
        self.env, self.lines = env, lines
        self.differences, self.compared = [], 0
        self.today = date.today()
        self.books = books = Books(env.cr)
        self.settlements = {day: Settlement(env.cr, day, books) for day in (*CUT_OFFS, self.today)}

    def compare(self, what, record, expected, got, unit=CENT):
        """Note a difference of half a ``unit`` or more."""
        self.compared += 1
        if abs(Fraction(str(expected)) - Fraction(str(got))) * 2 >= unit:
            self.differences.append((f"{what} of {describe(record)}", expected, got))

    # -- the ledger against the oracle ---------------------------------------------------------------------------------

    def ledger(self):
        """Every column of every row on each day."""
        for day, settlement in self.settlements.items():
            expected, got = settlement.ledger(), self.env["sop.ledger"]._get_rows(self.lines, day)
            rows = settlement.rows
            for line in self.lines.filtered(lambda line: not line.display_type):
                if line.id not in got:
                    if line.id in expected:
                        self.differences.append((f"{day} row of {describe(line)}", "a row", "none"))
                    continue
                for column in COLUMNS:
                    figure = settlement.decimal(rows[line.id][column])
                    self.compare(f"{day} {column}", line, figure, got[line.id][column], EXACT)
        return self.differences

    def lists(self):
        """On each day the list has the rows of the page, no others, and what it shows is what they are."""
        companies = self.lines.company_id
        for day, settlement in self.settlements.items():
            expected = settlement.ledger()
            listed = self.env["sop.settlement.line"].with_context(sop_day=str(day))
            got = {row.id: row for row in listed.search([("company_id", "in", companies.ids)])}
            for id_ in expected.keys() ^ got.keys():
                what = f"{day} in the list: {describe(self.env['sale.order.line'].browse(id_))}"
                self.differences.append((what, id_ in expected, id_ in got))
            for id_ in expected.keys() & got.keys():
                for column in COLUMNS:
                    unit = 3 * CENT if column in QUANTITIES else EXACT  # quantities are shown with two decimals
                    self.compare(f"{day} {column} listed", got[id_], expected[id_][column], got[id_][column], unit)
        return self.differences

    def tie_out_lists(self):
        """On each day the tie-out has what was computed apart."""
        for day, settlement in self.settlements.items():
            listed = self.env["sop.tie.out"].with_context(sop_day=str(day))
            listed.invalidate_model()
            rows = listed.search([("company_id", "in", self.lines.company_id.ids)])
            got = {(row.company_id.id, row.partner_id.id or None): row for row in rows}
            for key, sums in tie_out(settlement).items():
                if key[0] not in self.lines.company_id.ids:
                    continue
                for name, amount in sums.items():
                    shown = got[key][name] if key in got else 0.0
                    partner = self.env["res.partner"].browse(key[1])
                    self.compare(f"{day} {name} listed", partner, float(amount), shown)
        return self.differences

    # -- the oracle against Odoo, as of today --------------------------------------------------------------------------

    def reconciled_drafts(self):
        """Return what drafts take of posted lines by reconciliation: Odoo's residuals count it, the page does not."""
        drafts, lines = defaultdict(Fraction), self.books.account_move_line
        for partial in self.books.account_partial_reconcile.values():
            sides = (partial.debit_move_id, partial.credit_move_id)
            posted = [self.books.account_move[lines[id_].move_id].state == "posted" for id_ in sides]
            for id_, here, there, sign in zip(sides, posted, reversed(posted), (1, -1), strict=True):
                if here and not there:
                    drafts[id_] += sign * partial.amount
        return drafts

    def quantities(self):
        """Quantities delivered and invoiced, and the untaxed amount, as the order's lines have them."""
        rows = self.settlements[self.today].rows
        for line in self.lines.filtered(lambda line: not line.display_type):
            row = rows[line.id]
            self.compare("qty_delivered", line, line.qty_delivered, float(row["net_delivered"]))
            if any(len(invoice_line.sale_line_ids) > 1 for invoice_line in line.invoice_lines):
                continue  # Odoo counts such an invoice line in full for each of its order lines
            self.compare("qty_invoiced_posted", line, line.qty_invoiced_posted, float(row["net_invoiced"]))
            amount, untaxed = line.untaxed_amount_invoiced, float(row["net_invoiced_untaxed"])
            self.compare("untaxed_amount_invoiced", line, amount, untaxed)
        return self.differences

    def deliveries(self):
        """Quantities delivered by each day, as Odoo's accruals have them."""
        for company in self.lines.company_id:
            lines = self.lines.filtered(
                lambda line, company=company: line.company_id == company and line.qty_delivered_method == "stock_move"
            )
            for day in CUT_OFFS:
                dated = lines.with_context(accrual_entry_date=str(day), tz=company.partner_id.tz)
                rows = self.settlements[day].rows
                for line in dated.filtered(lambda line: not line.display_type):
                    got = float(rows[line.id]["net_delivered"])
                    self.compare(f"{day} delivered", line, line.qty_delivered_at_date, got)
        return self.differences

    def invoices(self):
        """What is open of each invoice, as its residual amount says."""
        settlement, drafts = self.settlements[self.today], self.reconciled_drafts()
        for invoice in self.env["account.move"].browse(settlement.outstanding):
            residual = invoice.amount_residual_signed + sum(float(drafts.get(id_, 0)) for id_ in invoice.line_ids.ids)
            outstanding = sum(settlement.outstanding[invoice.id].values())
            self.compare("amount_residual_signed", invoice, residual, float(outstanding))
        return self.differences

    def balances(self, companies):
        """What each customer owes by Odoo's own reading of its entries."""
        sums = tie_out(self.settlements[self.today])
        drafts = defaultdict(Fraction)
        for id_, amount in self.reconciled_drafts().items():
            line = self.books.account_move_line[id_]
            drafts[self.books.account_move[line.move_id].company_id, customer_of(self.books, line)] += amount
        for company in companies:
            env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
            for partner in env["res.partner"].browse({id_ for _company, id_ in sums if id_}):
                balance = sums.get((company.id, partner.id), {}).get("balance", 0)
                credit = sum((partner | partner.child_ids).mapped("credit"))
                credit += float(drafts[company.id, partner.id])
                self.compare("credit", partner, credit, float(balance))
        return self.differences

    def tie_outs(self):
        """On each day the receivable accounts are the sum of what is open."""
        for day, settlement in self.settlements.items():
            for (company, partner), sums in tie_out(settlement).items():
                parts = sums["orders"] + sums["no_order"] + sums["other"]
                self.compared += 1
                if parts != sums["balance"]:
                    what = f"{day} tie-out of company {company}, customer {partner}"
                    self.differences.append((what, float(sums["balance"]), float(parts)))
        return self.differences


def describe(record):
    """Return a name by which the record is found again, with the documents behind an order's line."""
    if record._name == "sop.settlement.line":
        record = record.env["sale.order.line"].browse(record.id)
    if record._name != "sale.order.line":
        return f"{record.display_name} ({record.id})"
    moves = record.move_ids.filtered(lambda move: move.state == "done")
    documents = [*moves.picking_id.mapped("name"), *record.invoice_lines.move_id.mapped("name")]
    return f"{record.order_id.name} line {record.id} {record.product_id.name} ({', '.join(map(str, documents))})"


def report(differences, shown=40):
    """Return a readable list of what differs."""
    lines = [f"{what}: expected {expected}, got {got}" for what, expected, got in differences[:shown]]
    return "\n".join([f"{len(differences)} differences", *lines])
