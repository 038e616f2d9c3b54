from odoo import models
from odoo.tools import LazyTranslate

from .helpers import company_day, get_promise
from .sop_rule import AWAITED, WRONG

_lt = LazyTranslate(__name__)


class SopRuleShippedOnTime(models.AbstractModel):
    """The delivery left by the promised day, as days in the company's time zone.

    The promise is the delivery date on the order, else the deadline of the delivery. Without either, any day will do.
    """

    _name = "sop.rule.shipped_on_time"
    _inherit = "sop.rule"
    _description = "Shipped on time"

    _scopes = ("delivery",)
    _parameters = {"rule_days": _lt("days that a delivery may be late")}
    _reasons = {
        "not_shipped": (AWAITED, _lt("Delivery %(delivery)s is not shipped yet: Logistics ships it.")),
        "overdue": (
            AWAITED,
            _lt("Delivery %(delivery)s was promised for %(promised)s and is overdue: Logistics ships it."),
        ),
        "late": (
            WRONG,
            _lt(
                "Delivery %(delivery)s was shipped on %(shipped)s, %(days)s day(s) after the promised %(promised)s. "
                "That cannot be undone: an SOP manager waives the check and says why."
            ),
        ),
    }
    _time_dependent = True
    _needs_gate = "ship"

    def _evaluate(self, checks):
        return {check: self._judge(check.order_id, check.picking_id, check.checkpoint_id.rule_days) for check in checks}

    def _judge(self, order, delivery, tolerance):
        if not delivery or delivery.state == "cancel":
            return None
        company = order.company_id
        done = delivery.state == "done"
        promise = get_promise(order, delivery)
        if not promise:
            return None if done else self._reason("not_shipped", delivery=delivery.name)
        promised = company_day(company, promise)
        shipped = company_day(company, (done and delivery.date_done) or None)
        days = (shipped - promised).days
        data = {"delivery": delivery.name, "promised": promised.isoformat()}
        if not done:
            return self._reason("overdue" if days > tolerance else "not_shipped", **data)
        if days > tolerance:
            return self._reason("late", shipped=shipped.isoformat(), days=days, **data)
        return None
