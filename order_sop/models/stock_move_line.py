from contextlib import nullcontext

from odoo import api, models

TARGET_FIELDS = {"product_uom_id", "location_id", "location_dest_id", "move_id", "picking_id"}


class StockMoveLine(models.Model):
    """More goods on a delivery that is done leave at once: they pass the ship gate as well."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["stock.move"].browse({vals["move_id"] for vals in vals_list if vals.get("move_id")})
        may_be_done = "default_move_id" in self.env.context or any(move.state == "done" for move in moves)
        with self.env.cr.savepoint() if may_be_done else nullcontext():
            lines = super().create(vals_list)
            done = lines.move_id.filtered(lambda move: move.state == "done")
            done._sop_enforce_ship()
        self.env["sop.engine.evaluation"]._mark(done)
        return lines

    def write(self, vals):
        if "quantity" not in vals and TARGET_FIELDS.isdisjoint(vals):
            return super().write(vals)
        done = self.filtered(lambda line: line.move_id.state == "done")
        growing = done.filtered(lambda line: line._sop_sends_more(vals))
        left = {line: (line.move_id, line.quantity_product_uom) for line in done if line.move_id._sop_is_leaving()}
        with self.env.cr.savepoint() if done else nullcontext():
            result = super().write(vals)
            growing.move_id._sop_enforce_ship()
            for line, (move, quantity) in left.items():
                if line.quantity_product_uom < quantity or line.move_id != move:
                    self.env["sop.engine.case.guard"]._enforce_kept(move)
        self.env["sop.engine.evaluation"]._mark(done.move_id)
        return result

    def _sop_sends_more(self, vals):
        """Tell whether writing ``vals`` to the one line in ``self``, which is done, can make more goods leave."""
        return not TARGET_FIELDS.isdisjoint(vals) or (vals["quantity"] or 0) > self.quantity
