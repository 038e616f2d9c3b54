from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sop_active = fields.Boolean(related="company_id.sop_active", readonly=False)
