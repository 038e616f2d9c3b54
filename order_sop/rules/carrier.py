from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED, WRONG

_lt = LazyTranslate(__name__)


class SopRuleCarrier(models.AbstractModel):
    """Somebody is named to bring the goods. Odoo lets nobody choose a carrier once the delivery is done."""

    _name = "sop.rule.carrier"
    _inherit = "sop.rule"
    _description = "Carrier chosen"

    _scopes = ("delivery",)
    _reasons = {
        "no_carrier": (AWAITED, _lt("Delivery %(delivery)s has no carrier yet: Logistics chooses one on it.")),
        "left_without": (
            WRONG,
            _lt("Delivery %(delivery)s was shipped without a carrier. An SOP manager can waive the check."),
        ),
    }

    def _evaluate(self, checks):
        return {check: self._judge(check.picking_id) for check in checks}

    def _judge(self, delivery):
        if not delivery or delivery.carrier_id or delivery.state == "cancel":
            return None
        code = "left_without" if delivery.state == "done" else "no_carrier"
        return self._reason(code, delivery=delivery.name)
