from odoo import models
from odoo.tools import LazyTranslate, float_compare

from .expected_prices import get_expected_prices
from .helpers import product_lines
from .sop_rule import WRONG

_lt = LazyTranslate(__name__)


class SopRulePrice(models.AbstractModel):
    """Every product line has a price, and it is the one that the order's pricelist gives, within a tolerance.

    A discount is another rule's matter: what is compared is the unit price with the one that the pricelist shows, or
    what is left after discounts with the price that the pricelist comes to.
    """

    _name = "sop.rule.price"
    _inherit = "sop.rule"
    _description = "Prices correct"

    _parameters = {
        "rule_flag": _lt("lines may be free of charge"),
        "rule_percent": _lt("highest deviation from the pricelist, up or down (%; 0: not compared)"),
    }
    _reasons = {
        "no_price": (
            WRONG,
            _lt("Order %(order)s has lines without a price above zero: %(lines)s. Sales sets the price."),
        ),
        "off_pricelist": (
            WRONG,
            _lt(
                "Order %(order)s has prices that differ from the pricelist by more than %(percent)s %%: %(lines)s. "
                "Sales corrects them (“Update Prices” on the order) or asks an SOP manager for a waiver."
            ),
        ),
    }
    _content = True
    _lasting = True

    def _evaluate(self, checks):
        compared = checks.filtered(lambda check: check.checkpoint_id.rule_percent > 0)
        expected = get_expected_prices(self._priced_lines(compared.order_id))
        return {check: self._judge(check, expected) for check in checks}

    def _priced_lines(self, orders):
        """Return the lines whose price is a sales price: no combo header (its items have it), no cost passed on."""
        return product_lines(orders).filtered(lambda line: line.product_type != "combo")

    def _judge(self, check, expected):
        """Return the reason why the prices of the order of ``check`` do not hold, or None."""
        free_allowed, percent = check.checkpoint_id.rule_flag, check.checkpoint_id.rule_percent
        unpriced, deviating = [], []
        for line in self._priced_lines(check.order_id):
            price, name = line.price_unit, line.product_id.display_name
            if price < 0 or (not price and not free_allowed and not line.combo_item_id):
                unpriced.append(f"{name} ({self._text(line, price)})")
            elif percent > 0 and (price or line.combo_item_id):
                shown, net = expected[line.id]
                paid = price * (1 - line.discount / 100)
                if self._deviates(price, shown, percent) and self._deviates(paid, net, percent):
                    deviating.append(f"{name} ({self._text(line, price)} / {self._text(line, shown)})")
        order = check.order_id.name
        if unpriced:
            return self._reason("no_price", order=order, lines=unpriced)
        if deviating:
            return self._reason("off_pricelist", order=order, lines=deviating, percent=f"{percent:.2f}")
        return None

    def _deviates(self, price, expected, percent):
        """Tell whether ``price`` is further than ``percent`` from ``expected``."""
        if not expected:
            return bool(price)
        return float_compare(abs(price - expected) / abs(expected) * 100, percent, precision_digits=2) > 0

    def _text(self, line, amount):
        """Return ``amount`` in the currency of ``line`` as text; unit prices may have more decimals than amounts."""
        return f"{amount:.{max(2, line.currency_id.decimal_places)}f} {line.currency_id.name}"
