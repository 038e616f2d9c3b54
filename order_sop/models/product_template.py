from odoo import fields, models
from odoo.tools import SQL


class ProductTemplate(models.Model):
    """How long customers can come back with a product; and what it is, as far as KPIs of its orders depend on it."""

    _name = "product.template"
    _inherit = ["product.template", "sop.noted.mixin"]
    _sop_noted_fields = frozenset({"categ_id", "type", "uom_id"})

    sop_return_days = fields.Integer(
        "Return Window (Days)", help="Days after the delivery; 0: as the company says, -1: it cannot be returned."
    )
    sop_warranty_months = fields.Integer(
        "Warranty (Months)", help="Months after the delivery; 0: as the company says, -1: none."
    )

    def _sop_note_all_orders(self):
        products = self.with_context(active_test=False).product_variant_ids
        self.env["sop.engine.fact"]._note_where(
            SQL("id IN (SELECT order_id FROM sale_order_line WHERE product_id = ANY(%s))", products.ids)
        )
