from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, fields, models, release
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import split_every

from .sop_ledger import AGES, QUANTITIES
from .workbook import Book, Column

AT_ONCE = 4_000  # lines in memory
SCOPES = ("sop.settlement.line", "sop.settlement.order")
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
SUMS = tuple(dict.fromkeys((*MONEY, *COMPANY_MONEY, *AGE_MONEY)))


class SopSettlementBook(models.AbstractModel):
    """The settlement as an XLSX file: the rows of the ledger that a list shows, line by line and summed up.

    The rows pass once and none is kept, so that any number of lines fits into memory. All is read by the rights of the
    user; whoever may not read the settlement gets an :class:`AccessError`.
    """

    _name = "sop.settlement.book"
    _description = "Settlement Workbook"

    @api.model
    def _get_scope(self, model, domain):
        """Return the settlement lines behind a list, as records of ``sop.settlement.line``.

        :param model: of the list, one of ``SCOPES``
        :param domain: of the list; as the day, ``sop_day`` of the context counts
        :raise ValidationError: for another model, and for what is no domain of it
        """
        if model not in SCOPES:
            raise ValidationError(self.env._("“%s”: this is no settlement list.", model))
        self.env[model].check_access("read")
        self.env["sop.ledger"]._get_day(self.env.company)  # or it is none
        lines = self.env["sop.settlement.line"]
        try:
            domain = Domain(domain)
            if model != lines._name:
                domain = Domain("order_id", "in", self.env[model]._search(domain))
            return lines.search(domain)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise ValidationError(self.env._("“%s”: the list cannot be filtered by this.", domain)) from error

    @api.model
    def _count(self, model, domain):
        """Return how many lines are behind a list; arguments as for :meth:`_get_scope`."""
        return len(self._get_scope(model, domain))

    @api.model
    def _get_file_name(self):
        """Return the name of the file as of the day of the context."""
        day = self.env["sop.ledger"]._get_day(self.env.company)
        return f"{self.env._('Settlement')} {fields.Date.to_string(day)}.xlsx"

    @api.model
    def _write(self, target, model, domain, progress=None):
        """Write the workbook.

        :param target: path of the file
        :param model, domain: as for :meth:`_get_scope`
        :param progress: called with the number of lines that are written, now and then
        :return: the number of lines
        """
        lines = self._get_scope(model, domain)
        with Book(target) as book:
            writer = _Writer(self, book)
            for done in writer.write_rows(lines._ids):
                if progress:
                    progress(done)
            writer.write_sums()
            self._write_differences(book, writer.order_ids, set(lines._ids))
            self._write_parameters(book, model, domain, len(lines))
        return len(lines)

    @api.model
    def _write_differences(self, book, order_ids, line_ids):
        """Write what is different on the orders by now, of their lines on ``line_ids`` alone."""
        env = self.env
        labels = env["sop.difference"].fields_get(attributes=["string", "selection"])
        names = (
            "order_id",
            "partner_id",
            "kind",
            "state",
            "amount_company",
            "found_on",
            "user_id",
            "reason_id",
            "note",
        )
        kinds = {"amount_company": "money", "found_on": "date"}
        columns = [Column(labels[name]["string"], kinds.get(name, "text"), 20) for name in names]
        title = env._("Differences")
        ledger = env["sop.ledger"]
        if ledger._get_day(env.company) < ledger.with_context(sop_day=None)._get_day(env.company):
            title = env._("Differences, as they are today")  # of earlier days nobody knows
        sheet = book.add_sheet(env._("Differences"), title, columns)
        for ids in split_every(AT_ONCE, sorted(order_ids), list):
            there = [("order_id", "in", ids), ("state", "!=", "gone")]
            for difference in env["sop.difference"].search(there, order="order_id, id"):
                if difference.line_id and difference.line_id.id not in line_ids:
                    continue
                values = [
                    dict(labels[name]["selection"]).get(difference[name])
                    if "selection" in labels[name]
                    else difference[name].sudo().display_name  # what it is called
                    if name.endswith("_id")
                    else difference[name]
                    for name in names
                ]
                pattern = book.number(difference.company_currency_id)
                sheet.add_row(values, tuple(pattern if name == "amount_company" else None for name in names))
            env.invalidate_all()
        sheet.end_rows()

    @api.model
    def _write_parameters(self, book, model, domain, number):
        """Write what the file shows, and who had it made when."""
        env = self.env
        zone = ZoneInfo(env.user.tz or "UTC")
        addon = env["ir.module.module"].sudo()._get("order_sop")  # its version
        columns = [Column(env._("Parameter"), width=28), Column(env._("Value"), width=90)]
        sheet = book.add_sheet(env._("Parameters"), env._("Parameters"), columns)
        for label, value in (
            (env._("Company"), ", ".join(env.companies.mapped("name"))),
            (env._("As Of"), fields.Date.to_string(env["sop.ledger"]._get_day(env.company))),
            (env._("List"), env[model]._description),
            (env._("Filters"), str(domain)),
            (env._("Lines"), str(number)),
            (env._("Made By"), env.user.name),
            (env._("Made On"), f"{datetime.now(zone):%Y-%m-%d %H:%M:%S} ({zone.key})"),
            (env._("Versions"), f"Odoo {release.version}, Order SOP {addon.latest_version}"),
        ):
            sheet.add_row([label, value])


class _Writer:
    """Takes rows as they come and writes lines and orders; keeps the sums for the other sheets."""

    def __init__(self, model, book):
        env = self.env = model.env
        labels = env["sop.settlement.line"].fields_get([*QUANTITIES, *SUMS], ["string"])
        self.labels = {name: label["string"] for name, label in labels.items()}
        money = [self.column(name) for name in (*MONEY, *COMPANY_MONEY)]
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
        self.totals = defaultdict(lambda: defaultdict(Decimal))
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
        if self.order and self.order["order_id"] != row["order_id"]:
            self.write_order()
        if not self.order:
            self.order = dict.fromkeys(SUMS, Decimal(0)) | {
                name: row[name]
                for name in ("order_id", "date_order", "partner_id", "user_id", "company_id", "currency_id")
            }
            self.order |= {"company_currency_id": row["company_currency_id"], "lines": 0}
        for name in SUMS:
            self.order[name] += row[name]
        self.order["lines"] += 1
        names, currency = self.names, self.currencies[row["currency_id"]]
        amounts = (*MONEY, *COMPANY_MONEY)
        self.lines.add_row(
            [
                names["sale.order"][row["order_id"]],
                self.get_date(row),
                names["res.partner"][row["partner_id"]],
                names["product.product"].get(row["product_id"]) or names["sale.order.line"].get(id_),
                names["res.users"].get(row["user_id"]),
                names["res.company"][row["company_id"]],
                currency[0],
                *(row[name] for name in QUANTITIES),
                names["uom.uom"].get(row["product_uom_id"]),
                *(row[name] for name in amounts),
            ],
            self.patterns(amounts, row["currency_id"], row["company_currency_id"], 8 + len(QUANTITIES)),
        )

    def get_date(self, row):
        """Return the date of the order of ``row`` where its company is."""
        company = self.env["res.company"].browse(row["company_id"])
        return self.env["sop.ledger"]._get_date(company, row["date_order"])

    def write_order(self):
        row, self.order = self.order, None
        if not row:
            return
        names, amounts = self.names, (*MONEY, *COMPANY_MONEY)
        self.order_ids.append(row["order_id"])
        self.orders.add_row(
            [
                names["sale.order"][row["order_id"]],
                self.get_date(row),
                names["res.partner"][row["partner_id"]],
                names["res.users"].get(row["user_id"]),
                names["res.company"][row["company_id"]],
                self.currencies[row["currency_id"]][0],
                *(row[name] for name in amounts),
            ],
            self.patterns(amounts, row["currency_id"], row["company_currency_id"], 6),
        )
        key = row["company_id"], row["currency_id"], row["company_currency_id"]
        totals = self.totals[key]
        totals["orders"] += 1
        totals["lines"] += row["lines"]
        for name in SUMS:
            totals[name] += row[name]
        if any(row[name] for name in AGE_MONEY):
            ages = self.ages[(row["partner_id"], *key)]
            for index, name in enumerate(AGE_MONEY):
                ages[index] += row[name]

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
        amounts = (*MONEY, *COMPANY_MONEY)
        for sheet in (self.orders, self.lines):
            sheet.end_rows()
            self.write_totals(sheet, amounts, len(sheet.columns) - len(amounts), self.get_totals(amounts))
        ordered = sorted(self.totals.items(), key=lambda item: str(self.label(item[0])))
        for key, totals in ordered:
            company, currency = self.label(key)
            values = [company, currency, totals["orders"], totals["lines"], *(totals[name] for name in amounts)]
            self.summary.add_row(values, self.patterns(amounts, *key[1:], 4))
        self.summary.end_rows()
        self.write_totals(self.summary, amounts, 4, self.get_totals(amounts))
        for key, ages in sorted(self.ages.items(), key=lambda item: str(self.names["res.partner"][item[0][0]])):
            company, currency = self.label(key[1:])
            values = [self.names["res.partner"][key[0]], company, currency, *ages]
            self.ageing.add_row(values, self.patterns(AGE_MONEY, *key[2:], 3))
        self.ageing.end_rows()
        self.write_totals(self.ageing, AGE_MONEY, 3, self.get_totals(AGE_MONEY))

    def label(self, key):
        return self.names["res.company"][key[0]], self.currencies[key[1]][0]

    def get_totals(self, amounts):
        """Return ``[(label, currencies, sums)]``: one for each currency, then one for each of companies.

        As in the list, what is in several currencies has no sum.
        """
        own, company = defaultdict(lambda: defaultdict(Decimal)), defaultdict(lambda: defaultdict(Decimal))
        for key, totals in self.totals.items():
            for name in amounts:
                own[key[1:]][name] += totals[name]
                company[key[2]][name] += totals[name]
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
