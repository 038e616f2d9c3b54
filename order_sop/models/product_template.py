from odoo import fields, models


class ProductTemplate(models.Model):
    """How long customers can come back with a product."""

    _inherit = "product.template"

    sop_return_days = fields.Integer(
        "Return Window (Days)", help="Days after the delivery; 0: as the company says, -1: it cannot be returned."
    )
    sop_warranty_months = fields.Integer(
        "Warranty (Months)", help="Months after the delivery; 0: as the company says, -1: none."
    )
