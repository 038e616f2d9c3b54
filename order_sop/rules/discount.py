from odoo import models
from odoo.tools import LazyTranslate, float_compare

from .helpers import product_lines
from .sop_rule import WRONG

_lt = LazyTranslate(__name__)


class SopRuleDiscount(models.AbstractModel):
    """No line, and not the order as a whole, is discounted by more than the limit."""

    _name = "sop.rule.discount"
    _inherit = "sop.rule"
    _description = "Discount within the limit"

    _parameters = {"rule_percent": _lt("highest discount (%)")}
    _reasons = {
        "line": (
            WRONG,
            _lt(
                "Order %(order)s has lines with a discount above %(limit)s %%: %(lines)s. "
                "Sales lowers the discount or asks an SOP manager for a waiver."
            ),
        ),
        "order": (
            WRONG,
            _lt(
                "The discounts of order %(order)s come to %(percent)s %%, above the limit of %(limit)s %%. "
                "Sales lowers the discount on the whole order or asks an SOP manager for a waiver."
            ),
        ),
    }
    _content = True
    _lasting = True

    def _evaluate(self, checks):
        return {check: self._judge(check.order_id, check.checkpoint_id.rule_percent) for check in checks}

    def _judge(self, order, limit):
        """Return the reason why ``order`` is discounted by more than ``limit`` percent, or None."""
        goods = product_lines(order)
        above = goods.filtered(lambda line: float_compare(line.discount, limit, precision_digits=2) > 0)
        if above:
            return self._reason(
                "line",
                order=order.name,
                limit=self._percent(limit),
                lines=[f"{line.product_id.display_name} ({self._percent(line.discount)} %)" for line in above],
            )
        # Odoo's discount dialog can also add a line of its own that takes off a share of the whole order.
        taken_off = -sum(
            line.price_subtotal
            for line in order.order_line
            if line._is_global_discount()
            or (line.product_id and line.product_id == order.company_id.sale_discount_product_id)
        )
        gross = sum(
            line.price_subtotal / (1 - line.discount / 100) if line.discount < 100 else line.price_subtotal
            for line in goods
        )
        total = gross - sum(goods.mapped("price_subtotal")) + taken_off
        slack = order.currency_id.rounding * len(goods)  # each line was rounded
        if order.currency_id.compare_amounts(taken_off, 0) > 0 and total > gross * limit / 100 + slack:
            percent = total / gross * 100 if gross else 100.0
            return self._reason("order", order=order.name, percent=self._percent(percent), limit=self._percent(limit))
        return None

    def _percent(self, value):
        """Return the percentage ``value`` as text."""
        return f"{value:.2f}"
