from odoo import fields, models
from odoo.tools import SQL

FACT_FIELDS = {"categ_id", "type", "uom_id"}


class ProductTemplate(models.Model):
    """How long customers can come back with a product; and what it is, as far as KPIs of its orders depend on it."""

    _inherit = "product.template"

    sop_return_days = fields.Integer(
        "Return Window (Days)", help="Days after the delivery; 0: as the company says, -1: it cannot be returned."
    )
    sop_warranty_months = fields.Integer(
        "Warranty (Months)", help="Months after the delivery; 0: as the company says, -1: none."
    )

    def write(self, vals):
        names = FACT_FIELDS & vals.keys()
        before = {record: [record[name] for name in names] for record in self} if names else {}
        result = super().write(vals)
        changed = self.filtered(lambda record: names and before[record] != [record[name] for name in names])
        if changed:
            products = changed.with_context(active_test=False).product_variant_ids
            self.env["sop.engine.fact"]._note_where(
                SQL("id IN (SELECT order_id FROM sale_order_line WHERE product_id = ANY(%s))", products.ids)
            )
        return result
