from odoo import api, fields, models


class SopDifferenceHandover(models.TransientModel):
    """Asks which colleague gets differences.

    It only forwards to the differences' own action, as the current user: it decides whether he may.
    """

    _name = "sop.difference.handover"
    _description = "Hand Differences Over"

    difference_ids = fields.Many2many("sop.difference", required=True, readonly=True)
    possible_user_ids = fields.Many2many("res.users", compute="_compute_possible_user_ids")
    user_id = fields.Many2one("res.users", "Colleague", domain="[('id', 'in', possible_user_ids)]", required=True)

    @api.depends("difference_ids")
    def _compute_possible_user_ids(self):
        finance = self.env.ref("order_sop.group_finance").id
        for wizard in self:
            companies = wizard.difference_ids._filtered_access("read").company_id
            users = self.env["res.users"].search([("all_group_ids", "in", finance), ("share", "=", False)])
            wizard.possible_user_ids = users.filtered(
                lambda user, companies=companies: companies <= user.sudo().company_ids  # where he works is no secret
            )

    def action_confirm(self):
        """Give the differences to the colleague."""
        self.ensure_one()
        self.difference_ids.action_assign(self.user_id.id)
        return {"type": "ir.actions.act_window_close"}
