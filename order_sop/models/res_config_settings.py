from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sop_active = fields.Boolean(related="company_id.sop_active", readonly=False)
    sop_countersign = fields.Boolean(related="company_id.sop_countersign", readonly=False)
    sop_ask_reschedule = fields.Boolean(related="company_id.sop_ask_reschedule", readonly=False)
    sop_ask_parts = fields.Boolean(related="company_id.sop_ask_parts", readonly=False)
    sop_ask_substitute = fields.Boolean(related="company_id.sop_ask_substitute", readonly=False)
    sop_ask_hours = fields.Float(related="company_id.sop_ask_hours", readonly=False)
    sop_case_hours = fields.Float(related="company_id.sop_case_hours", readonly=False)
