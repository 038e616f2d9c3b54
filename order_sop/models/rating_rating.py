from odoo import api, models

RATED_FIELDS = {"rating", "consumed", "res_id", "res_model", "res_model_id"}


class RatingRating(models.Model):
    """A customer's rating is one of the facts that the KPIs know of an order."""

    _inherit = "rating.rating"

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._sop_note_orders()
        return ratings

    def write(self, vals):
        if not RATED_FIELDS.isdisjoint(vals):
            self._sop_note_orders()
        result = super().write(vals)
        if not RATED_FIELDS.isdisjoint(vals):
            self._sop_note_orders()
        return result

    def unlink(self):
        if self:  # Odoo deletes those of every record that goes
            self._sop_note_orders()
        return super().unlink()

    def _sop_note_orders(self):
        """Remember that the orders that the ratings in ``self`` are of have changed."""
        rated = self.sudo().filtered(lambda rating: rating.res_model == "sale.order")  # follows whoever rates
        # as above
        self.env["sop.engine.fact"]._note(self.env["sale.order"].sudo().browse(rated.mapped("res_id")).exists())
