from odoo import api, fields, models


class ResConfigSettingsCases(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    sop_case_alias_name = fields.Char(
        "After-Sales Address",
        compute="_compute_sop_case_alias_name",
        inverse="_inverse_sop_case_alias_name",
        readonly=False,
    )
    sop_case_alias_domain = fields.Char("Domain of Mails", related="company_id.alias_domain_id.name")

    @api.depends("company_id")
    def _compute_sop_case_alias_name(self):
        for settings in self:
            settings.sop_case_alias_name = settings.company_id.sop_case_alias_id.alias_name

    def _inverse_sop_case_alias_name(self):
        for settings in self:
            settings.company_id._sop_set_case_alias((settings.sop_case_alias_name or "").strip() or False)
