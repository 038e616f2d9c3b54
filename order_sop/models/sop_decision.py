from odoo import api, fields, models
from odoo.exceptions import UserError

DECISIONS = [
    ("approve", "Approved"),
    ("reject", "Rejected"),
    ("return", "Returned"),
    ("transfer", "Handed over"),
    ("add", "Added an approver"),
    ("recall", "Recalled"),
]


class SopDecision(models.Model):
    """One person's word on an approval check; never edited or deleted. Written by the engine alone."""

    _name = "sop.decision"
    _description = "SOP Decision"
    _inherit = ["sop.record.mixin", "sop.guard.mixin"]
    _order = "id desc"
    _rec_name = "check_id"

    check_id = fields.Many2one("sop.check", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    approval_id = fields.Many2one("sop.approval", readonly=True, ondelete="cascade", index=True)
    user_id = fields.Many2one("res.users", "By", required=True, readonly=True, ondelete="restrict")
    on_behalf_of_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    target_id = fields.Many2one("res.users", "To", readonly=True, ondelete="restrict")
    stage_id = fields.Many2one("sop.stage", "Back To", readonly=True, ondelete="restrict")
    date = fields.Datetime(required=True, readonly=True)
    decision = fields.Selection(DECISIONS, required=True, readonly=True)
    comment = fields.Text(readonly=True)
    fingerprint = fields.Char(readonly=True, help="Hash of what the order said when it was decided on.")
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_total = fields.Monetary("Order Total", readonly=True, help="As it was when it was decided on.")
    facts = fields.Json(readonly=True, help="What the order said when it was decided on.")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    exposure = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What the customer owed: open invoices and confirmed orders not yet invoiced.",
    )
    margin = fields.Monetary(currency_field="company_currency_id", readonly=True)

    def _get_people(self):
        """Return the ids of who has spoken by the one decision in ``self``: its user, and whom he stood in for."""
        return {self.user_id.id, self.on_behalf_of_id.id} - {False}

    _approved_idx = models.Index("(order_id, user_id, date) WHERE decision = 'approve'")

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A decision stands as it was given: nobody can change it."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A decision stands as it was given: nobody can delete it."))
