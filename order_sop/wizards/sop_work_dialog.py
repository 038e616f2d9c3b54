from odoo import api, fields, models

from ..engine.arguments import existing


class SopWorkDialog(models.TransientModel):
    """Asks who gets lines of *My Work*, and why; forwards to ``sop.work.action_hand_over`` as the current user."""

    _name = "sop.work.dialog"
    _description = "Hand Work Over"

    work_ids = fields.Char("Lines", required=True, help="Their ids, by commas: they are no table of their own.")
    user_id = fields.Many2one("res.users", "Hand Over To", required=True)
    allowed_user_ids = fields.Many2many("res.users", compute="_compute_allowed_user_ids")
    reason = fields.Text(required=True)

    @api.depends("work_ids")
    def _compute_allowed_user_ids(self):
        for dialog in self:
            pools = [
                set(self.env["sop.engine.routing"]._get_pool(work.department_id, work.company_id))
                for work in dialog._get_works()
            ]
            dialog.allowed_user_ids = self.env["res.users"].browse(set.intersection(*pools) if pools else ())

    def _get_works(self):
        ids = [int(id_) for id_ in (self.work_ids or "").split(",") if id_.isdecimal()]
        return existing(self.env["sop.work"], ids)

    def action_confirm(self):
        """Hand the lines over."""
        self.ensure_one()
        self._get_works().action_hand_over(self.user_id.id, self.reason)
        return {"type": "ir.actions.act_window_close"}
