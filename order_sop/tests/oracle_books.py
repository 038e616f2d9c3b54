"""The raw tables that the independent settlement reads: plain SELECTs, exact fractions, no ORM."""

from datetime import UTC
from fractions import Fraction
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from odoo.tools import SQL

TABLES = {
    "sale_order": "name state date_order company_id currency_id currency_rate sop_process_id",
    "sale_order_line": "order_id display_type is_downpayment product_id product_uom_id product_uom_qty price_unit"
    " discount price_subtotal price_total qty_delivered_method qty_delivered",
    "stock_move": "state date sale_line_id product_id product_uom quantity location_id location_dest_id to_refund"
    " origin_returned_move_id picking_id",
    "stock_picking": "state date_done location_dest_id",
    "stock_location": "usage company_id",
    "uom_uom": "factor",
    "account_move": "name state move_type date invoice_date invoice_date_due company_id currency_id"
    " invoice_currency_rate journal_id origin_payment_id statement_line_id",
    "account_move_line": "move_id display_type account_id partner_id date_maturity balance amount_currency currency_id"
    " quantity product_uom_id price_subtotal price_total",
    "account_partial_reconcile": "debit_move_id credit_move_id exchange_move_id max_date amount debit_amount_currency"
    " credit_amount_currency",
    "account_payment": "outstanding_account_id",
    "account_journal": "default_account_id suspense_account_id",
    "account_account": "account_type",
    "account_tax": "sequence amount price_include_override company_id",
    "product_product": "product_tmpl_id",
    "product_template": "invoice_policy",
    "sop_stage": "process_id",
    "sop_checkpoint": "stage_id rule",
    "sop_proof": "picking_id kind attachment_id void_at",
    "res_company": "currency_id partner_id resource_calendar_id account_price_include tax_calculation_rounding_method",
    "res_currency": "rounding",
    "res_currency_rate": "currency_id company_id name rate",
    "res_partner": "tz commercial_partner_id",
    "resource_calendar": "tz",
    "decimal_precision": "name digits",
}
LINKS = {
    "sale_order_line_invoice_rel": "invoice_line_id order_line_id",
    "account_tax_sale_order_line_rel": "sale_order_line_id account_tax_id",
}


def exact(value):
    """Return a number of the database as the fraction that its decimal digits say; anything else as it is."""
    return Fraction(repr(value)) if isinstance(value, float) else value


def rounded(value, unit):
    """Round to a multiple of ``unit``, half away from zero."""
    steps = abs(value) / unit + Fraction(1, 2)
    return (steps.numerator // steps.denominator) * unit * (-1 if value < 0 else 1)


def rounded_up(value, unit):
    """Round to a multiple of ``unit``, away from zero."""
    steps = -(-abs(value) // unit)
    return steps * unit * (-1 if value < 0 else 1)


def shares(amount, weights, unit):
    """Share ``amount`` out by ``weights``: the differences of the rounded running parts, so that they sum up to it."""
    whole = sum(weights)
    if not whole:
        return [amount if number == 0 else Fraction(0) for number in range(len(weights))]
    parts, before, running = [], Fraction(0), Fraction(0)
    for weight in weights:
        running += weight
        until = rounded(amount * running / whole, unit)
        parts.append(until - before)
        before = until
    return parts


def select(table, columns):
    """Return the query of some columns of all rows, ordered by the first one."""
    names = SQL(", ").join(map(SQL.identifier, columns))
    return SQL("SELECT %s FROM %s ORDER BY %s", names, SQL.identifier(table), SQL.identifier(columns[0]))


class Books:
    """All rows of the tables above by id, as they are on the cursor now, and the few look-ups that they need."""

    def __init__(self, cr):
        for table, columns in TABLES.items():
            setattr(self, table, dict(self._read(cr, table, ["id", *columns.split()])))
        self.order_lines_of = self._read_links(cr, "sale_order_line_invoice_rel")
        self.taxes_of = self._read_links(cr, "account_tax_sale_order_line_rel")
        self.lines_of = {}
        for line in self.account_move_line.values():
            self.lines_of.setdefault(line.move_id, []).append(line)
        for lines in self.lines_of.values():
            lines.sort(key=lambda line: line.id)
        [precision] = (row.digits for row in self.decimal_precision.values() if row.name == "Product Unit")
        self.quantity_unit = Fraction(1, 10**precision)

    @staticmethod
    def _read(cr, table, columns):
        cr.execute(select(table, columns))
        for row in cr.fetchall():
            record = SimpleNamespace(**dict(zip(columns, map(exact, row), strict=True)))
            yield record.id, record

    @staticmethod
    def _read_links(cr, table):
        cr.execute(select(table, LINKS[table].split()))
        links = {}
        for one, other in cr.fetchall():
            links.setdefault(one, []).append(other)
        return {one: sorted(others) for one, others in links.items()}

    def unit_of(self, currency_id):
        """Return what amounts of the currency are rounded to."""
        return self.res_currency[currency_id].rounding

    def day_of(self, moment, company_id):
        """Return the day on which a moment in UTC falls where the company is."""
        company = self.res_company[company_id]
        calendar = self.resource_calendar.get(company.resource_calendar_id)
        zone = self.res_partner[company.partner_id].tz or (calendar and calendar.tz) or "UTC"
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()

    def convert_quantity(self, quantity, uom_id, to_uom_id, rounding):
        """Convert a quantity between units and round it with ``rounding`` (Odoo leaves it alone without a unit)."""
        if not uom_id or not to_uom_id or not quantity:
            return quantity
        if uom_id != to_uom_id:
            quantity = quantity * self.uom_uom[uom_id].factor / self.uom_uom[to_uom_id].factor
        return rounding(quantity, self.quantity_unit)

    def rate(self, currency_id, company_id, day):
        """Return the rate of a currency: the company's own before the general ones, the latest by ``day``."""
        rates = [
            rate
            for rate in self.res_currency_rate.values()
            if rate.currency_id == currency_id and rate.company_id in (None, company_id)
        ]
        own = [rate for rate in rates if rate.name <= day and rate.company_id]
        for found in (own, [rate for rate in rates if rate.name <= day]):
            if found:
                return max(found, key=lambda rate: rate.name).rate
        for found in ([rate for rate in rates if rate.company_id], rates):
            if found:
                return min(found, key=lambda rate: rate.name).rate
        return Fraction(1)

    def convert_amount(self, amount, currency_id, to_currency_id, company_id, day):
        """Convert an amount as Odoo does on ``day``, rounded to the other currency."""
        if currency_id == to_currency_id:
            return amount
        ratio = self.rate(to_currency_id, company_id, day) / self.rate(currency_id, company_id, day)
        return rounded(amount * ratio, self.unit_of(to_currency_id))
