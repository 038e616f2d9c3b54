"""Writes the rows of the ledger into the sheets of a settlement workbook as they pass, and their sums behind them."""

from collections import defaultdict
from decimal import Decimal
from operator import add, itemgetter

from odoo.tools import split_every

from ..engine.ledger import AGES, QUANTITIES
from .workbook import Column

AT_ONCE = 3_000  # lines in memory
MONEY = (
    "ordered_untaxed",
    "ordered_total",
    "delivered_total",
    "invoiced_total",
    "credited_total",
    "net_invoiced_untaxed",
    "net_invoiced_total",
    "deposit_taken",
    "deposit_used",
    "paid",
    "offset",
    "written_off",
    "exchange",
    "outstanding",
    "overdue",
)
COMPANY_MONEY = ("net_invoiced_total_company", "paid_company", "outstanding_company", "overdue_company")
AGE_MONEY = (*AGES, "outstanding", "outstanding_company")
SHOWN = (*MONEY, *COMPANY_MONEY)
ORDER = ("order_id", "date_order", "partner_id", "user_id", "company_id", "currency_id", "company_currency_id")
SUMS = tuple(dict.fromkeys((*MONEY, *COMPANY_MONEY, *AGE_MONEY)))
get_sums, get_quantities, get_amounts, get_ages = (itemgetter(*names) for names in (SUMS, QUANTITIES, SHOWN, AGE_MONEY))


class SettlementWriter:
    """Takes rows as they come and writes lines and orders; keeps the sums for the other sheets."""

    def __init__(self, model, book):
        env = self.env = model.env
        labels = env["sop.settlement.line"].fields_get([*QUANTITIES, *SUMS], ["string"])
        self.labels = {name: label["string"] for name, label in labels.items()}
        money = [self.column(name) for name in SHOWN]
        quantities = [Column(self.labels[name], "number", 10) for name in QUANTITIES]
        order = [Column(env._("Order"), width=14), Column(env._("Order Date"), "date", 11)]
        customer, seller = Column(env._("Customer"), width=28), Column(env._("Salesperson"), width=18)
        product, unit = Column(env._("Product"), width=32), Column(env._("Unit"), width=9)
        company, currency = Column(env._("Company"), width=20), Column(env._("Currency"), width=9)
        counts = [Column(env._("Orders"), "number", 9), Column(env._("Lines"), "number", 9)]
        self.summary = book.add_sheet(env._("Summary"), env._("Settlement"), [company, currency, *counts, *money])
        self.orders = book.add_sheet(
            env._("Orders"), env._("Settlement of Orders"), [*order, customer, seller, company, currency, *money]
        )
        self.lines = book.add_sheet(
            env._("Lines"),
            env._("Settlement Lines"),
            [*order, customer, product, seller, company, currency, *quantities, unit, *money],
        )
        self.ageing = book.add_sheet(
            env._("Ageing"), env._("Ageing"), [customer, company, currency, *(self.column(name) for name in AGE_MONEY)]
        )
        self.names, self.known = defaultdict(dict), {}
        self.currencies = {
            currency.id: (currency.name, book.number(currency))
            for currency in env["res.currency"].sudo().with_context(active_test=False).search([])  # same for everybody
        }
        self.totals = defaultdict(lambda: {"orders": 0, "lines": 0, "sums": [Decimal(0)] * len(SUMS)})
        self.ages = defaultdict(lambda: [Decimal(0)] * len(AGE_MONEY))
        self.order, self.order_ids = None, []

    def column(self, name):
        return Column(self.labels[name], "money", 14)

    def patterns(self, names, currency_id, company_currency_id, before):
        """Return the number format of each column: ``before`` that are no amounts, then the amounts ``names``."""
        key = names, currency_id, company_currency_id, before
        if key not in self.known:
            own, company = self.currencies[currency_id][1], self.currencies[company_currency_id][1]
            money = (company if name.endswith("_company") else own for name in names)
            self.known[key] = (*[None] * before, *money)
        return self.known[key]

    # -- rows ----------------------------------------------------------------------------------------------------------

    def write_rows(self, ids):
        """Write the sheets of lines and orders; yield now and then how many lines are written."""
        env, ledger = self.env, self.env["sop.ledger"]
        day, done = ledger._get_day(env.company) if env.context.get("sop_day") else None, 0
        for some in split_every(AT_ONCE, ids, list):
            rows = list(ledger._iter_rows(env["sale.order.line"].browse(some), day, AT_ONCE))
            self.read_names(rows)
            for id_, row in rows:
                self.write_line(id_, row)
            done += len(some)
            env.invalidate_all()
            yield done
        self.write_order()

    def write_line(self, id_, row):
        if not self.order or self.order["order_id"] != row["order_id"]:
            self.write_order()
            self.order = {name: row[name] for name in ORDER} | {"sums": [Decimal(0)] * len(SUMS), "lines": 0}
            self.order["date_order"] = self.get_date(row)
        order, names = self.order, self.names
        order["sums"] = list(map(add, order["sums"], get_sums(row)))
        order["lines"] += 1
        self.lines.add_figures(
            [
                names["sale.order"][row["order_id"]],
                order["date_order"],
                names["res.partner"][row["partner_id"]],
                names["product.product"].get(row["product_id"]) or names["sale.order.line"].get(id_),
                names["res.users"].get(row["user_id"]),
                names["res.company"][row["company_id"]],
                self.currencies[row["currency_id"]][0],
                *get_quantities(row),
                names["uom.uom"].get(row["product_uom_id"]),
                *get_amounts(row),
            ],
            self.patterns(SHOWN, row["currency_id"], row["company_currency_id"], 8 + len(QUANTITIES)),
        )

    def write_order(self):
        row, self.order = self.order, None
        if not row:
            return
        names, sums = self.names, dict(zip(SUMS, row["sums"], strict=True))
        self.order_ids.append(row["order_id"])
        self.orders.add_figures(
            [
                names["sale.order"][row["order_id"]],
                row["date_order"],
                names["res.partner"][row["partner_id"]],
                names["res.users"].get(row["user_id"]),
                names["res.company"][row["company_id"]],
                self.currencies[row["currency_id"]][0],
                *get_amounts(sums),
            ],
            self.patterns(SHOWN, row["currency_id"], row["company_currency_id"], 6),
        )
        key = row["company_id"], row["currency_id"], row["company_currency_id"]
        totals = self.totals[key]
        totals["orders"] += 1
        totals["lines"] += row["lines"]
        totals["sums"] = list(map(add, totals["sums"], row["sums"]))
        ages = get_ages(sums)
        if any(ages):
            key = (row["partner_id"], *key)
            self.ages[key] = list(map(add, self.ages[key], ages))

    def get_date(self, row):
        """Return the date of the order of ``row`` where its company is."""
        company = self.env["res.company"].browse(row["company_id"])
        return self.env["sop.engine.clock"]._get_date(company, row["date_order"])

    def read_names(self, rows):
        """Get to know what is called how in ``rows``; only names that many rows share are kept for the next."""
        self.names["sale.order"] = {
            order.id: order.name for order in self.browse("sale.order", {row["order_id"] for _id, row in rows})
        } | {
            id_: name for id_, name in self.names["sale.order"].items() if self.order and id_ == self.order["order_id"]
        }
        free = {id_ for id_, row in rows if not row["product_id"]}
        self.names["sale.order.line"] = {line.id: line.name for line in self.browse("sale.order.line", free)}
        for name, model in (
            ("partner_id", "res.partner"),
            ("product_id", "product.product"),
            ("user_id", "res.users"),
            ("company_id", "res.company"),
            ("product_uom_id", "uom.uom"),
        ):
            known = self.names[model]
            new = {row[name] for _id, row in rows if row[name]} - known.keys()
            known.update((record.id, record.display_name) for record in self.browse(model, new))

    def browse(self, model, ids):
        return self.env[model].sudo().browse(ids)  # whoever may read the settlement may know what things are called

    # -- sums ----------------------------------------------------------------------------------------------------------

    def write_sums(self):
        """Write totals below the lines and orders, and the sheets that consist of sums."""
        amounts = SHOWN
        for sheet in (self.orders, self.lines):
            sheet.end_rows()
            self.write_totals(sheet, amounts, len(sheet.columns) - len(amounts), self.get_totals(amounts))
        ordered = sorted(self.totals.items(), key=lambda item: str(self.label(item[0])))
        for key, totals in ordered:
            company, currency = self.label(key)
            values = [company, currency, totals["orders"], totals["lines"], *get_amounts(self.named(totals))]
            self.summary.add_row(values, self.patterns(amounts, *key[1:], 4))
        self.summary.end_rows()
        self.write_totals(self.summary, amounts, 4, self.get_totals(amounts))
        for key, ages in sorted(self.ages.items(), key=lambda item: str(self.names["res.partner"][item[0][0]])):
            company, currency = self.label(key[1:])
            values = [self.names["res.partner"][key[0]], company, currency, *ages]
            self.ageing.add_row(values, self.patterns(AGE_MONEY, *key[2:], 3))
        self.ageing.end_rows()
        self.write_totals(self.ageing, AGE_MONEY, 3, self.get_totals(AGE_MONEY))

    def named(self, totals):
        return dict(zip(SUMS, totals["sums"], strict=True))

    def label(self, key):
        return self.names["res.company"][key[0]], self.currencies[key[1]][0]

    def get_totals(self, amounts):
        """Return ``[(label, currencies, sums)]``: one for each currency, then one for each of companies.

        As in the list, what is in several currencies has no sum.
        """
        own, company = defaultdict(lambda: defaultdict(Decimal)), defaultdict(lambda: defaultdict(Decimal))
        for key, totals in self.totals.items():
            sums = self.named(totals)
            for name in amounts:
                own[key[1:]][name] += sums[name]
                company[key[2]][name] += sums[name]
        found = [(self.env._("Total %s", self.currencies[key[0]][0]), key, sums) for key, sums in own.items()]
        found.sort(key=lambda item: item[0])
        if len(found) > 1:
            for id_, sums in company.items():
                only = {name: amount for name, amount in sums.items() if name.endswith("_company")}
                found.append((self.env._("Total of All in %s", self.currencies[id_][0]), (id_, id_), only))
        return found

    def write_totals(self, sheet, amounts, before, totals):
        """Write the sums as values, so that they stay what the list says."""
        look = {"bold": True, "top": 1}
        for label, currencies, sums in totals:
            values = [label, *[None] * (before - 1), *(sums.get(name) for name in amounts)]
            sheet.add_row(values, self.patterns(amounts, *currencies, before), **look)
