from odoo import models
from odoo.tools import SQL


class UomUom(models.Model):
    """How much a unit is decides whether an order was delivered in full."""

    _name = "uom.uom"
    _inherit = ["uom.uom", "sop.noted.mixin"]
    _sop_noted_fields = frozenset({"relative_factor", "relative_uom_id"})

    def _sop_note_all_orders(self):
        units = self.with_context(active_test=False).sudo()._search([("id", "child_of", self.ids)])  # ids alone
        self.env["sop.engine.fact"]._note_where(
            SQL(
                "id IN (SELECT l.order_id FROM sale_order_line l JOIN product_product p ON p.id = l.product_id"
                " JOIN product_template t ON t.id = p.product_tmpl_id"
                " LEFT JOIN stock_move m ON m.sale_line_id = l.id"
                " WHERE l.product_uom_id IN %(units)s OR t.uom_id IN %(units)s OR m.product_uom IN %(units)s)",
                units=units.subselect(),
            )
        )
