from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from .remedy_kind import NotChosen


class SopRemedySubstitute(models.AbstractModel):
    """Another product on the line, at its own price; the moves of the old one are cancelled, Odoo plans new ones."""

    _name = "sop.remedy.kind.substitute"
    _inherit = "sop.remedy.kind"
    _description = "SOP remedy: substitute"

    _setting = "sop_ask_substitute"
    _changes_order = True
    _binds = True

    @api.model
    def _get_refusal(self, line, figures):
        if line.qty_delivered or line.qty_invoiced:
            return self.env._("Part of %s is delivered or billed already.", line.product_id.display_name)
        if any(move.state == "done" or (move.picked and move.state != "cancel") for move in line.move_ids):
            return self.env._("%s is picked already.", line.product_id.display_name)
        if line.combo_item_id or line.linked_line_ids:
            return self.env._("Another product cannot take the place of %s on this line.", line.product_id.display_name)
        return None

    @api.model
    def _get_vals(self, line, figures, wishes):
        product = self.env["product.product"].browse(wishes.get("substitute_id") or ())
        if not product:
            raise NotChosen(self.env._("Choose the product that takes the place of the other."))
        other_company = product.company_id and product.company_id != line.company_id
        if product == line.product_id or not product.active or not product.sale_ok or other_company:
            raise UserError(self.env._("%s cannot be sold here in place of the other.", product.display_name))
        if product.type != "consu" or not line.product_uom_id._has_common_reference(product.uom_id):
            raise UserError(self.env._("%s is not counted in the same units.", product.display_name))
        price = wishes["price_unit"] if "price_unit" in wishes else self._get_price(line, product)
        return {
            "qty": figures["ordered"],
            "substitute_id": product.id,
            "price_unit": price,
            "price_difference": self._get_difference(line, product, price),
        }

    @api.model
    def _get_price(self, line, product):
        """Return the price of ``product`` in place of that of the one ``line``, by the order's pricelist and taxes."""
        virtual = self._get_virtual(line, product)
        virtual._reset_price_unit()
        return virtual.price_unit

    @api.model
    def _get_difference(self, line, product, price):
        """Return what the one ``line`` costs more, without taxes, with ``product`` at ``price``: by the taxes of that,
        which a price may include, its discount as it is."""
        virtual = self._get_virtual(line, product)
        virtual.update({"price_unit": price, "discount": line.discount})
        return line.currency_id.round(virtual.price_subtotal - line.price_subtotal)

    @api.model
    def _get_virtual(self, line, product):
        """Return a line, in memory only, with ``product`` in place of that of the one ``line``."""
        virtual = line.new(
            {"order_id": line.order_id.id, "product_id": product.id, "product_uom_qty": line.product_uom_qty}
        )
        virtual.product_uom_id = line.product_uom_id
        return virtual

    @api.model
    def _do(self, remedy):
        line = remedy.line_id
        refusal = self._get_refusal(line, None)
        if refusal:
            raise UserError(refusal)
        line.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))._action_cancel()
        line.write(
            {
                "product_id": remedy.substitute_id.id,
                "product_uom_id": line.product_uom_id.id,
                "product_uom_qty": line.product_uom_qty,
                "price_unit": remedy.price_unit,
                "discount": line.discount,
            }
        )

    @api.model
    def _get_consequence(self, remedy):
        free = remedy.substitute_id.with_context(warehouse_id=remedy.line_id.warehouse_id.id).free_qty
        return self.env._(
            "%(substitute)s (%(free)s free) takes the place of %(product)s. The order costs %(difference)s.",
            substitute=remedy.substitute_id.display_name,
            free=self._qty(free, remedy.substitute_id),
            product=remedy.product_id.display_name,
            difference=self._get_difference_text(remedy),
        )

    @api.model
    def _get_question(self, remedy):
        return self.env._(
            "%(product)s is not available. Do you agree to get %(substitute)s instead? Your order then costs "
            "%(difference)s.",
            substitute=remedy.substitute_id.display_name,
            product=remedy.product_id.display_name,
            difference=self._get_difference_text(remedy),
        )

    @api.model
    def _get_difference_text(self, remedy):
        difference, currency = remedy.price_difference, remedy.order_id.currency_id
        if currency.is_zero(difference):
            return self.env._("the same")
        amount = formatLang(self.env, abs(difference), currency_obj=currency)
        if difference > 0:
            return self.env._("%s more, without taxes", amount)
        return self.env._("%s less, without taxes", amount)
