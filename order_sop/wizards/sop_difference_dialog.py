from odoo import api, fields, models


class SopDifferenceDialog(models.TransientModel):
    """Asks why differences are as they should be.

    It only forwards to the differences' own actions, as the current user: they decide whether he may.
    """

    _name = "sop.difference.dialog"
    _description = "SOP Difference Dialog"

    difference_ids = fields.Many2many("sop.difference", required=True, readonly=True)
    summary = fields.Text(compute="_compute_summary")
    possible_reason_ids = fields.Many2many("sop.difference.reason", compute="_compute_possible_reason_ids")
    reason_id = fields.Many2one("sop.difference.reason", domain="[('id', 'in', possible_reason_ids)]", required=True)
    note = fields.Text()

    @api.depends_context("lang")
    @api.depends("difference_ids")
    def _compute_summary(self):
        for dialog in self:
            differences = dialog.difference_ids._filtered_access("read")
            dialog.summary = "\n".join(
                f"{difference.display_name}: {difference.currency_id.format(difference.amount)}"
                for difference in differences[:20]
            ) + ("\n…" if len(differences) > 20 else "")

    @api.depends("difference_ids")
    def _compute_possible_reason_ids(self):
        reasons = self.env["sop.difference.reason"].search([])  # pylint: disable=no-search-all; a list of few
        for dialog in self:
            kinds = set(dialog.difference_ids._filtered_access("read").mapped("kind"))
            dialog.possible_reason_ids = reasons.filtered(
                lambda reason, kinds=kinds: all(reason._fits(kind) for kind in kinds)
            )

    def action_confirm(self):
        """Explain the differences."""
        self.ensure_one()
        self.difference_ids.action_explain(self.reason_id.id, self.note)
        return {"type": "ir.actions.act_window_close"}
