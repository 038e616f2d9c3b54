from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)


class SopRuleCaseAnswered(models.AbstractModel):
    """The customer has had a first answer from a person: not an automatic acknowledgement."""

    _name = "sop.rule.case_answered"
    _inherit = "sop.rule"
    _description = "Case: customer answered"

    _judges = "sop.case"
    _reasons = {
        "not_answered": (
            AWAITED,
            _lt("%(case)s: %(customer)s waits for a first answer. Write to him below, by “Send message”."),
        ),
    }

    def _evaluate(self, checks):
        return {
            check: None
            if check.case_id.answered_at
            else self._reason("not_answered", case=check.case_id.name, customer=check.case_id.partner_id.name)
            for check in checks
        }
