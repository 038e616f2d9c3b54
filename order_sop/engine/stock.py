from collections import defaultdict
from math import ceil, floor

from odoo import api, fields, models

from ..rules.fulfilment import is_outbound
from ..rules.helpers import company_day

SUMS = ("reserved", "in_stock", "in_transit", "incoming_qty", "short")
TINY = 1e-6
FURTHEST = ("incoming_qty", "short")
"""Of a kit, the part of which most is on its way, or short, counts; of what is there, that of which least is."""


class SopEngineStock(models.AbstractModel):
    """What stock says of order lines: Odoo's own forecast report, asked once for all of them.

    Nothing is counted here that Odoo counts: who gets what is on hand, and what is on its way, is what
    ``stock.forecasted_product_product`` says, so that no figure differs from the report that Odoo shows.
    """

    _name = "sop.engine.stock"
    _description = "SOP engine: figures of stock"

    @api.model
    def _get_figures(self, lines):
        """Return ``{line: figures}`` of order ``lines`` of storable goods; a number of queries that does not grow.

        All quantities are in the product's own unit:

        - ``ordered``, ``delivered``, ``on_hand`` (of the product in the line's warehouse)
        - ``reserved``, ``in_stock`` (unreserved, but left for this line), ``in_transit`` (inside of the warehouse)
        - ``incoming``: ``[(document name, its model, its id, quantity, when)…]``, ``incoming_qty``
        - ``short``: what nothing covers; ``expected_at`` (naive UTC): when the last of it comes, False when it is there
          or when something is short
        - ``promised_at``, ``late``: whether it is expected on a later day than promised
        - ``is_open``: whether anything is to be delivered still; ``is_kit``: whether as other products than the line's
        """
        lines = lines.sudo()  # the same for everybody; callers say who sees it
        moves_of = self._list_open_moves(lines)
        warehouses = {line: self._get_warehouse(line, moves) for line, moves in moves_of.items()}
        shares, on_hand, asked = defaultdict(list), {}, defaultdict(dict)
        for line, warehouse in warehouses.items():
            asked[warehouse] |= {product.id: True for product in (line.product_id, *self._get_parts(moves_of[line]))}
        for warehouse, product_ids in asked.items():
            products = self.env["product.product"].sudo().browse(product_ids)  # as above
            if warehouse:
                self._ask_odoo(warehouse, products, shares)
                here = products.with_context(warehouse_id=warehouse.id)
                on_hand |= {(warehouse, product.id): product.qty_available for product in here}
        now = fields.Datetime.now()
        return {
            line: self._get_line_figures(
                line, moves_of[line], shares, on_hand.get((warehouses[line], line.product_id.id), 0.0), now
            )
            for line in lines
        }

    @api.model
    def _get_open_moves(self, lines):
        """Return ``{line: stock.move}``: what is still to be moved towards the customer for each of ``lines``."""
        together = lines.move_ids._prefetch_ids
        return {
            line: line.move_ids.browse([move.id for move in moves]).with_prefetch(together)
            for line, moves in self._list_open_moves(lines).items()
        }

    @api.model
    def _list_open_moves(self, lines):
        """Return the same as :meth:`_get_open_moves`, as lists, which cost less."""
        for records in (lines, lines.order_id, lines.move_ids):
            records.fetch()  # all at once: the ORM would read a thousand at a time
        outbound = {}  # by the places between which they move, which are few
        found = {}
        for line in lines:
            own, others, product = [], [], line.product_id
            for move in line.move_ids:
                if move.state in ("draft", "done", "cancel"):
                    continue
                key = (move.location_id, move.location_dest_id, move.location_final_id, move.origin_returned_move_id)
                if key not in outbound:
                    outbound[key] = is_outbound(move)
                if outbound[key]:
                    (own if move.product_id == product else others).append(move)
            found[line] = own or others  # the others: what a kit is made of
        return found

    @api.model
    def _get_warehouse(self, line, moves):
        """Return the warehouse from which the one ``line`` is served; none for what a vendor sends by himself."""
        if moves:
            return moves[0].location_id.warehouse_id
        return line.warehouse_id

    @api.model
    def _ask_odoo(self, warehouse, products, shares):
        """Add to ``shares`` (``{move: [line of the report…]}``) what Odoo's forecast report of a warehouse says."""
        report = self.env["sop.engine.forecast"].sudo().with_company(warehouse.company_id)  # as above
        locations = report.env["stock.location"]._search([("id", "child_of", warehouse.view_location_id.id)])
        for share in report._get_report_lines(
            False, products.ids, list(locations), warehouse.lot_stock_id.with_env(report.env), read=False
        ):
            if share["move_out"]:
                shares[share["move_out"].id].append(share)

    @api.model
    def _get_line_figures(self, line, moves, shares, on_hand, now):
        unit, own_unit = line.product_uom_id, line.product_id.uom_id
        ordered, delivered = line.product_uom_qty, line.qty_delivered
        if unit != own_unit:
            ordered, delivered = (
                unit._compute_quantity(quantity, own_unit, rounding_method="HALF-UP")
                for quantity in (ordered, delivered)
            )
        incoming, parts, open_qty = {}, self._get_parts(moves), ordered - delivered
        is_kit = bool(moves) and line.product_id not in parts
        sums = []
        for batch in parts.values():
            demand = is_kit and sum(move.product_qty for move in batch)
            scale = open_qty / demand if demand else 1  # of a kit, so much as the parts that are there make
            sums.append(self._sum_up(batch, shares, incoming, scale))
        figures = {
            name: (max if name in FURTHEST else min)((part[name] for part in sums), default=0.0) for name in SUMS
        }
        if not moves and own_unit.compare(ordered, delivered) > 0 and not self._is_given_up(line):
            figures["short"] = open_qty
        if is_kit:  # whole ones only
            figures = {
                name: ceil(qty - TINY) if name == "short" else floor(qty + TINY) for name, qty in figures.items()
            }
        figures = {name: quantity and own_unit.round(quantity) for name, quantity in figures.items()}
        figures["incoming"] = sorted(incoming.values(), key=lambda item: item[4])
        covered = not figures["short"] and incoming
        expected = max(item[4] for item in incoming.values()) if covered else False
        promised = line.order_id.commitment_date or line._expected_date()
        # a receipt that is overdue comes today at best
        after = bool(expected) and max(expected, now) > promised
        return figures | {
            "ordered": ordered,
            "delivered": delivered,
            "on_hand": on_hand,
            "expected_at": expected,
            "promised_at": promised,
            "late": after and company_day(line.company_id, max(expected, now)) > company_day(line.company_id, promised),
            "is_open": bool(moves) or bool(figures["short"]),
            "is_kit": is_kit,
        }

    @api.model
    def _get_parts(self, moves):
        """Return ``{product: its moves}``: one product, but where the line sells a kit."""
        parts = {}
        for move in moves:
            parts.setdefault(move.product_id, []).append(move)
        return parts

    @api.model
    def _sum_up(self, moves, shares, incoming, scale):
        """Return what covers ``moves`` of one product, and what does not; add what comes for them to ``incoming``."""
        sums = dict.fromkeys(SUMS, 0.0)
        for move in moves:
            if not move.location_id.warehouse_id:  # a vendor sends it himself: no report of a warehouse tells
                sums["incoming_qty"] += move.product_qty * scale
                document = move.purchase_line_id.order_id or move._get_source_document()
                self._add_incoming(incoming, move, document, move.product_qty)
            for share in shares.get(move.id, ()):
                quantity, move_in = share["quantity"] * scale, share["move_in"]
                if not share["replenishment_filled"]:
                    sums["short"] += quantity
                elif move_in:
                    sums["incoming_qty"] += quantity
                    self._add_incoming(incoming, move_in, move_in._get_source_document(), share["quantity"])
                elif share["reservation"]:
                    sums["reserved"] += quantity
                else:
                    sums["in_transit" if share["in_transit"] else "in_stock"] += quantity
        return sums

    @api.model
    def _add_incoming(self, incoming, move, document, quantity):
        """Add ``quantity`` that comes by ``move``, of a ``document``, to ``incoming``: one line a document and time."""
        document = document or move
        key = (document._name, document.id, move.date)
        if key in incoming:
            quantity += incoming[key][3]
        incoming[key] = (document.display_name, *key[:2], quantity, move.date)

    @api.model
    def _is_given_up(self, line):
        """Tell whether less than ordered of the one ``line`` has left and Odoo plans nothing more."""
        return any(move.state == "done" and move.location_dest_id._is_outgoing() for move in line.move_ids)
