from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class SopLedgerKits(models.AbstractModel):
    """What of kits, which leave and come back in components, was delivered and returned by the end of a day."""

    _inherit = "sop.ledger"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_kits(self, bases, end):
        """Return ``{line id: (delivered, returned)}`` for those of ``bases`` that are delivered in components.

        As ``sale.order.line._prepare_qty_delivered`` has it where manufacturing is installed, but by the moves up to
        ``end``, and for all kits with the same few queries.
        """
        if "bom_line_id" not in self.env["stock.move"]._fields:  # manufacturing is not installed
            return {}
        kits, read = {}, self._read_kits(list(bases), end)
        known, out, back = {}, defaultdict(float), defaultdict(float)
        convert = self._get_converter()
        for line_id, uom_id, quantity, returned, component, bom_line_id in self._read_moves([*read], end, parts=True):
            own = back if returned else out
            own[line_id, bom_line_id] += convert(quantity, uom_id, component, "HALF-UP")
        for line_id, (bom_ids, moved, dropshipped) in read.items():
            base = bases[line_id]
            bom = None if dropshipped else self._get_kit(base, bom_ids, known)
            if not bom:  # all or nothing, by the state that the moves have now
                kits[line_id] = (base["qty_delivered"] or 0.0) if moved else 0.0, 0.0
                continue
            parts = self._get_parts_of_kit(base, bom, known)
            gross = self._count_kits(parts, lambda part, id_=line_id: out[id_, part])
            net = self._count_kits(parts, lambda part, id_=line_id: out[id_, part] - back[id_, part])
            delivered, left = (
                convert(number, bom.product_uom_id.id, base["product_uom_id"], "UP") for number in (gross, net)
            )
            kits[line_id] = delivered, delivered - left
        return kits

    @api.model
    def _read_kits(self, ids, end):
        """Return ``{line id: (ids of bills of materials, whether something moved by then, whether a vendor sends)}``
        for lines that are delivered in components."""
        rows = self.env.execute_query(
            SQL(
                """SELECT m.sale_line_id, ARRAY_AGG(DISTINCT b.bom_id), BOOL_OR(m.state = 'done' AND m.date < %s),
                          BOOL_OR(f.usage = 'supplier' AND t.usage = 'customer'
                                  OR f.usage = 'customer' AND t.usage = 'supplier')
                     FROM stock_move m
                     JOIN mrp_bom_line b ON b.id = m.bom_line_id
                     JOIN stock_location f ON f.id = m.location_id
                     JOIN stock_location t ON t.id = m.location_dest_id
                    WHERE m.sale_line_id = ANY(%s) AND m.state <> 'cancel'
                    GROUP BY m.sale_line_id""",
                end,
                ids,
            )
        )
        return {line_id: rest for line_id, *rest in rows}

    @api.model
    def _get_kit(self, base, bom_ids, known):
        """Return the kit's bill of materials that makes the product of the line ``base``; none: an empty one."""
        product = self.env["product.product"].sudo().browse(base["product_id"])  # the ledger reads whole orders
        key = product.id, *sorted(bom_ids)
        if key not in known:
            boms = self.env["mrp.bom"].sudo().browse(bom_ids)  # as above
            own = boms.filtered(
                lambda bom: (
                    bom.type == "phantom"
                    and (bom.product_id or bom.product_tmpl_id) in (product, product.product_tmpl_id)
                )
            )
            if not own:
                own = boms._bom_find(product, company_id=base["company_id"], bom_type="phantom")[product]
            known[key] = own[:1]
        return known[key]

    @api.model
    def _get_parts_of_kit(self, base, bom, known):
        """Return ``{bill's line id: (quantity in one kit, rounding)}`` in the component's own unit."""
        ordered = base["product_uom_qty"] or 1.0
        key = bom, base["product_id"], base["product_uom_id"], ordered
        if key not in known:
            unit = self.env["uom.uom"].sudo().browse(base["product_uom_id"])  # as above
            product = self.env["product.product"].sudo().browse(base["product_id"])  # as above
            number = unit._compute_quantity(ordered, bom.product_uom_id)
            parts = known[key] = {}
            for line, vals in bom.explode(product, number / bom.product_qty)[1]:
                component = line.product_id
                if component.type == "service" or line.product_uom_id.is_zero(vals["qty"]):
                    continue
                each = line.product_uom_id._compute_quantity(
                    vals["qty"] / vals["original_qty"] / bom.product_qty, component.uom_id, round=False
                )
                if each:
                    parts[line.id] = each, component.uom_id
        return known[key]

    @api.model
    def _count_kits(self, parts, moved):
        """Return how many kits are complete; ``moved`` tells the quantity of a component."""
        return min((unit.round(moved(id_) / each) for id_, (each, unit) in parts.items()), default=0.0) // 1
