from odoo import api, models

CONTENT_FIELDS = {"product_id", "product_uom_qty", "product_uom_id", "price_unit", "discount", "tax_ids", "order_id"}


class SaleOrderLine(models.Model):
    """A changed line is a changed order."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env["sop.engine.evaluation"]._mark(lines.order_id, "content")
        return lines

    def write(self, vals):
        changed = not CONTENT_FIELDS.isdisjoint(vals)
        if changed:
            self.env["sop.engine.evaluation"]._mark(self.order_id, "content")
        result = super().write(vals)
        if "order_id" in vals:
            self.env["sop.engine.evaluation"]._mark(self.order_id, "content")
        return result

    def unlink(self):
        self.env["sop.engine.evaluation"]._mark(self.order_id, "content")
        return super().unlink()
