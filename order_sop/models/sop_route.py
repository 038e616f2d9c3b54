from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .sop_definition_mixin import _parse_domain


class SopRoute(models.Model):
    """A department's rule who gets which orders: by region, team, product category, customer or anything else.

    Not part of a published version: who works for whom changes without a new one.
    """

    _name = "sop.route"
    _description = "SOP Assignment Rule"
    _order = "sequence, id"
    _rec_name = "user_id"

    department_id = fields.Many2one("sop.department", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10, help="The first rule whose condition an order meets counts.")
    order_domain = fields.Char("For Orders", help="Empty: for all orders.")
    user_id = fields.Many2one("res.users", "Goes To", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", help="Empty: for the orders of all companies.")
    active = fields.Boolean(default=True)

    @api.constrains("order_domain")
    def _check_order_domain(self):
        for route in self:
            try:
                # building the query names unknown fields and operators; nothing is read
                self.env["sale.order"].sudo()._search(_parse_domain(route.order_domain or "[]"))
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The condition of the rule for %(user)s is not valid: %(error)s",
                        user=route.user_id.name,
                        error=error,
                    )
                ) from error

    @api.constrains("user_id", "department_id", "company_id")
    def _check_user(self):
        for route in self:
            user, department = route.user_id, route.department_id
            foreign = route.company_id and route.company_id not in user.sudo().company_ids  # facts of the account
            if not user.active or foreign or not department._has_member(user):
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot get work of %(department)s: he has to be an active member of it, in the "
                        "company of the rule.",
                        user=user.name,
                        department=department.name,
                    )
                )

    # -- CRUD: the rules are kept for all transactions -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        routes = super().create(vals_list)
        self.env["sop.process"]._forget()
        return routes

    def write(self, vals):
        result = super().write(vals)
        self.env["sop.process"]._forget()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["sop.process"]._forget()
        return result
