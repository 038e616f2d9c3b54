from odoo import models

from ..rules.price_book import PriceBook


class ProductPricelist(models.Model):
    """Lets a rule price many order lines at once."""

    _inherit = "product.pricelist"

    def _get_applicable_rules(self, products, date, **kwargs):
        book = self.env.context.get("sop_price_book")
        if isinstance(book, PriceBook) and self and not kwargs:
            rules = book.find(self, products, date)
            if rules is not None:
                return rules.with_env(self.env)
        return super()._get_applicable_rules(products, date, **kwargs)
