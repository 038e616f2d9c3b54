from odoo import api, models
from odoo.exceptions import UserError


class SopRemedyParts(models.AbstractModel):
    """What is there is shipped, the rest follows: the delivery is split now, so that the first part agrees with itself
    and has its own checks, and the rest waits in a backorder."""

    _name = "sop.remedy.kind.parts"
    _inherit = "sop.remedy.kind"
    _description = "SOP remedy: ship in parts"

    _setting = "sop_ask_parts"

    @api.model
    def _get_refusal(self, line, figures):
        if figures["is_kit"]:
            return self.env._(
                "%s leaves as several products: split its delivery by hand.", line.product_id.display_name
            )
        if self._get_here(figures) <= 0:
            return self.env._("Nothing of %s is there that could be shipped.", line.product_id.display_name)
        return None

    @api.model
    def _get_vals(self, line, figures, wishes):
        here = self._get_here(figures)
        rest = line.product_id.uom_id.round(figures["ordered"] - figures["delivered"] - here)
        return {"qty": here, "rest_qty": rest, "new_date": wishes.get("new_date") or figures["expected_at"]}

    @api.model
    def _get_here(self, figures):
        return figures["reserved"] + figures["in_stock"]

    @api.model
    def _do(self, remedy):
        line, order = remedy.line_id, remedy.order_id
        if order.picking_policy != "direct":
            order.picking_policy = "direct"
        moves = self.env["sop.engine.stock"]._get_open_moves(line)[line].filtered(lambda move: not move.move_orig_ids)
        moves.picking_id.filtered(lambda picking: picking.move_type != "direct").write({"move_type": "direct"})
        moves._action_assign()
        vals = self._get_real(remedy)
        later = moves.browse()
        for move in moves:
            unit = move.product_id.uom_id
            reserved = move.product_uom._compute_quantity(move.quantity, unit, rounding_method="HALF-UP")
            rest = unit.round(move.product_qty - reserved)
            if unit.compare(reserved, 0) <= 0:
                later |= move
            elif unit.compare(rest, 0) > 0:
                later |= self._split(move, rest)
        if moves and not (moves - later):
            raise UserError(self.env._("Nothing of %s can be reserved now.", line.product_id.display_name))
        # a transfer of nothing but the rest is a backorder already
        split = later.picking_id.filtered(
            lambda picking: picking.move_ids.filtered(lambda move: move.state != "cancel") - later
        )
        backorders = split._create_backorder(backorder_moves=later) if split else later.picking_id
        first = backorders[:1]
        if first:
            vals |= {"document": first.name, "document_model": first._name, "document_id": first.id}
        return vals

    @api.model
    def _get_real(self, remedy):
        """Return what really leaves now by the one ``remedy``, and what follows, as values of it.

        :raise UserError: when that is less than what the customer has agreed to
        """
        line, unit = remedy.line_id, remedy.product_id.uom_id
        figures = self.env["sop.engine.stock"]._get_figures(line)[line]
        now = unit.round(figures["reserved"])
        if unit.compare(now, 0) <= 0:
            raise UserError(self.env._("Nothing of %s can be reserved now.", line.product_id.display_name))
        if remedy.answer == "agreed" and unit.compare(now, remedy.qty) < 0:
            raise UserError(
                self.env._(
                    "Only %(now)s of %(product)s can be shipped now, the customer agreed to %(agreed)s: withdraw the "
                    "decision and ask again.",
                    now=self._qty(now, remedy.product_id),
                    product=remedy.product_id.display_name,
                    agreed=self._qty(remedy.qty, remedy.product_id),
                )
            )
        return {"qty": now, "rest_qty": unit.round(figures["ordered"] - figures["delivered"] - now)}

    @api.model
    def _split(self, move, rest):
        """Take ``rest`` (in the product's unit) off the one ``move``; return the move that it becomes."""
        new = self.env["stock.move"].create(move._split(rest))
        new._action_confirm(merge=False)
        return new

    @api.model
    def _get_consequence(self, remedy):
        return self.env._("%(now)s of %(product)s leave now, %(rest)s follow: %(day)s.", **self._get_words(remedy))

    @api.model
    def _get_question(self, remedy):
        return self.env._(
            "We can send %(now)s of %(product)s now. The other %(rest)s follow: %(day)s. Do you agree to get your "
            "order in parts?",
            **self._get_words(remedy),
        )

    @api.model
    def _get_words(self, remedy):
        """Return what is said of the one ``remedy``: what leaves now, of what, and what follows when."""
        return {
            "now": self._qty(remedy.qty, remedy.product_id),
            "product": remedy.product_id.display_name,
            "rest": self._qty(remedy.rest_qty, remedy.product_id),
            "day": self._get_day(remedy),
        }

    @api.model
    def _get_day(self, remedy):
        if not remedy.new_date:
            return self.env._("we do not know yet when")
        return self._day(remedy.new_date, remedy.order_id)
