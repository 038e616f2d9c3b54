from odoo import models


class StockLocation(models.Model):
    """Knows which places are out of the house."""

    _inherit = "stock.location"

    def _sop_is_outside(self):
        """Tell whether what is in the one location in ``self`` has left for a customer, another company included."""
        return self.usage == "customer" or (self.usage == "transit" and not self.company_id)
