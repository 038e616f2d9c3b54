from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from .ledger_shares import NOISE, nearest, to_units


class SopLedgerDeliveries(models.AbstractModel):
    """What of an order line was delivered and returned by the end of a day."""

    _inherit = "sop.ledger"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_delivered(self, company, bases, end):
        """Return ``{line id: quantities}`` with ``delivered``, ``returned`` and ``net_delivered`` filled in."""
        quantities = {id_: defaultdict(float) for id_ in bases}
        convert = self._get_converter()
        for line_id, uom_id, quantity, returned in self._read_moves(list(bases), end):
            converted = convert(quantity, uom_id, bases[line_id]["product_uom_id"], "HALF-UP")
            quantities[line_id]["returned" if returned else "delivered"] += converted
        kits = self._get_kits(bases, end)
        for id_, base in bases.items():
            counts = quantities[id_]
            if base["qty_delivered_method"] != "stock_move":
                counts["delivered"] = (base["qty_delivered"] or 0.0) if base["date_order"] < end else 0.0
                counts["returned"] = 0.0
            elif id_ in kits:
                counts["delivered"], counts["returned"] = kits[id_]
            counts["net_delivered"] = round(counts["delivered"] - counts["returned"], NOISE)
        return quantities

    @api.model
    def _read_moves(self, ids, end, parts=False):
        """Return ``(line id, unit id, quantity, whether it came back)`` of each done move that Odoo counts.

        As ``sale.order.line._get_outgoing_incoming_moves`` has it.

        :param parts: of the components of kits, and with ``(its own unit's id, id of the bill's line)`` behind
        """
        of_line, more = SQL("l.product_id = m.product_id"), SQL()
        if parts:
            unit = SQL(
                """(SELECT t.uom_id FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id
                     WHERE p.id = m.product_id)"""
            )
            of_line, more = SQL("m.bom_line_id IS NOT NULL"), SQL(", %s, m.bom_line_id", unit)
        transit = self.env.ref("stock.stock_location_inter_company", raise_if_not_found=False)
        below = f"{transit.sudo().parent_path}%" if transit else None  # where it lies is no secret
        self.env.cr.execute(
            SQL(
                """SELECT sale_line_id, product_uom, quantity, NOT goes_out%(more)s
                     FROM (SELECT m.*,
                                  (t.usage = 'customer' OR t.parent_path LIKE %(below)s) IS TRUE
                                  AND NOT (
                                      (f.usage = 'customer' OR f.usage = 'transit' AND f.company_id IS NULL)
                                      AND (t.usage = 'supplier' OR t.usage = 'transit' AND t.company_id IS NULL)
                                  ) AS goes_out,
                                  f.usage IN ('customer', 'supplier') OR f.usage = 'transit' AND f.company_id IS NULL
                                  OR (f.parent_path LIKE %(below)s) IS TRUE AS comes_in
                             FROM stock_move m
                             JOIN sale_order_line l ON l.id = m.sale_line_id AND %(of_line)s
                             JOIN stock_location f ON f.id = m.location_id
                             JOIN stock_location t ON t.id = m.location_dest_id
                            WHERE m.sale_line_id = ANY(%(ids)s) AND m.state = 'done' AND m.date < %(end)s
                              AND t.usage <> 'inventory') m
                    WHERE CASE WHEN goes_out THEN origin_returned_move_id IS NULL OR to_refund
                               ELSE to_refund AND comes_in END""",
                more=more,
                of_line=of_line,
                below=below,
                ids=ids,
                end=end,
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _get_converter(self):
        """Return a function that converts ``(quantity, unit id, other unit id, rounding method)`` as Odoo does."""
        units, known = self.env["uom.uom"].sudo(), {}  # of any product

        def convert(quantity, unit_id, other_id, method):
            key = quantity, unit_id, other_id, method
            if key not in known:
                unit, other = units.browse(unit_id), units.browse(other_id)
                known[key] = unit._compute_quantity(quantity or 0.0, other, rounding_method=method)
            return known[key]

        return convert

    @api.model
    def _add_delivered(self, company, bases, quantities, amounts):
        """Add what the net quantity delivered is worth."""
        extra = []
        for id_, base in bases.items():
            net, ordered = quantities[id_]["net_delivered"], base["product_uom_qty"]
            if not net:
                continue
            if not ordered:
                extra.append(id_)
                continue
            for name, price in (("delivered_untaxed", "price_subtotal"), ("delivered_total", "price_total")):
                units = to_units(base[price], base["digits"])
                if net != ordered:
                    units = nearest(units * Decimal(repr(net)) / Decimal(repr(ordered)))
                self._add_at_rate(base, amounts[id_], name, units)
        taxes = self.env["account.tax"].sudo()  # to reckon with
        # the ledger reads whole orders, see the class
        for line in self.env["sale.order.line"].sudo().browse(extra):
            net = quantities[line.id]["net_delivered"]
            priced = line._prepare_base_line_for_taxes_computation(quantity=net)
            taxes._add_tax_details_in_base_line(priced, company)
            taxes._round_base_lines_tax_details([priced], company)
            base, details = bases[line.id], priced["tax_details"]
            for name, price in (("delivered_untaxed", "excluded"), ("delivered_total", "included")):
                units = to_units(details[f"total_{price}_currency"], base["digits"])
                self._add_at_rate(base, amounts[line.id], name, units)
