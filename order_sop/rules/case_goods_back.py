from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)


class SopRuleCaseGoodsBack(models.AbstractModel):
    """All goods of the case have come back."""

    _name = "sop.rule.case_goods_back"
    _inherit = "sop.rule"
    _description = "Case: goods are back"

    _judges = "sop.case"
    _needs_gate = "take_back"
    _reasons = {
        "not_expected": (AWAITED, _lt("%(case)s: nothing is expected back yet. After-Sales presses “Expect Goods”.")),
        "on_way": (AWAITED, _lt("%(case)s: not here yet: %(products)s (%(transfers)s). The warehouse receives it.")),
    }

    def _evaluate(self, checks):
        return {check: self._judge(check.case_id) for check in checks}

    def _judge(self, case):
        missing = [line for line in case.line_ids if line.product_uom_id.compare(line.received_qty, line.qty) < 0]
        if not missing:
            return None
        links = [link for line in missing for link in line._get_links("return")]
        if not links:
            return self._reason("not_expected", case=case.name)
        return self._reason(
            "on_way",
            case=case.name,
            products=[line.display_name for line in missing],
            transfers=list(dict.fromkeys(link.picking_id.name for link in links)),
        )
