from collections import defaultdict

from odoo import api, models


class _Passed(frozenset):
    """Ids of moves that have just passed the ship gate. Made in this module only: nobody can send one over RPC."""


class StockMove(models.Model):
    """The lowest point that all goods pass: whatever makes a move ``done`` makes it pass the ship gate."""

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        if any(vals.get("state") == "done" for vals in vals_list):
            moves.filtered(lambda move: move.state == "done")._sop_enforce_ship()
        self.env["sop.engine.evaluation"]._mark(moves)
        return moves

    def write(self, vals):
        if vals.get("state") == "done":
            self.filtered(lambda move: move.state != "done")._sop_enforce_ship()
        result = super().write(vals)
        if not {"state", "quantity", "product_uom_qty", "picked", "date_deadline"}.isdisjoint(vals):
            self.env["sop.engine.evaluation"]._mark(self)
        return result

    def _get_flow_documents(self):
        return self.sudo()._sop_orders().with_env(self.env)  # the link to the order, not its content

    def _sop_orders(self):
        """Return the orders whose goods ``self`` moves."""
        return self.sale_line_id.order_id | self.picking_id.sale_id

    def _sop_is_leaving(self):
        """Tell whether the goods of the one move in ``self`` leave for the customer."""
        return self.location_dest_id.usage == "customer" and self.location_id.usage != "customer"

    def _sop_enforce_ship(self, pickings=None):
        """Let the leaving moves in ``self`` (those of ``pickings``, when given) pass the ship gate, or raise.

        :return: proof for the moves that passed, to be handed down in the context as ``sop_passed``
        """
        passed = self.env.context.get("sop_passed")
        passed = passed if isinstance(passed, _Passed) else _Passed()
        moves = self.filtered(
            lambda move: move.id not in passed
            and move.state not in ("done", "cancel")
            and (pickings is None or move.picking_id in pickings)
            and move._sop_is_leaving()
        )
        by_orders = defaultdict(self.env["stock.picking"].browse)
        for move in moves.sudo():  # the link to the order, not its content
            for order in move._sop_orders():
                by_orders[order] |= move.picking_id
        orders = self.env["sale.order"].union(*by_orders).filtered("sop_process_id")
        if orders:
            self.env["sop.engine.evaluation"]._flush()
            # picks without a picking stand for the order as a whole
            items = self.env["stock.picking"].union(*(by_orders[order] for order in orders))
            self.env["sop.engine.gate"]._enforce(orders, "ship", items)
        return _Passed(passed | set(moves.ids))
