"""The settlement of docs/settlement.md computed once more, apart from the addon: raw tables and fractions.

Each function is a paragraph of that page. Nothing here may call or copy the addon's code.
"""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from .oracle_ageing import AGES, age_lines
from .oracle_books import Books, rounded, rounded_up, shares
from .oracle_money import CREDIT_NOTES, DOCUMENTS, KINDS, Money
from .oracle_price import line_amounts

QUANTITIES = ("ordered", "delivered", "returned", "net_delivered", "invoiced", "credited", "net_invoiced")
AMOUNTS = (
    *("ordered_untaxed", "ordered_total", "delivered_untaxed", "delivered_total"),
    *("invoiced_untaxed", "invoiced_total", "credited_untaxed", "credited_total"),
    *("net_invoiced_untaxed", "net_invoiced_total", "deposit_taken", "deposit_used"),
    *("paid", "offset", "written_off", "exchange", "outstanding"),
    *(*AGES, "overdue"),
)
COLUMNS = (*QUANTITIES, *AMOUNTS, *(f"{name}_company" for name in AMOUNTS))


class Settlement:
    """The ledger as of the end of ``day``: ``rows`` by order line, what is ``outstanding`` by invoice."""

    def __init__(self, cr, day, books=None):
        self.books, self.day = books or Books(cr), day
        self.rows = {line.id: defaultdict(Fraction) for line in self._selling_lines()}
        # {order: {(order line, invoice): what of each kind of money and each age is its part, in both currencies}}
        self._parts = defaultdict(lambda: defaultdict(lambda: defaultdict(Fraction)))
        self.moved = set()  # order lines with a done move or a line of a posted invoice
        # {invoice: {"orders" | "no_order": what is outstanding on its lines, in company currency}}
        self.outstanding = defaultdict(lambda: {"orders": Fraction(0), "no_order": Fraction(0)})
        self.money = Money(self.books, day)
        self._count_moves()
        for move in self.books.account_move.values():
            if move.move_type in DOCUMENTS and move.state == "posted" and move.date <= day:
                self._count_invoice(move)
        for line in self._selling_lines():
            self._count_order(line, self.rows[line.id])

    def ledger(self):
        """Return ``{order line id: {column: Decimal}}`` of the rows that the page has on that day."""
        return {
            line.id: {name: self.decimal(self.rows[line.id][name]) for name in COLUMNS}
            for line in self._selling_lines()
            if line.id in self.moved or (self._order_of(line).state == "sale" and self._has_begun(line))
        }

    def parts_of(self, order_id):
        """Return ``{(order line id, invoice id): its part}`` of an order."""
        return self._parts.get(order_id, {})

    @staticmethod
    def decimal(value):
        """Return a fraction as a decimal number of six places."""
        return round(Decimal(value.numerator) / Decimal(value.denominator), 6)

    def _selling_lines(self):
        return [line for line in self.books.sale_order_line.values() if not line.display_type]

    def _order_of(self, line):
        return self.books.sale_order[line.order_id]

    def _has_begun(self, line):
        """Tell whether the line's order is dated not after the day."""
        order = self._order_of(line)
        return self.books.day_of(order.date_order, order.company_id) <= self.day

    def _company_currency(self, company_id):
        return self.books.res_company[company_id].currency_id

    # -- quantities ----------------------------------------------------------------------------------------------------

    def _is_between_companies(self, location_id):
        """Tell whether goods there are beyond the company: a transit location of no company."""
        location = self.books.stock_location[location_id]
        return location.usage == "transit" and not location.company_id

    def _is_delivered(self, move):
        """Tell whether a move ends at the customer (or between companies), and is no return of what a supplier sent."""
        usage = {id_: location.usage for id_, location in self.books.stock_location.items()}
        between = self._is_between_companies
        from_customer = usage[move.location_id] == "customer" or between(move.location_id)
        to_supplier = usage[move.location_dest_id] == "supplier" or between(move.location_dest_id)
        to_customer = usage[move.location_dest_id] == "customer" or between(move.location_dest_id)
        return to_customer and not (from_customer and to_supplier)

    def _is_returned(self, move):
        """Tell whether a move comes back from a customer, a supplier or between companies, and not to be lost."""
        usage = self.books.stock_location[move.location_id].usage
        lost = self.books.stock_location[move.location_dest_id].usage == "inventory"
        return not lost and (usage in ("customer", "supplier") or self._is_between_companies(move.location_id))

    def _count_moves(self):
        """Done moves of stock to the customer and back from him, by the end of the day."""
        books = self.books
        for move in books.stock_move.values():
            line = books.sale_order_line.get(move.sale_line_id)
            if not line or move.state != "done":
                continue
            if books.day_of(move.date, self._order_of(line).company_id) > self.day:
                continue
            self.moved.add(line.id)
            if move.product_id != line.product_id or line.qty_delivered_method != "stock_move":
                continue
            quantity = books.convert_quantity(move.quantity, move.product_uom, line.product_uom_id, rounded)
            if self._is_delivered(move):
                if not move.origin_returned_move_id or move.to_refund:
                    self.rows[line.id]["delivered"] += quantity
            elif move.to_refund and self._is_returned(move):
                self.rows[line.id]["returned"] += quantity

    # -- orders --------------------------------------------------------------------------------------------------------

    def _count_order(self, line, row):
        """What was ordered, what the delivered quantity is worth, and the sums of the row."""
        order, books = self._order_of(line), self.books
        currency, company_currency = order.currency_id, self._company_currency(order.company_id)
        begun = self._has_begun(line)
        amounts = {}
        if order.state == "sale" and begun and not line.is_downpayment:
            row["ordered"] = line.product_uom_qty
            amounts["ordered_untaxed"], amounts["ordered_total"] = line.price_subtotal, line.price_total
        if line.qty_delivered_method != "stock_move":
            row["delivered"] = (line.qty_delivered or 0) if begun else 0
            row["returned"] = Fraction(0)
        row["net_delivered"] = row["delivered"] - row["returned"]
        for name, amount in zip(("untaxed", "total"), self._worth(line, order, row["net_delivered"]), strict=True):
            amounts[f"delivered_{name}"] = rounded(amount, books.unit_of(currency))
        for name, amount in amounts.items():
            row[name] = amount
            row[f"{name}_company"] = rounded(amount / order.currency_rate, books.unit_of(company_currency))
        row["net_invoiced"] = row["invoiced"] - row["credited"]
        for end in ("", "_company"):
            for name in ("untaxed", "total"):
                row[f"net_invoiced_{name}{end}"] = row[f"invoiced_{name}{end}"] - row[f"credited_{name}{end}"]
            row[f"overdue{end}"] = sum(row[f"{age}{end}"] for age in AGES[1:])
            row[f"outstanding{end}"] = row[f"net_invoiced_total{end}"] - sum(row[f"{kind}{end}"] for kind in KINDS)

    def _worth(self, line, order, quantity):
        """Return subtotal and total of a quantity delivered, at the line's price."""
        if not quantity:
            return Fraction(0), Fraction(0)
        if line.product_uom_qty:
            part = quantity / line.product_uom_qty
            return line.price_subtotal * part, line.price_total * part
        return line_amounts(self.books, line, order, quantity)

    # -- invoices ------------------------------------------------------------------------------------------------------

    def _count_invoice(self, move):
        """Share an invoice and its money out on its lines, and each line on its order lines."""
        books = self.books
        sign = -1 if move.move_type in CREDIT_NOTES else 1
        unit, company_unit = books.unit_of(move.currency_id), books.unit_of(self._company_currency(move.company_id))
        lines = [line for line in books.lines_of.get(move.id, ()) if line.display_type == "product"]
        ends = [line for line in books.lines_of.get(move.id, ()) if line.display_type == "payment_term"]
        (money, ages), (company_money, company_ages) = self.money.of_invoice(ends, unit, company_unit)
        prices = [sign * line.price_total for line in lines]
        totals = self._fill_up(prices, prices, sum(end.amount_currency for end in ends), unit)
        company_prices = [rounded(price / move.invoice_currency_rate, company_unit) for price in prices]
        company_totals = self._fill_up(company_prices, prices, sum(end.balance for end in ends), company_unit)
        columns = self._columns(totals, money, ages, unit)
        columns["untaxed"] = [sign * line.price_subtotal for line in lines]
        company_columns = self._columns(company_totals, company_money, company_ages, company_unit)
        company_columns["untaxed"] = [-line.balance for line in lines]
        for number, line in enumerate(lines):
            self._count_invoice_line(
                move,
                line,
                {kind: (amounts[number], unit) for kind, amounts in columns.items()},
                {kind: (amounts[number], company_unit) for kind, amounts in company_columns.items()},
            )

    @staticmethod
    def _fill_up(amounts, weights, whole, unit):
        """Add what ``amounts`` lack to ``whole``, shared out by the absolute ``weights``."""
        rest = shares(whole - sum(amounts), [abs(weight) for weight in weights], unit)
        return [amount + part for amount, part in zip(amounts, rest, strict=True)]

    def _columns(self, totals, money, ages, unit):
        """Return what of each kind of money and each age is of each line."""
        columns = {kind: self._by_totals(amount, totals, unit) for kind, amount in money.items()}
        outstanding = [total - sum(parts) for total, *parts in zip(totals, *columns.values(), strict=True)]
        return {"total": totals, **columns, **age_lines(ages, outstanding, totals, unit)}

    @staticmethod
    def _by_totals(amount, totals, unit):
        """Share money out by the lines' totals; where they sum up to nothing, by how large they are."""
        return shares(amount, totals if sum(totals) else [abs(total) for total in totals], unit)

    def _count_invoice_line(self, move, line, amounts, company_amounts):
        """Give an invoice line's amounts to its order lines, in equal parts."""
        books = self.books
        order_line_ids = [
            id_
            for id_ in books.order_lines_of.get(line.id, [])
            if id_ in self.rows and self._order_of(books.sale_order_line[id_]).company_id == move.company_id
        ]
        taken = sum(company_amounts[kind][0] for kind in KINDS)
        self.outstanding[move.id]["orders" if order_line_ids else "no_order"] += company_amounts["total"][0] - taken
        equal = [Fraction(1)] * len(order_line_ids)
        parts = {kind: shares(amount, equal, unit) for kind, (amount, unit) in amounts.items()}
        company_parts = {kind: shares(amount, equal, unit) for kind, (amount, unit) in company_amounts.items()}
        for number, id_ in enumerate(order_line_ids):
            order_line = books.sale_order_line[id_]
            order = self._order_of(order_line)
            self.moved.add(id_)
            quantity = books.convert_quantity(
                line.quantity, line.product_uom_id, order_line.product_uom_id, rounded_up
            ) / len(order_line_ids)
            own = {
                kind: books.convert_amount(
                    part[number], move.currency_id, order.currency_id, order.company_id, move.invoice_date
                )
                for kind, part in parts.items()
            }
            company = {kind: part[number] for kind, part in company_parts.items()}
            self._add(self.rows[id_], order_line, move, line, quantity, own, company)
            for end, amounts in (("", own), ("_company", company)):
                for kind in (*KINDS, *AGES):
                    self._parts[order.id][id_, move.id][f"{kind}{end}"] += amounts[kind]

    @staticmethod
    def _add(row, order_line, move, line, quantity, own, company):
        """Add one order line's part of an invoice line to its row."""
        credit = move.move_type in CREDIT_NOTES
        side, sign = ("credited", -1) if credit else ("invoiced", 1)
        row[side] += quantity
        for end, amounts in (("", own), ("_company", company)):
            for name in ("untaxed", "total"):
                row[f"{side}_{name}{end}"] += sign * amounts[name]
            for kind in (*KINDS, *AGES):
                row[f"{kind}{end}"] += amounts[kind]
            if order_line.is_downpayment:
                if line.price_total >= 0:
                    row[f"deposit_taken{end}"] += amounts["total"]
                else:
                    row[f"deposit_used{end}"] -= amounts["total"]
