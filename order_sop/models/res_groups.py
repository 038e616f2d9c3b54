from odoo import api, models
from odoo.exceptions import UserError

APPROVER_FIELDS = {"user_ids", "implied_ids", "implied_by_ids"}


class ResGroups(models.Model):
    """Who may approve follows from groups: a change finds the approvers of what is open anew."""

    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        self.env["sop.engine.approver"]._people_changed()
        return groups

    def write(self, vals):
        result = super().write(vals)
        if not APPROVER_FIELDS.isdisjoint(vals):
            self.env["sop.engine.approver"]._people_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_department(self):
        departments = self.env["sop.department"].sudo().search([("group_ids", "in", self.ids)])  # whose group it is
        for department in departments:
            if department.group_ids <= self and department._get_published_processes():
                raise UserError(
                    self.env._("%s has no other group, and work in a published process.", department.display_name)
                )
