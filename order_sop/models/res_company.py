from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    sop_active = fields.Boolean(
        "New Orders Follow the SOP",
        help="New orders of this company are put under the published process that they match.",
    )
