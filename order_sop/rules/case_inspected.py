from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)


class SopRuleCaseInspected(models.AbstractModel):
    """For all that came back it is said what was found: to stock, to be repaired, scrapped."""

    _name = "sop.rule.case_inspected"
    _inherit = "sop.rule"
    _description = "Case: goods inspected"

    _judges = "sop.case"
    _needs_gate = "take_back"
    _reasons = {
        "not_inspected": (AWAITED, _lt("%(case)s: to be inspected: %(products)s. Press “Inspect” on its line.")),
    }

    def _evaluate(self, checks):
        return {check: self._judge(check.case_id) for check in checks}

    def _judge(self, case):
        open_lines = [line.display_name for line in case.line_ids if line.uninspected_qty > 0]
        return self._reason("not_inspected", case=case.name, products=open_lines) if open_lines else None
