from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import Callbacks

MOST = 10


class SopRemedyTake(models.AbstractModel):
    """What is reserved for a less urgent order is reserved for this one; that one gets what is left, and what comes."""

    _name = "sop.remedy.kind.take"
    _inherit = "sop.remedy.kind"
    _description = "SOP remedy: take from another order"

    @api.model
    def _get_refusal(self, line, figures):
        if line.order_id._sop_open_holds():
            return self.env._("%s is on hold: it would only keep the goods from others.", line.order_id.name)
        if not self._get_candidates(line):
            return self.env._("No less urgent order has %s reserved.", line.product_id.display_name)
        return None

    @api.model
    def _get_vals(self, line, figures, wishes):
        candidates = self._get_candidates(line)
        other = line.browse(wishes.get("other_line_id") or ()) or candidates[:1]
        if other not in candidates:
            raise UserError(
                self.env._(
                    "%s is more urgent, locked, on hold or picked, or has nothing reserved of this product: nothing "
                    "can be taken from it.",
                    other.order_id.name,
                )
            )
        missing = figures["ordered"] - figures["delivered"] - figures["reserved"]
        qty = line.product_id.uom_id.round(min(missing, self._get_reserved(other)))
        with self._what_if() as env:
            self.with_env(env)._move(line.with_env(env), other.with_env(env))
            after = env["sop.engine.stock"]._get_figures((line | other).with_env(env))
        return {
            "qty": qty,
            "new_date": after[line]["expected_at"],
            "other_line_id": other.id,
            "other_order_id": other.order_id.id,
            "other_date": after[other]["expected_at"],
        }

    @api.model
    def _get_candidates(self, line):
        """Return the lines of less urgent orders that have the product of the one ``line`` reserved in its warehouse,
        the least urgent first: not locked, not on hold, not picked, under a process, seen by the current user."""
        stock = self.env["sop.engine.stock"]
        warehouse = stock._get_warehouse(line, stock._get_open_moves(line)[line])
        moves = self.env["stock.move"].search(
            [
                ("product_id", "=", line.product_id.id),
                ("state", "in", ("partially_available", "assigned")),
                ("location_id", "child_of", warehouse.view_location_id.id),
                ("sale_line_id.order_id.state", "=", "sale"),
                ("sale_line_id.order_id.locked", "=", False),
                ("sale_line_id.order_id.sop_status", "in", ("running", "waiting")),
                ("sale_line_id.order_id.company_id", "=", line.company_id.id),
                ("sale_line_id.order_id", "!=", line.order_id.id),
            ]
        )
        promised = self._get_promised(line)
        visible = moves.sale_line_id.order_id.sudo(False)._filtered_access("read")  # to who decides
        others = moves.sale_line_id.filtered(
            lambda other: (
                other.order_id.id in visible._ids
                and self._get_promised(other) > promised
                and self._get_reserved(other) > 0
            )
        )
        return others.sorted(lambda other: (self._get_promised(other), other.id), reverse=True)[:MOST]

    @api.model
    def _get_promised(self, line):
        return line.order_id.commitment_date or line._expected_date()

    @api.model
    def _get_moves(self, line):
        """Return the moves that reserve stock for the one ``line`` and of which nothing is picked."""
        moves = self.env["sop.engine.stock"]._get_open_moves(line)[line]
        return moves.filtered(lambda move: not move.move_orig_ids and not move.picked)

    @api.model
    def _get_reserved(self, line):
        """Return how much is reserved for the one ``line``, in the product's unit; 0 once something is picked."""
        moves = self.env["sop.engine.stock"]._get_open_moves(line)[line]
        if any(move.picked for move in moves.picking_id.move_ids):
            return 0.0
        return sum(
            move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id, rounding_method="HALF-UP")
            for move in self._get_moves(line)
        )

    @api.model
    def _move(self, line, other):
        """Reserve for the one ``line`` what is reserved for ``other``, and for that what is left."""
        mine, theirs = self._get_moves(line), self._get_moves(other)
        theirs._do_unreserve()
        mine._action_assign()
        theirs._action_assign()

    @contextmanager
    def _what_if(self):
        """Give an environment in which all can be done, and is undone: only what it says is wanted.

        It has a cache and marks of its own, so that nothing of it stays behind, in a form that is open above all.
        """
        cr = self.env.cr
        self.env.flush_all()
        kept = cr.transaction, cr.precommit
        cr.transaction, cr.precommit = None, Callbacks()
        try:
            with cr.savepoint(flush=False) as undone:
                yield api.Environment(cr, self.env.uid, dict(self.env.context), self.env.su)
                undone.rollback()
        finally:
            cr.transaction, cr.precommit = kept

    @api.model
    def _do(self, remedy):
        line, other = remedy.line_id, remedy.other_line_id
        if other not in self._get_candidates(line):
            raise UserError(self.env._("Nothing can be taken from %s any more.", remedy.other_order_id.name))
        before = self._get_reserved(line)
        self._move(line, other)
        self.env.flush_all()
        taken = line.product_id.uom_id.round(self._get_reserved(line) - before)
        if taken <= 0:
            raise UserError(self.env._("Nothing of it could be reserved."))
        after = self.env["sop.engine.stock"]._get_figures(line | other)
        return {
            "qty": taken,
            "new_date": after[line]["expected_at"],
            "other_date": after[other]["expected_at"],
        }

    @api.model
    def _get_consequence(self, remedy):
        order, other = remedy.order_id, remedy.other_order_id
        values = {
            "qty": self._qty(remedy.qty, remedy.product_id),
            "product": remedy.product_id.display_name,
            "other": other.name or "–",
            "promised": self._day(self._get_promised(remedy.other_line_id), order) if remedy.other_line_id else "–",
            "day": self._day(remedy.other_date, order),
        }
        if not remedy.other_date:
            return self.env._(
                "%(qty)s of %(product)s come from %(other)s (promised for %(promised)s), which is short of it then.",
                **values,
            )
        return self.env._(
            "%(qty)s of %(product)s come from %(other)s (promised for %(promised)s), which gets it on %(day)s then.",
            **values,
        )
