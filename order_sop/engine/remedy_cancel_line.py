from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import formatLang


class SopRemedyCancelLine(models.AbstractModel):
    """What is not there is not delivered at all: the ordered quantity goes down to what is delivered or here."""

    _name = "sop.remedy.kind.cancel_line"
    _inherit = "sop.remedy.kind"
    _description = "SOP remedy: cancel the rest of a line"

    _changes_order = True

    @api.model
    def _get_refusal(self, line, figures):
        kept = self._get_kept(line, figures)
        if line.product_uom_id.compare(kept, line.qty_invoiced) < 0:
            return self.env._("More of %s is billed than would be left.", line.product_id.display_name)
        return None

    @api.model
    def _get_kept(self, line, figures):
        """Return what stays ordered, in the unit of the one ``line``: never more than is there."""
        here = figures["delivered"] + figures["reserved"] + figures["in_stock"] + figures["in_transit"]
        kept = line.product_id.uom_id._compute_quantity(here, line.product_uom_id, rounding_method="DOWN")
        return min(kept, line.product_uom_qty)

    @api.model
    def _get_vals(self, line, figures, wishes):
        kept = self._get_kept(line, figures)
        left = line.product_uom_id._compute_quantity(kept, line.product_id.uom_id, round=False)
        price = line.price_subtotal / line.product_uom_qty if line.product_uom_qty else 0.0
        return {
            "qty": line.product_id.uom_id.round(figures["ordered"] - left),
            "price_difference": line.currency_id.round((kept - line.product_uom_qty) * price),
        }

    @api.model
    def _do(self, remedy):
        line = remedy.line_id
        figures = self.env["sop.engine.stock"]._get_figures(line)[line]
        refusal = self._get_refusal(line, figures)
        if refusal:
            raise UserError(refusal)
        kept = self._get_kept(line, figures)
        # by the order, as its form does: Odoo then tells who makes or buys what is not needed any more
        remedy.order_id.write({"order_line": [Command.update(line.id, {"product_uom_qty": kept})]})

    @api.model
    def _get_consequence(self, remedy):
        return self.env._(
            "%(qty)s of %(product)s are not delivered; the order costs %(amount)s less, without taxes.",
            qty=self._qty(remedy.qty, remedy.product_id),
            product=remedy.product_id.display_name,
            amount=formatLang(self.env, -remedy.price_difference, currency_obj=remedy.order_id.currency_id),
        )
