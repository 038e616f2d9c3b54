from odoo import models
from odoo.tools import LazyTranslate

from .helpers import product_lines
from .sop_rule import WRONG
from .texts import quantity_text

_lt = LazyTranslate(__name__)


class SopRuleQuantity(models.AbstractModel):
    """Every product line has a quantity that can be delivered: positive, whole where it is counted, not absurd."""

    _name = "sop.rule.quantity"
    _inherit = "sop.rule"
    _description = "Quantities plausible"

    _parameters = {"rule_quantity": _lt("highest quantity on a line, in the product's own unit (0: no limit)")}
    _reasons = {
        "not_positive": (
            WRONG,
            _lt("Order %(order)s has lines without a positive quantity: %(lines)s. Sales corrects the quantity."),
        ),
        "not_whole": (
            WRONG,
            _lt(
                "Order %(order)s has fractions of what is counted in whole units: %(lines)s. "
                "Sales corrects the quantity or chooses another unit."
            ),
        ),
        "too_many": (
            WRONG,
            _lt(
                "Order %(order)s has lines above the highest quantity of %(maximum)s: %(lines)s. "
                "Sales corrects the quantity or asks an SOP manager for a waiver."
            ),
        ),
    }
    _content = True
    _lasting = True

    def _evaluate(self, checks):
        known = self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_unit")  # asks nothing, unlike env.ref
        unit = self.env["uom.uom"].browse(known)
        return {check: self._judge(check, unit) for check in checks}

    def _judge(self, check, unit):
        """Return the reason why the quantities of the order of ``check`` do not hold, or None.

        :param unit: the ``uom.uom`` of countable things; what refers to it, as a dozen does, comes in whole numbers
        """
        maximum = check.checkpoint_id.rule_quantity
        faults = {"not_positive": [], "not_whole": [], "too_many": []}
        for line in product_lines(check.order_id):
            uom, quantity, product_uom = line.product_uom_id, line.product_uom_qty, line.product_id.uom_id
            if uom.compare(quantity, 0) <= 0:
                faults["not_positive"].append(line)
            elif unit and uom._has_common_reference(unit) and uom.compare(quantity, round(quantity)):
                faults["not_whole"].append(line)
            elif maximum > 0:
                ordered = uom._compute_quantity(quantity, product_uom, round=False)
                if product_uom.compare(ordered, maximum) > 0:
                    faults["too_many"].append(line)
        for code, lines in faults.items():
            if lines:
                return self._reason(
                    code,
                    order=check.order_id.name,
                    lines=[quantity_text(line.product_id, line.product_uom_qty, line.product_uom_id) for line in lines],
                    maximum=f"{maximum:.10g}",
                )
        return None
