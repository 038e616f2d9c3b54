from odoo import fields, models


class SaleOrderRating(models.Model):
    """What customers thought of their orders."""

    _name = "sale.order"
    _inherit = ["sale.order", "sop.rated.mixin"]  # pylint: disable=consider-merging-classes-inherited

    sop_rating_text = fields.Char(
        "Customer's Rating", compute="_compute_sop_rating_text", groups="order_sop.group_user", compute_sudo=True
    )

    def _compute_sop_rating_text(self):
        under_process = self.filtered("sop_process_id")  # the others look and cost as without the addon
        ratings = under_process._sop_get_ratings()
        labels = dict(self.env["rating.rating"]._fields["rating_text"]._description_selection(self.env))
        for order in self:
            rating = ratings.get(order._origin)
            order.sop_rating_text = rating and labels[rating.rating_text]

    def action_view_sop_ratings(self):
        """Open the ratings that the customer gave the one order in ``self``."""
        self.ensure_one()
        return self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_rating_action") | {
            "domain": [("res_model", "=", self._name), ("res_id", "=", self.id), ("consumed", "=", True)],
            "context": {},
        }
