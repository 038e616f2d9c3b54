from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SopDelegation(models.Model):
    """While somebody is away, somebody else decides what waits for him; the decisions name both."""

    _name = "sop.delegation"
    _description = "SOP Delegation"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users", "Absent", required=True, default=lambda self: self.env.user, ondelete="cascade", index=True
    )
    delegate_id = fields.Many2one("res.users", "Stands In", required=True, ondelete="cascade", index=True)
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", required=True, default=fields.Date.context_today, help="This day included.")
    reason = fields.Char()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(related="user_id.company_id", store=True, index=True)

    _dates_in_order = models.Constraint("CHECK(date_from <= date_to)", "An absence cannot end before it begins.")

    @api.constrains("user_id", "delegate_id", "date_from", "date_to", "active")
    def _check_delegate(self):
        for delegation in self.filtered("active"):
            delegate = delegation.delegate_id
            if delegate == delegation.user_id:
                raise ValidationError(self.env._("%s cannot stand in for himself.", delegate.name))
            if not self.env["sop.engine.approver"]._may_approve(delegate, delegation.user_id.company_id):
                raise ValidationError(
                    self.env._(
                        "%(delegate)s cannot stand in for %(user)s: he has to be an active member of the Order SOP in "
                        "the same company.",
                        delegate=delegate.name,
                        user=delegation.user_id.name,
                    )
                )
            delegation._check_loop()

    def _check_loop(self):
        """Raise when the one delegation in ``self`` leads back to the absent person on some day."""
        met, ahead = self.user_id, self
        while ahead:
            met |= ahead.delegate_id
            onward = self.sudo().search(  # whosever delegation closes the circle
                [
                    ("user_id", "in", ahead.delegate_id.ids),
                    ("date_from", "<=", self.date_to),
                    ("date_to", ">=", self.date_from),
                ]
            )
            if self.user_id in onward.delegate_id:
                raise ValidationError(
                    self.env._(
                        "%(user)s and %(delegate)s would stand in for each other on the same days: nobody would be "
                        "there.",
                        user=self.user_id.name,
                        delegate=onward.filtered(lambda d: d.delegate_id == self.user_id)[:1].user_id.name,
                    )
                )
            ahead = onward.filtered(lambda other, met=met: other.delegate_id not in met)

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(vals_list)
        self.env["sop.engine.approver"]._people_changed()
        return delegations

    def write(self, vals):
        result = super().write(vals)
        self.check_access("write")  # Odoo asks before only: whose absence it has become counts as well
        self.env["sop.engine.approver"]._people_changed()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["sop.engine.approver"]._people_changed()
        return result
