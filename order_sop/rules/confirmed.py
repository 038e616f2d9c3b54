from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)


class SopRuleConfirmed(models.AbstractModel):
    """The order is confirmed: gives the work of confirming to the checkpoint's department once the gate is open."""

    _name = "sop.rule.confirmed"
    _inherit = "sop.rule"
    _description = "Order confirmed"

    _reasons = {"not_confirmed": (AWAITED, _lt("%(order)s is not confirmed yet: Sales confirms it."))}
    _needs_gate = "confirm"

    def _evaluate(self, checks):
        return {
            check: None if check.order_id.state == "sale" else self._reason("not_confirmed", order=check.order_id.name)
            for check in checks
        }
