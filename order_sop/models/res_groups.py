from odoo import models

APPROVER_FIELDS = {"user_ids", "implied_ids", "implied_by_ids"}


class ResGroups(models.Model):
    """Who may approve follows from groups: a change finds the approvers of what is open anew."""

    _inherit = "res.groups"

    def write(self, vals):
        result = super().write(vals)
        if not APPROVER_FIELDS.isdisjoint(vals):
            self.env["sop.engine.approver"]._people_changed()
        return result
