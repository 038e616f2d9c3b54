from odoo import models
from odoo.tools import float_round

from .sop_case import KINDS

WITH_GOODS = ("return", "exchange", "repair")


class SaleOrderCases(models.Model):
    """What of an order its customer can come back with."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _sop_get_case_lines(self):
        """Return ``{line: quantity}`` of what the customer of the one order in ``self`` can come back with: what was
        delivered, less what came back and what open cases are about already."""
        lines = self.order_line.filtered(lambda line: not line.display_type and line.product_id.type == "consu")
        claimed = self.env["sop.case.line"]._read_group(
            [
                ("order_line_id", "in", lines.ids),
                ("case_id.state", "=", "open"),
                ("case_id.kind", "in", WITH_GOODS),
            ],
            ["order_line_id"],
            ["qty:sum"],
        )
        claimed = dict(claimed)
        left = {
            line: float_round(
                line.qty_delivered - claimed.get(line, 0.0), precision_rounding=line.product_uom_id.rounding
            )
            for line in lines
        }
        return {line: quantity for line, quantity in left.items() if quantity > 0}

    def _sop_get_case_kinds(self):
        """Return the kinds of cases, in order, that the customer of the one order in ``self`` can open."""
        if self.state != "sale":
            return []
        goods = bool(self._sop_get_case_lines())
        return [kind for kind, _label in KINDS if goods or kind not in WITH_GOODS]
