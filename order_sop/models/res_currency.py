from odoo import models


class ResCurrency(models.Model):
    """How a currency rounds is kept for all transactions with the companies that use it."""

    _inherit = "res.currency"

    def write(self, vals):
        result = super().write(vals)
        if "rounding" in vals:
            self.env.registry.clear_cache()  # see res.company._sop_kept
        return result
