from odoo import api, fields, models


class SaleOrder(models.Model):
    """Whoever is asked to approve an order sees it, even where Odoo shows him his own orders only."""

    _inherit = "sale.order"

    sop_asks_me = fields.Boolean(
        "Asked to Approve",
        compute="_compute_sop_asks_me",
        search="_search_sop_asks_me",
        help="I am, or was, asked to approve it, for myself or for somebody absent.",
    )

    @api.depends_context("uid")
    @api.depends("sop_revision")
    def _compute_sop_asks_me(self):
        # superuser mode, still this user: it is the rule itself that asks
        mine = self.sudo().search([("id", "in", self._origin.ids), ("sop_asks_me", "=", True)])
        for order in self:
            order.sop_asks_me = order._origin.id in mine._ids

    def _search_sop_asks_me(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        domain = self.env["sop.engine.access"]._get_approver_domain()
        return domain if (operator == "in") == (True in value) else ~domain
