from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Who is merged into another contact hands his block over to him, by plain SQL."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env["sop.block"]._forget_blocks_of(src_partners)
        return super()._update_foreign_keys(src_partners, dst_partner)
