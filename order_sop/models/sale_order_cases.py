from odoo import models

from .sop_case import KINDS, WITH_GOODS


class SaleOrderCases(models.Model):
    """What of an order its customer can come back with."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _sop_get_case_lines(self):
        """Return ``{line: quantity}`` of what the customer of the one order in ``self`` can come back with: what was
        delivered, less what came back and what open cases are about already."""
        lines = self.order_line.filtered(lambda line: not line.display_type and line.product_id.type == "consu")
        left = self.env["sop.engine.case.limits"]._get_left(lines)
        free = {line: line.product_uom_id.round(left[line, line.product_id]) for line in lines}
        return {line: quantity for line, quantity in free.items() if quantity > 0}

    def _sop_get_case_kinds(self):
        """Return the kinds of cases, in order, that the customer of the one order in ``self`` can open."""
        if self.state != "sale":
            return []
        goods = bool(self._sop_get_case_lines())
        return [kind for kind, _label in KINDS if goods or kind not in WITH_GOODS]
