from odoo import fields, models
from odoo.tools import LazyTranslate

from .helpers import company_day
from .sop_rule import WRONG

_lt = LazyTranslate(__name__)


class SopRuleRequestedDate(models.AbstractModel):
    """The delivery date that the customer asks for, when he asks for one, is not past before we have said yes."""

    _name = "sop.rule.requested_date"
    _inherit = "sop.rule"
    _description = "Requested date not past"

    _reasons = {
        "past": (
            WRONG,
            _lt(
                "The delivery date %(date)s of order %(order)s is past. "
                "Sales agrees on a new one with the customer and sets it on the order."
            ),
        )
    }
    _content = True
    _time_dependent = True

    def _evaluate(self, checks):
        today = company_day(checks.company_id)
        result = {}
        for check in checks:
            order = check.order_id
            # once confirmed, the date is a promise: keeping it is the business of logistics
            wanted = order.state != "sale" and order.commitment_date
            day = wanted and company_day(checks.company_id, wanted)
            result[check] = (
                self._reason("past", order=order.name, date=fields.Date.to_string(day)) if day and day < today else None
            )
        return result
