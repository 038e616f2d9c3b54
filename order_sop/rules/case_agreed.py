from datetime import timedelta

from odoo import fields, models
from odoo.tools import LazyTranslate

from .helpers import company_day
from .sop_rule import AWAITED

_lt = LazyTranslate(__name__)


class SopRuleCaseAgreed(models.AbstractModel):
    """The customer has said that it is solved, or has said nothing for so many days since it is.

    Days are those of the company's time zone; they count from when the case came to the stage that asks.
    """

    _name = "sop.rule.case_agreed"
    _inherit = "sop.rule"
    _description = "Case: customer agrees"

    _judges = "sop.case"
    _parameters = {"rule_days": _lt("days of silence that are taken for a yes; 0: he has to say so")}
    _reasons = {
        "silent": (
            AWAITED,
            _lt("%(case)s: %(customer)s has not said yet that it is solved; without a word it is closed on %(until)s."),
        ),
        "not_agreed": (AWAITED, _lt("%(case)s: %(customer)s has not said yet that it is solved.")),
    }
    _time_dependent = True

    def _evaluate(self, checks):
        return {check: self._judge(check) for check in checks}

    def _judge(self, check):
        case, days = check.case_id, check.checkpoint_id.rule_days
        names = {"case": case.name, "customer": case.partner_id.name}
        if case.agreed_at:
            return None
        if not days:
            return self._reason("not_agreed", **names)
        since = check.visit_id.entered_at or fields.Datetime.now()
        until = company_day(case.company_id, since) + timedelta(days=days)
        if company_day(case.company_id) < until:
            return self._reason("silent", until=until.isoformat(), **names)
        return None
