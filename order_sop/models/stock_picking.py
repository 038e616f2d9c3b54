from odoo import models


class StockPicking(models.Model):
    """A delivery of an order shows its SOP panel; goods that leave pass the ship gate first."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "sop.document.mixin"]

    def write(self, vals):
        result = super().write(vals)
        self.env["sop.engine.evaluation"]._mark(self)
        return result

    def unlink(self):
        self.env["sop.engine.evaluation"]._mark(self._get_flow_documents())
        return super().unlink()

    def _action_done(self):
        # Asked before the goods move: afterwards a short picking has been split and agrees with itself.
        leaving = self.filtered(lambda picking: picking.state != "done" and picking._sop_is_leaving())
        passed = self.move_ids._sop_enforce_ship(leaving)
        return super(StockPicking, self.with_context(sop_passed=passed))._action_done()

    def _get_flow_documents(self):
        return self.sudo().sale_id.with_env(self.env)  # the link to the order, not its content

    def _sop_is_leaving(self):
        """Tell whether the goods of the one picking in ``self`` leave for the customer (no return, no inner step)."""
        return self.location_dest_id.usage == "customer" and self.location_id.usage != "customer"
