from contextlib import nullcontext

from odoo import api, models


class StockPicking(models.Model):
    """A delivery of an order shows its SOP panel; goods that leave pass the ship gate first."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "sop.document.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        # the state follows from the moves, but who writes it himself passes the gate as well
        may_be_done = "default_state" in self.env.context or any(vals.get("state") == "done" for vals in vals_list)
        with self.env.cr.savepoint() if may_be_done else nullcontext():
            pickings = super().create(vals_list)
            if may_be_done:
                pickings.filtered(lambda picking: picking.state == "done")._sop_enforce_ship()
        return pickings

    def write(self, vals):
        if vals.get("state") == "done":
            self.check_access("write")  # what is missing is told to nobody else
            self.filtered(lambda picking: picking.state != "done")._sop_enforce_ship()
        if "sale_id" in vals:
            self.move_ids._sop_check_link_kept(self.env["sale.order"].browse(vals["sale_id"] or ()))
        result = super().write(vals)
        self.env["sop.engine.evaluation"]._mark(self)
        return result

    def unlink(self):
        self.env["sop.engine.evaluation"]._mark(self._get_flow_documents())
        return super().unlink()

    def _get_flow_documents(self):
        return self.sudo().sale_id.with_env(self.env)  # the link to the order, not its content

    def _sop_is_leaving(self):
        """Tell whether the goods of the one picking in ``self`` leave for the customer (no return, no inner step)."""
        return self.location_dest_id._sop_is_outside() and not self.location_id._sop_is_outside()

    def _sop_enforce_ship(self):
        """Let the deliveries in ``self`` pass the ship gate of their orders, or raise."""
        leaving = self.filtered(lambda picking: picking._sop_is_leaving())
        items = {
            order: leaving.sudo() & order.picking_ids for order in leaving._get_flow_documents().sudo()
        }  # as above
        if items:
            self.env["sop.engine.gate"]._enforce(self.env["sale.order"].union(*items), "ship", items)
