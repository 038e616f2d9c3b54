from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)


class SopRuleCaseSolved(models.AbstractModel):
    """What was agreed is done: credited and posted, replaced and shipped, repaired and sent back."""

    _name = "sop.rule.case_solved"
    _inherit = "sop.rule"
    _description = "Case: solution carried out"

    _judges = "sop.case"
    _needs_gate = "solve"
    _reasons = {
        "to_make": (AWAITED, _lt("%(case)s: %(product)s is not solved yet. After-Sales presses “Solve”.")),
        "undone": (
            AWAITED,
            _lt("%(case)s: %(document)s is not done yet: Finance posts it, or the warehouse ships or repairs it."),
        ),
    }

    def _evaluate(self, checks):
        return {check: self._judge(check.case_id) for check in checks}

    def _judge(self, case):
        engine = self.env["sop.engine.case.solve"]
        for line in case.line_ids:
            if missing := engine._get_missing(line):
                _code, document = missing
                code = "undone" if document else "to_make"
                return self._reason(code, case=case.name, product=line.display_name, document=document)
        return None
