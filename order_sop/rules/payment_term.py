from odoo import models
from odoo.tools import LazyTranslate

from .helpers import company_day
from .sop_rule import WRONG

_lt = LazyTranslate(__name__)


class SopRulePaymentTerm(models.AbstractModel):
    """The order has payment terms, and none longer than those agreed with the customer."""

    _name = "sop.rule.payment_term"
    _inherit = "sop.rule"
    _description = "Payment terms as agreed"

    _parameters = {"rule_flag": _lt("payment terms may be empty, as for orders paid online")}
    _reasons = {
        "missing": (
            WRONG,
            _lt("Order %(order)s has no payment terms. Sales sets those agreed with %(customer)s."),
        ),
        "too_long": (
            WRONG,
            _lt(
                "Payment terms “%(term)s” of order %(order)s run %(days)s days; %(customer)s has “%(agreed)s” "
                "(%(agreed_days)s days). Sales shortens them, or finance agrees on longer ones on the customer."
            ),
        ),
        "no_agreement": (
            WRONG,
            _lt(
                "Payment terms “%(term)s” of order %(order)s run %(days)s days, but none are agreed with "
                "%(customer)s, who therefore pays at once. Sales shortens them, or finance sets terms on the customer."
            ),
        ),
    }
    _content = True

    def _evaluate(self, checks):
        return {check: self._judge(check) for check in checks}

    def _judge(self, check):
        """Return the reason why the payment terms of the order of ``check`` do not hold, or None."""
        order, company = check.order_id, check.company_id
        customer = order.partner_id.commercial_partner_id
        term, agreed = order.payment_term_id, customer.with_company(company).property_payment_term_id
        if not term:
            if check.checkpoint_id.rule_flag:
                return None
            return self._reason("missing", order=order.name, customer=customer.display_name)
        if term == agreed:
            return None
        day = company_day(company, order.date_order)
        days, agreed_days = self._get_days(term, day), self._get_days(agreed, day)
        if days <= agreed_days:
            return None
        return self._reason(
            "too_long" if agreed else "no_agreement",
            order=order.name,
            customer=customer.display_name,
            term=term.name,
            days=days,
            agreed=agreed.name or "",
            agreed_days=agreed_days,
        )

    def _get_days(self, term, day):
        """Return in how many days the last instalment of ``term`` falls due, counted from ``day``; 0 without a term."""
        return max(((line._get_due_date(day) - day).days for line in term.line_ids), default=0)
