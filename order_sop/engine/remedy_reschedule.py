from odoo import api, fields, models
from odoo.exceptions import UserError

from .remedy_kind import NotChosen


class SopRemedyReschedule(models.AbstractModel):
    """Another promised date for the whole order."""

    _name = "sop.remedy.kind.reschedule"
    _inherit = "sop.remedy.kind"
    _description = "SOP remedy: reschedule"

    _setting = "sop_ask_reschedule"
    _changes_order = True
    _binds = True

    @api.model
    def _get_vals(self, line, figures, wishes):
        date = wishes.get("new_date") or figures["expected_at"]
        if not date:
            raise NotChosen(self.env._("Nobody knows when it comes: choose the date that is promised."))
        self._check_ahead(date)
        return {"new_date": date}

    @api.model
    def _check_ahead(self, date):
        if date <= fields.Datetime.now():
            raise UserError(self.env._("Promise a date in the future."))

    @api.model
    def _do(self, remedy):
        self._check_ahead(remedy.new_date)  # the customer may have answered late
        self.env["sop.engine.promise"]._move(remedy.order_id, remedy.new_date, remedy.reason, remedy)

    @api.model
    def _get_consequence(self, remedy):
        order = remedy.order_id
        return self.env._(
            "%(order)s is promised for %(new)s instead of %(old)s.",
            order=order.name,
            new=self._day(remedy.new_date, order),
            old=self._day(remedy.old_date, order),
        )

    @api.model
    def _get_question(self, remedy):
        order = remedy.order_id
        return self.env._(
            "%(product)s cannot be there by %(old)s. Do you agree to get your order on %(new)s?",
            product=remedy.product_id.display_name,
            new=self._day(remedy.new_date, order),
            old=self._day(remedy.old_date, order),
        )
