from datetime import timedelta

from odoo import models
from odoo.tools import LazyTranslate

from .fulfilment import get_last_deliveries, get_undelivered
from .helpers import company_day
from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)


class SopRuleWindow(models.AbstractModel):
    """The time in which the customer may come back is over: so many days after the last delivery.

    Days are those of the company's time zone. Where nothing was to be delivered they count from the confirmation.
    """

    _name = "sop.rule.window"
    _inherit = "sop.rule"
    _description = "After-sales window over"

    _parameters = {"rule_days": _lt("days after the last delivery")}
    _reasons = {
        "not_confirmed": (AWAITED, _lt("%(order)s is not confirmed yet: Sales confirms it.")),
        "not_delivered": (
            AWAITED,
            _lt("%(order)s is not delivered in full yet, so the after-sales window is not open: Logistics ships it."),
        ),
        "open": (AWAITED, _lt("%(order)s: the after-sales window is open until %(until)s; nobody has to do anything.")),
    }
    _time_dependent = True

    def _evaluate(self, checks):
        delivered = get_last_deliveries(checks.order_id)
        return {check: self._judge(check.order_id, delivered, check.checkpoint_id.rule_days) for check in checks}

    def _judge(self, order, delivered, days):
        if order.state != "sale":
            return self._reason("not_confirmed", order=order.name)
        if get_undelivered(order):
            return self._reason("not_delivered", order=order.name)
        company = order.company_id
        until = company_day(company, delivered.get(order, order.date_order)) + timedelta(days=days)
        if company_day(company) < until:
            return self._reason("open", order=order.name, until=until.isoformat())
        return None
