from odoo import api, fields, models


class ResCompany(models.Model):
    """The switch that puts new orders of a company under the SOP."""

    _inherit = "res.company"

    sop_active = fields.Boolean(
        "New Orders Follow the SOP",
        help="New orders of this company are put under the published process that they match.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if any(vals.get("sop_active") for vals in vals_list):
            self.env["sop.process"]._forget()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "sop_active" in vals:
            self.env["sop.process"]._forget()
        return result
