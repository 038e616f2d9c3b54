from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, split_every

from .ledger_shares import NOISE, nearest, to_decimals, to_units

QUANTITIES = ("ordered", "delivered", "returned", "net_delivered", "invoiced", "credited", "net_invoiced")
AGES = ("not_due", "overdue_30", "overdue_60", "overdue_90", "overdue_older")
KINDS = ("paid", "offset", "written_off", "exchange")
AMOUNTS = (
    "ordered_untaxed",
    "ordered_total",
    "delivered_untaxed",
    "delivered_total",
    "invoiced_untaxed",
    "invoiced_total",
    "credited_untaxed",
    "credited_total",
    "net_invoiced_untaxed",
    "net_invoiced_total",
    "deposit_taken",
    "deposit_used",
    *KINDS,
    "outstanding",
    "overdue",
    *AGES,
)
COMPANY_AMOUNTS = tuple(f"{name}_company" for name in AMOUNTS)
COLUMNS = QUANTITIES + AMOUNTS + COMPANY_AMOUNTS
READ = {
    "sale.order": ["state", "date_order", "currency_id", "currency_rate", "partner_id", "user_id", "company_id"],
    "sale.order.line": None,
    "res.partner": ["commercial_partner_id"],
    "stock.move": ["state", "date", "quantity", "product_uom", "product_id", "sale_line_id", "to_refund"],
    "stock.location": ["usage", "parent_path", "company_id"],
    "account.move": None,
    "account.move.line": None,
    "account.partial.reconcile": None,
    "account.payment": ["outstanding_account_id"],
    "account.journal": ["default_account_id", "suspense_account_id"],
    "account.account": ["account_type"],
    "res.currency.rate": ["rate", "name", "currency_id", "company_id"],
}
AT_ONCE = 20_000


class SopLedger(models.AbstractModel):
    """From order lines to their money as of the end of a day: the one definition behind the settlement list, its XLSX,
    PDF and statements. ``docs/settlement.md`` says what each column means.

    Nothing is stored: all is computed from Odoo's documents as somebody reads. No method here checks who asks; callers
    do, since documents of stock and accounting are read whole.
    """

    _name = "sop.ledger"
    _description = "SOP Ledger"

    @api.model
    def _get_rows(self, lines, day=None):
        """Return the figures of order lines.

        :param lines: ``sale.order.line`` records, of any companies; sections and notes are left out
        :param day: date; None is today in the time zone of the order's company
        :return: ``{line id: row}``; a row has ``COLUMNS`` (quantities as floats in the line's unit, amounts as Decimals
            in the order's currency and, with ``_company`` behind the name, in the company's) and ``order_id``,
            ``company_id``, ``currency_id``, ``company_currency_id``, ``partner_id`` (the commercial partner),
            ``user_id``, ``product_id``, ``product_uom_id``, ``date_order``
        """
        return dict(self._iter_rows(lines, day))

    @api.model
    def _iter_rows(self, lines, day=None, size=AT_ONCE):
        """Yield ``(line id, row)`` as :meth:`_get_rows` returns them, in the order of ``lines``, ``size`` at a time in
        memory."""
        for model, names in READ.items():
            self.env[model].flush_model(names)
        for ids in split_every(size, lines._ids, list):
            rows = self._compute_rows(ids, day)
            yield from ((id_, rows[id_]) for id_ in ids if id_ in rows)

    @api.model
    def _get_day(self, company):
        """Return the day asked for in the context (``sop_day``), else today where ``company`` is.

        :raise ValidationError: for what is no date
        """
        value = self.env.context.get("sop_day")
        try:
            day = fields.Date.to_date(value) if value else None
        except (TypeError, ValueError):
            day = None
        if value and (not day or day == date.max):
            raise ValidationError(self.env._("“%s”: this is no date.", value))
        return day or datetime.now(ZoneInfo(company._sop_locale()[1])).date()

    @api.model
    def _get_end(self, company, day):
        """Return when ``day`` ends where ``company`` is (naive UTC, the first moment after it)."""
        midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(company._sop_locale()[1]))
        return midnight.astimezone(UTC).replace(tzinfo=None)

    # -- the parts of a row --------------------------------------------------------------------------------------------

    @api.model
    def _compute_rows(self, ids, day):
        """Return ``{line id: row}`` in a number of queries that does not depend on how many ``ids`` there are."""
        by_company = defaultdict(dict)
        for base in self._read_lines(ids):
            by_company[base["company_id"]][base["id"]] = base
        rows = {}
        for company_id, bases in by_company.items():
            company = self.env["res.company"].browse(company_id).sudo()  # its currency and time zone
            rows |= self._compute_company_rows(company, bases, day or self._get_day(company))
        return rows

    @api.model
    def _compute_company_rows(self, company, bases, day):
        end = self._get_end(company, day)
        quantities = self._get_delivered(company, bases, end)
        amounts = {id_: defaultdict(int) for id_ in bases}
        self._add_ordered(company, bases, quantities, amounts, end)
        self._add_delivered(company, bases, quantities, amounts)
        self._add_invoiced(company, bases, quantities, amounts, day)
        return {id_: self._get_row(base, quantities[id_], amounts[id_]) for id_, base in bases.items()}

    @api.model
    def _read_lines(self, ids):
        """Return what a row needs to know of its order line, as a dict for each of ``ids`` that sells something."""
        self.env.cr.execute(
            SQL(
                """SELECT l.id, l.order_id, l.product_id, l.product_uom_id, l.product_uom_qty, l.price_subtotal,
                          l.price_total, l.qty_delivered, l.qty_delivered_method, l.is_downpayment, o.company_id,
                          o.state, o.date_order, o.currency_id, o.currency_rate, o.user_id,
                          p.commercial_partner_id AS partner_id, c.currency_id AS company_currency_id
                     FROM sale_order_line l
                     JOIN sale_order o ON o.id = l.order_id
                     JOIN res_partner p ON p.id = o.partner_id
                     JOIN res_company c ON c.id = o.company_id
                    WHERE l.id = ANY(%s) AND l.display_type IS NULL""",
                list(ids),
            )
        )
        bases, digits = self.env.cr.dictfetchall(), self._get_digits()
        for base in bases:
            base["digits"] = digits[base["currency_id"]]
            base["company_digits"] = digits[base["company_currency_id"]]
            base["rate"] = Decimal(repr(base["currency_rate"] or 1.0))
        return bases

    @api.model
    def _get_digits(self):
        """Return ``{currency id: its decimals}``."""
        # currencies are no secret
        currencies = self.env["res.currency"].sudo().with_context(active_test=False).search_fetch([], ["rounding"])
        return {currency.id: currency.decimal_places for currency in currencies}

    @api.model
    def _add_ordered(self, company, bases, quantities, amounts, end):
        for id_, base in bases.items():
            if base["state"] != "sale" or base["date_order"] >= end or base["is_downpayment"]:
                continue
            quantities[id_]["ordered"] = base["product_uom_qty"] or 0.0
            for name, price in (("ordered_untaxed", "price_subtotal"), ("ordered_total", "price_total")):
                self._add_at_rate(base, amounts[id_], name, to_units(base[price], base["digits"]))

    @api.model
    def _add_at_rate(self, base, amounts, name, units):
        """Add ``units`` of the order's currency to column ``name``, and in the company's by the rate of the order."""
        amounts[name] += units
        value = Decimal(units).scaleb(base["company_digits"] - base["digits"]) / base["rate"]
        amounts[f"{name}_company"] += nearest(value)

    @api.model
    def _get_row(self, base, quantities, amounts):
        """Return the row of one line out of what was summed up for it."""
        for suffix in ("", "_company"):
            for what in ("untaxed", "total"):
                invoiced, credited = amounts[f"invoiced_{what}{suffix}"], amounts[f"credited_{what}{suffix}"]
                amounts[f"net_invoiced_{what}{suffix}"] = invoiced - credited
            settled = sum(amounts[f"{kind}{suffix}"] for kind in KINDS)
            amounts[f"outstanding{suffix}"] = amounts[f"net_invoiced_total{suffix}"] - settled
            amounts[f"overdue{suffix}"] = sum(amounts[f"{age}{suffix}"] for age in AGES[1:])
        quantities["net_invoiced"] = round(quantities["invoiced"] - quantities["credited"], NOISE)
        row = {name: base[name] for name in ("order_id", "company_id", "currency_id", "company_currency_id")}
        row |= {name: base[name] for name in ("partner_id", "user_id", "product_id", "product_uom_id", "date_order")}
        row |= {name: quantities[name] for name in QUANTITIES}
        row |= to_decimals(amounts, AMOUNTS, base["digits"])
        return row | to_decimals(amounts, COMPANY_AMOUNTS, base["company_digits"])
