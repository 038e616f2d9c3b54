from odoo import fields, models


class SaleOrderRating(models.Model):
    """What customers thought of their orders, by Odoo's own ratings.

    Without ``rating.mixin``: its stored average would be computed for every order there is, and with each new one.
    """

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

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

    # -- business methods ----------------------------------------------------------------------------------------------

    def _sop_get_ratings(self, given=True):
        """Return ``{order: rating}`` of the customers of the orders in ``self``, in superuser mode.

        :param bool given: only what was rated already; False: also what is only asked for
        """
        domain = [("res_model", "=", self._name), ("res_id", "in", self._origin.ids)]
        if given:
            domain += [("consumed", "=", True)]
        found = self.env["rating.rating"].sudo().search(domain, order="id")  # whoever may see the order
        latest = {rating.res_id: rating for rating in found}
        return {order: latest[order.id] for order in self._origin if order.id in latest}

    def _sop_get_rating_token(self):
        """Return the token by which the customer of the one order in ``self`` rates it: the same whenever he is asked,
        so that he can think again and nobody rates twice."""
        [*ratings] = self._sop_get_ratings(given=False).values()
        return ratings[0].access_token if ratings else self._rating_get_access_token()
