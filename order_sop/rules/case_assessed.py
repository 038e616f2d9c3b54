from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)


class SopRuleCaseAssessed(models.AbstractModel):
    """For all goods of the case it is said why they come back and what becomes of them."""

    _name = "sop.rule.case_assessed"
    _inherit = "sop.rule"
    _description = "Case: reason and solution chosen"

    _judges = "sop.case"
    _reasons = {
        "no_reason": (AWAITED, _lt("%(case)s: After-Sales enters why it comes back: %(products)s.")),
        "no_solution": (AWAITED, _lt("%(case)s: After-Sales chooses what becomes of: %(products)s.")),
    }
    _content = True

    def _evaluate(self, checks):
        return {check: self._judge(check.case_id) for check in checks}

    def _judge(self, case):
        for code, name in (("no_reason", "reason_id"), ("no_solution", "solution")):
            if products := [line.product_id.display_name for line in case.line_ids if not line[name]]:
                return self._reason(code, case=case.name, products=products)
        return None
