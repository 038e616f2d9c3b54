from collections import defaultdict
from contextlib import nullcontext

from odoo import api, models
from odoo.exceptions import UserError

LINK_FIELDS = {"sale_line_id", "picking_id", "location_id", "location_dest_id"}
DONE_FIELDS = {"state", "date"}
KIND_FIELDS = {"product_id", "product_uom", "origin_returned_move_id"}
MARK_FIELDS = (
    LINK_FIELDS
    | KIND_FIELDS
    | {
        "state",
        "date",
        "quantity",
        "product_uom_qty",
        "picked",
        "date_deadline",
    }
)


class _Passed(frozenset):
    """Ids of moves that have just passed the ship gate. Made in this module only: nobody can send one over RPC."""


class StockMove(models.Model):
    """The lowest point that all goods pass: whatever makes a move ``done`` makes it pass the ship gate."""

    _inherit = "stock.move"

    # the few that are dated before they were made, see the settlement's scope
    _sop_early_idx = models.Index(
        "(date) WHERE state = 'done' AND sale_line_id IS NOT NULL AND (date >= create_date) IS NOT TRUE"
    )
    # what stock was worth, and what was sold of it: read without the wide rows, see sop.kpi.money
    _sop_value_idx = models.Index(
        "(company_id, date) INCLUDE (value, is_in, is_out, sale_line_id) WHERE state = 'done' AND (is_in OR is_out)"
    )

    @api.model_create_multi
    def create(self, vals_list):
        pickings = self.env["stock.picking"].browse(
            {vals["picking_id"] for vals in vals_list if vals.get("picking_id")}
        )
        may_be_done = (
            "default_state" in self.env.context
            or any(vals.get("state") == "done" for vals in vals_list)
            or any(picking.state == "done" for picking in pickings)
        )
        # only with the move is it known whose goods it moves: asked afterwards, and undone as a whole when closed
        with self.env.cr.savepoint() if may_be_done else nullcontext():
            moves = super().create(vals_list)
            moves.filtered(lambda move: move.state == "done")._sop_enforce_ship()
        self.env["sop.engine.evaluation"]._mark(moves)
        return moves

    def write(self, vals):
        if "sale_line_id" in vals:
            line = self.env["sale.order.line"].browse(vals["sale_line_id"] or ())
            self._sop_check_link_kept(line.order_id)
            self.env["sop.engine.hold.lines"]._check_not_held(self.sale_line_id - line)
        finishing = vals.get("state") == "done" and self.filtered(lambda move: move.state != "done")
        linking = not LINK_FIELDS.isdisjoint(vals) and any(move.state == "done" for move in self)
        left = linking and self.filtered(lambda move: move.state == "done" and move._sop_is_leaving())
        if finishing or linking:
            self.check_access("write")  # what is missing is told to nobody else
        if not (finishing or linking):
            result = super().write(vals)
        elif not linking and DONE_FIELDS.issuperset(vals):
            # asked before the write: an error that somebody catches must leave nothing behind the gate
            finishing._sop_enforce_ship()
            result = super().write(vals)
        else:
            # what is written along decides whose goods they are: it comes first and is undone with the rest
            with self.env.cr.savepoint():
                result = super().write({name: value for name, value in vals.items() if name not in DONE_FIELDS})
                self.filtered(
                    lambda move: move.state == "done" or (finishing and move in finishing)
                )._sop_enforce_ship()
                if left:
                    back = left.filtered(lambda move: not move._sop_is_leaving())
                    self.env["sop.engine.case.guard"]._enforce_kept(back)
                if not DONE_FIELDS.isdisjoint(vals):
                    result = super().write({name: value for name, value in vals.items() if name in DONE_FIELDS})
        if not MARK_FIELDS.isdisjoint(vals):
            self.env["sop.engine.evaluation"]._mark(self)
        return result

    def unlink(self):
        self.env["sop.engine.evaluation"]._mark(self._get_flow_documents())
        return super().unlink()

    def _action_done(self, *args, **kwargs):
        # Asked before the goods move: afterwards a short delivery has been split and agrees with itself.
        passed = self._sop_about_to_go()._sop_enforce_ship()
        return super(StockMove, self.with_context(sop_passed=passed))._action_done(*args, **kwargs)

    def _get_flow_documents(self):
        return self.sudo()._sop_orders().with_env(self.env)  # the link to the order, not its content

    def _sop_check_link_kept(self, order):
        """Raise :class:`UserError` when a move in ``self`` belongs to another order under a process than ``order``.

        Taken off its order it would leave, or would have left, by no gate.
        """
        for move in self.sudo():  # whether there is a process
            owner = move.sale_line_id.order_id
            if move.state != "cancel" and owner.sop_process_id and owner != order:
                raise UserError(
                    self.env._(
                        "%(delivery)s: %(product)s is for %(order)s, which is under an SOP, and cannot be taken off "
                        "it. Cancel the delivery, or change the order.",
                        delivery=move.picking_id.display_name or move.display_name,
                        product=move.product_id.display_name,
                        order=owner.display_name,
                    )
                )

    def _sop_orders(self):
        """Return the orders whose goods ``self`` moves."""
        return self.sale_line_id.order_id | self.picking_id.sale_id

    def _sop_is_leaving(self):
        """Tell whether the goods of the one move in ``self`` leave for the customer (no return, no inner step)."""
        return self.location_dest_id._sop_is_outside() and not self.location_id._sop_is_outside()

    def _sop_about_to_go(self):
        """Return those moves in ``self`` that ``_action_done`` will do; what is not picked waits for the backorder."""
        return self.filtered(lambda move: move.state not in ("done", "cancel") and move.picked and move.quantity > 0)

    def _sop_enforce_ship(self):
        """Let those moves in ``self`` whose goods leave for a customer pass the ship gate of their orders, and those
        that come back what their cases ask for, or raise.

        :return: proof for the moves that passed, to be handed down in the context as ``sop_passed``
        """
        passed = self.env.context.get("sop_passed")
        passed = passed if isinstance(passed, _Passed) else _Passed()
        going_on = self.filtered(lambda move: move.id not in passed)
        if not going_on:  # as of nearly every write: no move is finished by it
            return passed
        self.env["sop.engine.case.guard"]._enforce_return(going_on)
        moves = going_on.filtered(lambda move: move._sop_is_leaving())
        # as below
        items, going = defaultdict(self.env["stock.picking"].sudo().browse), defaultdict(moves.sudo().browse)
        for move in moves.sudo():  # the link to the order, not its content
            for order in move._sop_orders():
                items[order] |= move.picking_id
                going[order] |= move
        orders = self.env["sale.order"].union(*items).filtered("sop_process_id")
        if orders:
            self.env["sop.engine.gate"]._enforce(orders, "ship", items, going)
        return _Passed(passed | set(going_on.ids))
