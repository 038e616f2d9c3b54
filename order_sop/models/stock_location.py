from odoo import models
from odoo.tools import SQL


class StockLocation(models.Model):
    """Knows which places are out of the house: what was moved there has left for a customer."""

    _name = "stock.location"
    _inherit = ["stock.location", "sop.noted.mixin"]
    _sop_noted_fields = frozenset({"usage", "company_id"})

    def _sop_is_outside(self):
        """Tell whether what is in the one location in ``self`` has left for a customer, another company included."""
        return self.usage == "customer" or (self.usage == "transit" and not self.company_id)

    def _sop_note_all_orders(self):
        self.env["sop.engine.fact"]._note_where(
            SQL(
                "id IN (SELECT l.order_id FROM stock_move m JOIN sale_order_line l ON l.id = m.sale_line_id"
                " WHERE m.location_id = ANY(%s) OR m.location_dest_id = ANY(%s))",
                self.ids,
                self.ids,
            )
        )
