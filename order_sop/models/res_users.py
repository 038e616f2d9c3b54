from odoo import api, models

APPROVER_FIELDS = {"active", "group_ids", "company_ids", "share"}


class ResUsers(models.Model):
    """Who may approve follows from accounts: a change finds the approvers of what is open anew."""

    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        if not all(user.share for user in users):
            self.env["sop.engine.approver"]._people_changed()
        return users

    def write(self, vals):
        touched = not APPROVER_FIELDS.isdisjoint(vals)
        internal = touched and not all(user.share for user in self)  # a portal user is nobody's approver
        result = super().write(vals)
        if touched and (internal or not all(user.share for user in self)):
            self.env["sop.engine.approver"]._people_changed()
        return result
