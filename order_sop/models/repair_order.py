from odoo import api, models


class RepairOrder(models.Model):
    """A repair that is done lets the case go on for which it was made."""

    _inherit = "repair.order"

    @api.model_create_multi
    def create(self, vals_list):
        repairs = super().create(vals_list)
        self.env["sop.engine.evaluation"]._mark(repairs)
        return repairs

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.env["sop.engine.evaluation"]._mark(self)
        return result

    def _get_flow_documents(self):
        """Return the orders that the repairs in ``self`` belong to; their cases are found by the documents of these."""
        return self.sudo().sale_order_id.with_env(self.env)  # the link, not its content
