from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL, float_is_zero, float_round

from ..models.sop_proof import FILELESS
from .ledger_shares import NOISE, nearest, to_decimal, to_units


class SopEngineDifferenceKinds(models.AbstractModel):
    """What is a difference of each kind: set-wise from the ledger's rows and documents, see docs/settlement.md.

    Nothing is written here, and nobody is checked: callers do.
    """

    _name = "sop.engine.difference.kinds"
    _description = "SOP engine: kinds of differences"

    @api.model
    def _find(self, company, order_ids, day):
        """Return ``{key: values of the difference}`` of orders of ``company`` as of ``day``, in a number of queries
        that does not depend on how many there are."""
        ledger = self.env["sop.ledger"]
        # called by the engine
        lines = self.env["sale.order.line"].sudo().search([("order_id", "in", order_ids), ("display_type", "=", False)])
        rows = ledger._get_rows(lines, day)
        bases = {base["id"]: base for base in ledger._read_lines(lines.ids) if base["company_id"] == company.id}
        parts = ledger._get_invoice_parts(company, bases, day)
        found = {}
        self._find_on_lines(found, bases, rows, parts)
        self._find_on_invoices(found, bases, parts, day)
        self._find_paid_over(found, company, bases, rows, parts, day)
        self._find_without_proof(found, company, bases, order_ids, day)
        return found

    @api.model
    def _add(self, found, kind, base, units, quantity=0.0, **about):
        """Add the difference of ``kind`` on the order of ``base`` to ``found``.

        :param units: amount in the order's currency and in the company's, in units
        :param about: id of what it is about (``line_id``, ``move_id`` or ``picking_id``); none: the order as a whole
        """
        [(name, id_)] = about.items() or [("order_id", base["order_id"])]
        key = f"{kind}:{base['order_id']}" + (f":{name}:{id_}" if about else "")
        digits = base["digits"], base["company_digits"]
        amount, amount_company = (float(to_decimal(unit, places)) for unit, places in zip(units, digits, strict=True))
        found[key] = about | {
            "key": key,
            "kind": kind,
            "order_id": base["order_id"],
            "partner_id": base["partner_id"],
            "company_id": base["company_id"],
            "currency_id": base["currency_id"],
            "company_currency_id": base["company_currency_id"],
            "amount": amount,
            "amount_company": amount_company,
            "quantity": quantity,
        }

    # -- amounts -------------------------------------------------------------------------------------------------------

    @api.model
    def _at_rate(self, base, units):
        """Return ``units`` of the order's currency, and of the company's by the rate of the order."""
        value = Decimal(units).scaleb(base["company_digits"] - base["digits"]) / base["rate"]
        return units, nearest(value)

    @api.model
    def _get_worth(self, base, quantity):
        """Return what ``quantity`` of the line is worth as it was ordered, taxes included, in both currencies."""
        ordered = base["product_uom_qty"]
        if not ordered:
            return 0, 0
        total = to_units(base["price_total"], base["digits"])
        return self._at_rate(base, nearest(total * Decimal(repr(quantity)) / Decimal(repr(ordered))))

    @api.model
    def _get_share(self, base, row, name, quantity, whole):
        """Return ``quantity`` ÷ ``whole`` of the column ``name`` of ``row``, in units of both currencies."""
        share = Decimal(repr(quantity)) / Decimal(repr(whole))
        return tuple(
            nearest((row[column] * share).scaleb(base[digits]))
            for column, digits in ((name, "digits"), (f"{name}_company", "company_digits"))
        )

    # -- kinds ---------------------------------------------------------------------------------------------------------

    @api.model
    def _find_on_lines(self, found, bases, rows, parts):
        """Add ``not_invoiced``, ``not_delivered``, ``no_credit_note`` and ``price``."""
        places = self.env["decimal.precision"].precision_get("Product Unit")
        documents = defaultdict(int)
        for line_id, _invoice_id in parts:
            documents[line_id] += 1
        as_ordered = self._get_invoiced_as_ordered(bases)
        for id_, base in bases.items():
            if base["is_downpayment"]:
                continue
            row = rows[id_]
            delivered, invoiced = row["net_delivered"], row["net_invoiced"]
            rest = float_round(round(delivered - invoiced, NOISE), precision_digits=places)
            if not float_is_zero(rest, precision_digits=places):
                if rest > 0:
                    whole = delivered or base["product_uom_qty"]
                    units = (0, 0)
                    if delivered > 0:
                        units = self._get_share(base, row, "delivered_total", rest, whole)
                    elif whole:
                        units = self._get_worth(base, rest)
                    self._add(found, "not_invoiced", base, units, rest, line_id=id_)
                elif row["returned"] or id_ not in as_ordered:
                    kind = "no_credit_note" if row["returned"] else "not_delivered"
                    units = self._get_worth(base, -rest)
                    if invoiced > 0:
                        units = self._get_share(base, row, "net_invoiced_total", -rest, invoiced)
                    self._add(found, kind, base, units, -rest, line_id=id_)
            self._find_price(found, base, row, documents[id_])

    @api.model
    def _get_invoiced_as_ordered(self, bases):
        """Return the ids of lines that are invoiced as ordered and that nobody delivers."""
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id
                     FROM sale_order_line l
                     JOIN product_product p ON p.id = l.product_id
                     JOIN product_template t ON t.id = p.product_tmpl_id
                    WHERE l.id = ANY(%s) AND l.qty_delivered_method <> 'stock_move' AND t.invoice_policy = 'order'""",
                list(bases),
            )
        )
        return {id_ for [id_] in rows}

    @api.model
    def _find_price(self, found, base, row, documents):
        if not documents or not base["product_uom_qty"]:
            return
        subtotal = to_units(base["price_subtotal"], base["digits"])
        invoiced = Decimal(repr(row["net_invoiced"])) / Decimal(repr(base["product_uom_qty"]))
        rest = row["net_invoiced_untaxed"].scaleb(base["digits"]) - subtotal * invoiced
        if abs(rest) > Decimal(documents) / 2:
            units = nearest(rest)
            self._add(found, "price", base, self._at_rate(base, units), line_id=base["id"])

    @api.model
    def _find_on_invoices(self, found, bases, parts, day):
        """Add ``paid_short`` and ``overdue``, one for each order and invoice."""
        ledger = self.env["sop.ledger"]
        sums = {}
        for (line_id, invoice_id), (invoice, part) in parts.items():
            base = bases[line_id]
            _base, _invoice, total = sums.setdefault((base["order_id"], invoice_id), (base, invoice, defaultdict(int)))
            for name, units in part.items():
                total[name] += units
        for (_order_id, invoice_id), (base, invoice, total) in sums.items():
            if ledger._get_open(total) > 0:
                due = all(term["due"] <= day for term in invoice["terms"].values())
                for kind, holds, amount in (
                    ("paid_short", due and total["paid"] > 0, ledger._get_open),
                    ("overdue", ledger._get_overdue(total) > 0, ledger._get_overdue),
                ):
                    if holds:
                        units = amount(total), amount(total, "_company")
                        self._add(found, kind, base, units, move_id=invoice_id)

    @api.model
    def _find_paid_over(self, found, company, bases, rows, parts, day):
        """Add ``paid_over``: on an order, or on a payment of which something is left."""
        orders = defaultdict(lambda: [0, 0])
        for id_, base in bases.items():
            for place, (name, digits) in enumerate(
                (("outstanding", "digits"), ("outstanding_company", "company_digits"))
            ):
                orders[base["order_id"]][place] += int(rows[id_][name].scaleb(base[digits]))
        by_order = {base["order_id"]: base for base in bases.values()}
        waiting = {vals["order_id"] for vals in found.values() if vals["kind"] == "not_invoiced"}
        for order_id, (units, units_company) in orders.items():
            if units < 0 and order_id not in waiting:
                self._add(found, "paid_over", by_order[order_id], (-units, -units_company))
        invoices = {invoice_id for _line_id, invoice_id in parts}
        left = self.env["sop.ledger"]._get_left_over(company, invoices, day) if invoices else {}
        for move_id, (order_id, currency_id, units, units_company) in left.items():
            if base := by_order.get(order_id):
                if currency_id != base["currency_id"]:
                    value = Decimal(units_company).scaleb(base["digits"] - base["company_digits"])
                    units = nearest(value * base["rate"])
                self._add(found, "paid_over", base, (units, units_company), move_id=move_id)

    @api.model
    def _find_without_proof(self, found, company, bases, order_ids, day):
        """Add ``no_proof``: on each delivery, where the order's process asks for proof."""
        self.env["sop.proof"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT p.id, m.sale_line_id, m.quantity, m.product_uom
                     FROM stock_move m
                     JOIN sale_order_line l ON l.id = m.sale_line_id
                     JOIN sale_order o ON o.id = l.order_id
                     JOIN stock_picking p ON p.id = m.picking_id AND p.state = 'done' AND p.date_done < %(end)s
                     JOIN stock_location d ON d.id = p.location_dest_id AND d.usage = 'customer'
                    WHERE o.id = ANY(%(orders)s) AND m.state = 'done' AND m.sale_line_id = ANY(%(lines)s)
                      AND EXISTS (SELECT FROM sop_checkpoint c JOIN sop_stage s ON s.id = c.stage_id
                                   WHERE s.process_id = o.sop_process_id AND c.rule = 'proof_of_delivery')
                      AND NOT EXISTS (SELECT FROM sop_proof f
                                       WHERE f.picking_id = p.id AND f.void_at IS NULL
                                         AND (f.kind IN %(fileless)s OR f.attachment_id IS NOT NULL))
                    ORDER BY p.id, m.id""",
                end=self.env["sop.ledger"]._get_end(company, day),
                orders=list(order_ids),
                lines=list(bases),
                fileless=FILELESS,
            )
        )
        convert = self.env["sop.ledger"]._get_converter()
        sums = {}
        for picking_id, line_id, quantity, uom_id in rows:
            base = bases[line_id]
            quantity = convert(quantity, uom_id, base["product_uom_id"], "HALF-UP")
            total = sums.setdefault((base["order_id"], picking_id), [base, 0, 0])
            for place, units in enumerate(self._get_worth(base, quantity), 1):
                total[place] += units
        for (_order_id, picking_id), (base, *units) in sums.items():
            self._add(found, "no_proof", base, units, picking_id=picking_id)
