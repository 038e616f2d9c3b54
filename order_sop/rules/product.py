from odoo import models
from odoo.tools import LazyTranslate

from .helpers import product_lines
from .sop_rule import AWAITED, WRONG

_lt = LazyTranslate(__name__)


class SopRuleProduct(models.AbstractModel):
    """The order has at least one product line, and every product on it may be sold."""

    _name = "sop.rule.product"
    _inherit = "sop.rule"
    _description = "Products can be sold"

    _reasons = {
        "no_product": (AWAITED, _lt("Order %(order)s has no product line yet. Sales adds what the customer orders.")),
        "not_sellable": (
            WRONG,
            _lt(
                "Order %(order)s has products that are archived or not for sale: %(products)s. "
                "Sales replaces them, or the product's manager opens them for sale again."
            ),
        ),
    }
    _content = True

    def _evaluate(self, checks):
        return {check: self._judge(check.order_id) for check in checks}

    def _judge(self, order):
        """Return the reason why the products of ``order`` do not hold, or None."""
        products = [line.product_id for line in product_lines(order)]
        if not products:
            return self._reason("no_product", order=order.name)
        blocked = [product for product in products if not product.active or not product.sale_ok]
        if blocked:
            names = list(dict.fromkeys(product.display_name for product in blocked))
            return self._reason("not_sellable", order=order.name, products=names)
        return None
