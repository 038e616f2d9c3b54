from odoo import api, models
from odoo.tools import SQL

SETTLED = ("sop.statement", "sop.closing", "sop.closing.line", "sop.difference", "sop.late.entry")
"""Models whose customer is a company or person, never a contact of one."""


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Who is merged into another contact hands his block and his settlement over to him, by plain SQL; the facts of
    his orders are found anew."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        self.env["sop.block"]._forget_blocks_of(src_partners)
        res = super()._update_foreign_keys(src_partners, dst_partner)
        customer = dst_partner.commercial_partner_id
        if customer != dst_partner:
            for name in SETTLED:
                model = self.env[name]
                model.flush_model(["partner_id"])
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET partner_id = %s WHERE partner_id = %s",
                        SQL.identifier(model._table),
                        customer.id,
                        dst_partner.id,
                    )
                )
                model.invalidate_model(["partner_id"])
        dst_partner._sop_note_all_orders()
        return res
