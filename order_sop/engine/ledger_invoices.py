from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from .ledger import AGES, KINDS
from .ledger_shares import nearest, share_out, spread, to_units

SALES = ("out_invoice", "out_refund", "out_receipt")
MEASURED = ("untaxed", "total", "untaxed_company", "total_company")
SUFFIXES = ("", "_company")  # of amounts in the invoice's currency, and in the company's
SHARED = tuple(f"{name}{suffix}" for suffix in SUFFIXES for name in (*KINDS, *AGES))


class SopLedgerInvoices(models.AbstractModel):
    """What of an order line was invoiced and credited by a day, and its part of what became of the invoices' money."""

    _inherit = "sop.ledger"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _add_invoiced(self, company, bases, quantities, amounts, day):
        """Add quantities and amounts of the posted invoices of the lines ``bases``."""
        convert = self._get_converter()
        for base, invoice, line, index, rate in self._iter_billed(company, bases, day):
            counts = quantities[base["id"]]
            name = "credited" if invoice["move_type"] == "out_refund" else "invoiced"
            quantity = convert(line["quantity"], line["uom_id"], base["product_uom_id"], "UP")
            counts[name] += quantity / len(line["order_lines"])
            self._add_part(base, amounts[base["id"]], invoice, line, index, rate)

    @api.model
    def _iter_billed(self, company, bases, day):
        """Yield what of posted invoices, measured and settled, is of the lines ``bases``: ``(base, invoice, its line,
        place of the order line among those that it bills, rates)``, as :meth:`_add_part` takes them."""
        billed = SQL(
            """m.id IN (SELECT a.move_id FROM sale_order_line_invoice_rel r
                          JOIN account_move_line a ON a.id = r.invoice_line_id
                         WHERE r.order_line_id = ANY(%s) AND a.display_type = 'product')""",
            list(bases),
        )
        invoices = self._read_invoices(company, billed, day)
        if not invoices:
            return
        self._measure_invoices(company, invoices)
        self._settle_invoices(company, invoices, day)
        rates = self._get_exchange_rates(company, bases, invoices)
        for invoice in invoices.values():
            for line in invoice["lines"]:
                for index, line_id in enumerate(line["order_lines"]):
                    if line_id in bases:
                        base = bases[line_id]
                        yield base, invoice, line, index, rates.get((invoice["id"], base["currency_id"]))

    @api.model
    def _get_open_parts(self, company, move_ids, day):
        """Return ``{invoice id: (outstanding of order lines, of lines of no order)}`` of the posted invoices of
        ``company`` among ``move_ids``, in units of its currency: each order line with the part that its row has."""
        invoices = self._read_invoices(company, SQL("m.id = ANY(%s)", list(move_ids)), day)
        self._measure_invoices(company, invoices)
        self._settle_invoices(company, invoices, day, SUFFIXES[1:])
        parts = {id_: [0, 0] for id_ in invoices}
        for id_, invoice in invoices.items():
            for line in invoice["lines"]:
                if not line["order_lines"]:
                    parts[id_][1] += self._get_open(line, "_company")
                for index in range(len(line["order_lines"])):
                    parts[id_][0] += self._get_open(self._get_part(None, invoice, line, index, None), "_company")
        return parts

    @api.model
    def _read_invoices(self, company, condition, day):
        """Return ``{invoice id: what it says}`` of the posted invoices ``m`` that meet ``condition``, with all their
        lines and instalments."""
        self.env.cr.execute(
            SQL(
                """SELECT m.id, m.move_type, m.currency_id, m.invoice_currency_rate,
                          COALESCE(m.invoice_date, m.date) AS day
                     FROM account_move m
                    WHERE m.state = 'posted' AND m.date <= %(day)s AND m.company_id = %(company)s
                      AND m.move_type IN %(types)s AND %(condition)s
                    ORDER BY m.id""",
                day=day,
                company=company.id,
                types=SALES,
                condition=condition,
            )
        )
        invoices = {invoice["id"]: invoice | {"lines": [], "terms": {}} for invoice in self.env.cr.dictfetchall()}
        self.env.cr.execute(
            SQL(
                """SELECT a.id, a.move_id, a.display_type, a.quantity, a.product_uom_id AS uom_id, a.price_subtotal,
                          a.price_total, a.amount_currency, a.balance,
                          COALESCE(a.date_maturity, m.invoice_date_due, a.date) AS due,
                          CASE WHEN a.display_type = 'product' THEN
                              ARRAY(SELECT l.id FROM sale_order_line_invoice_rel r
                                      JOIN sale_order_line l ON l.id = r.order_line_id
                                     WHERE r.invoice_line_id = a.id AND l.company_id = a.company_id
                                       AND l.display_type IS NULL
                                     ORDER BY l.id)
                          END AS order_lines
                     FROM account_move_line a
                     JOIN account_move m ON m.id = a.move_id
                    WHERE a.move_id = ANY(%s) AND a.display_type IN ('product', 'payment_term')
                    ORDER BY a.id""",
                list(invoices),
            )
        )
        for line in self.env.cr.dictfetchall():
            if line["display_type"] == "product":
                invoices[line["move_id"]]["lines"].append(line)
            else:
                invoices[line["move_id"]]["terms"][line["id"]] = line
        return invoices

    @api.model
    def _measure_invoices(self, company, invoices):
        """Give each line of ``invoices`` its ``untaxed`` and ``total``, in both currencies, in units."""
        digits = self._get_digits()
        own_digits = digits[company.currency_id.id]
        for invoice in invoices.values():
            invoice["digits"] = foreign_digits = digits[invoice["currency_id"]]
            sign = -1 if invoice["move_type"] == "out_refund" else 1
            rate = Decimal(repr(invoice["invoice_currency_rate"] or 1.0))
            lines, terms = invoice["lines"], invoice["terms"].values()
            for term in terms:
                term["units"] = to_units(term["amount_currency"], foreign_digits)
                term["units_company"] = to_units(term["balance"], own_digits)
            for line in lines:
                line["untaxed"] = sign * to_units(line["price_subtotal"], foreign_digits)
                line["untaxed_company"] = -to_units(line["balance"], own_digits)
                line["total"] = total = sign * to_units(line["price_total"], foreign_digits)
                line["total_company"] = nearest(Decimal(total).scaleb(own_digits - foreign_digits) / rate)
                line["used"] = sign * total < 0
            weights = [abs(line["total"]) for line in lines]
            for name, sums in (("total", "units"), ("total_company", "units_company")):
                rest = sum(term[sums] for term in terms) - sum(line[name] for line in lines)
                for line, part in zip(lines, share_out(rest, weights), strict=True):
                    line[name] += part

    @api.model
    def _settle_invoices(self, company, invoices, day, suffixes=SUFFIXES):
        """Give each line of ``invoices`` its part of each kind of money, and of what is open by how late it is; in the
        currencies that ``suffixes`` name."""
        settled = self._get_settled(company, invoices, day)
        for id_, invoice in invoices.items():
            sums, lines = settled[id_], invoice["lines"]
            alike = len(suffixes) > 1 and invoice["currency_id"] == company.currency_id.id
            for suffix in SUFFIXES[1:] if alike else suffixes:
                weights = [line[f"total{suffix}"] for line in lines]
                for kind in KINDS:
                    parts = share_out(sums[f"{kind}{suffix}"], weights)
                    for line, part in zip(lines, parts, strict=True):
                        line[f"{kind}{suffix}"] = part
                left = [line[f"total{suffix}"] - sum(line[f"{kind}{suffix}"] for kind in KINDS) for line in lines]
                ages = [sums[f"{age}{suffix}"] for age in AGES]
                for line, parts, rest in zip(lines, spread(ages, left if sum(left) else weights), left, strict=True):
                    parts[0] += rest - sum(parts)
                    line |= {f"{age}{suffix}": part for age, part in zip(AGES, parts, strict=True)}
            if alike:
                for line in lines:
                    line |= {name: line[f"{name}_company"] for name in (*KINDS, *AGES)}

    @api.model
    def _add_part(self, base, amounts, invoice, line, index, rate):
        """Add the part of the order line ``base``, the ``index``-th of those that ``line`` of ``invoice`` bills."""
        part = self._get_part(base, invoice, line, index, rate)
        name, sign = ("credited", -1) if invoice["move_type"] == "out_refund" else ("invoiced", 1)
        deposit, deposit_sign = ("deposit_used", -1) if line["used"] else ("deposit_taken", 1)
        for suffix in ("", "_company"):
            total = part[f"total{suffix}"]
            amounts[f"{name}_untaxed{suffix}"] += sign * part[f"untaxed{suffix}"]
            amounts[f"{name}_total{suffix}"] += sign * total
            if base["is_downpayment"]:
                amounts[f"{deposit}{suffix}"] += deposit_sign * total
        for column in SHARED:
            amounts[column] += part[column]

    @api.model
    def _get_part(self, base, invoice, line, index, rate):
        """Return the part of the amounts of ``line`` (units) that is the order line's ``base``, in its currency."""
        equal = [1] * len(line["order_lines"])
        if len(equal) == 1 and rate is None:
            return line
        part = {name: share_out(line[name], equal)[index] for name in (*MEASURED, *SHARED) if name in line}
        if rate is not None:
            own, foreign = rate
            for name, units in part.items():
                if units and not name.endswith("_company"):
                    value = Decimal(units).scaleb(base["digits"] - invoice["digits"]) * own / foreign
                    part[name] = nearest(value)
        return part

    @api.model
    def _get_exchange_rates(self, company, bases, invoices):
        """Return ``{(invoice id, currency id): (rate of that currency, rate of the invoice's)}`` on the invoice's date,
        for orders in another currency than their invoice. As ``res.currency._get_rates`` has it, for many days at once.
        """
        wanted = {
            (invoice["id"], bases[line_id]["currency_id"])
            for invoice in invoices.values()
            for line in invoice["lines"]
            for line_id in line["order_lines"]
            if line_id in bases and bases[line_id]["currency_id"] != invoice["currency_id"]
        }
        if not wanted:
            return {}
        pairs = {(invoices[id_]["day"], currency) for id_, currency in wanted}
        pairs |= {(invoices[id_]["day"], invoices[id_]["currency_id"]) for id_, _currency in wanted}
        condition = SQL(
            "r.currency_id = w.currency_id AND (r.company_id IS NULL OR r.company_id = %s)", company.root_id.id
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT w.day, w.currency_id, COALESCE(
                          (SELECT r.rate FROM res_currency_rate r WHERE %(condition)s AND r.name <= w.day
                            ORDER BY r.company_id, r.name DESC LIMIT 1),
                          (SELECT r.rate FROM res_currency_rate r WHERE %(condition)s
                            ORDER BY r.company_id, r.name LIMIT 1),
                          1.0)
                     FROM (VALUES %(pairs)s) w (day, currency_id)""",
                condition=condition,
                pairs=SQL(", ").join(SQL("(%s::date, %s)", *pair) for pair in pairs),
            )
        )
        rates = {(day, currency): Decimal(repr(float(rate))) for day, currency, rate in rows}
        return {
            (id_, currency): (
                rates[invoices[id_]["day"], currency],
                rates[invoices[id_]["day"], invoices[id_]["currency_id"]],
            )
            for id_, currency in wanted
        }
