from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)

OFFLINE_TYPES = ("fixed", "base_on_rule")


class SopRuleTracking(models.AbstractModel):
    """The customer's parcel can be followed.

    Where the carrier's online service gives the number as the delivery is validated, a stage before the ship gate
    cannot wait for it: the check holds until then and asks for the number once the delivery is done.
    """

    _name = "sop.rule.tracking"
    _inherit = "sop.rule"
    _description = "Tracking number set"

    _scopes = ("delivery",)
    _looks_around = True
    _parameters = {"rule_flag": _lt("only deliveries by carriers with an online service")}
    _reasons = {
        "no_tracking": (
            AWAITED,
            _lt("Delivery %(delivery)s has no tracking number yet: Logistics enters it on the delivery."),
        ),
    }

    def _evaluate(self, checks):
        return {
            check: self._reason("no_tracking", delivery=check.picking_id.name) if self._is_missing(check) else None
            for check in checks
        }

    def _is_missing(self, check):
        delivery = check.picking_id
        if not delivery or delivery.carrier_tracking_ref or delivery.state == "cancel":
            return False
        online = delivery.carrier_id and delivery.carrier_id.delivery_type not in OFFLINE_TYPES
        if check.checkpoint_id.rule_flag and not online:
            return False
        return not (online and self._comes_with_shipping(check))

    def _comes_with_shipping(self, check):
        """Tell whether Odoo itself fetches the number when the delivery is validated, after the check's stage."""
        delivery = check.picking_id
        opener = check.stage_id.process_id._get_gate_stage("ship")
        return (
            delivery.state != "done"
            and delivery.carrier_id.integration_level == "rate_and_ship"
            and delivery.picking_type_id.print_label
            and opener
            and not opener._is_before(check.stage_id)
        )
