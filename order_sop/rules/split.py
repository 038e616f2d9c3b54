from collections import defaultdict
from datetime import timedelta

from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import WRONG
from .texts import amount_text

_lt = LazyTranslate(__name__)


class SopRuleSplit(models.AbstractModel):
    """The order is no part of a larger one that was split to stay below an amount from which somebody has to approve.

    Looked at are the same customer's orders within so many days before and after, each below the amount; together they
    must not reach it. Meant as a warning: customers do order twice.
    """

    _name = "sop.rule.split"
    _inherit = "sop.rule"
    _description = "Not split below an amount"

    _parameters = {
        "rule_amount": _lt("the amount from which an order has to be approved"),
        "rule_days": _lt("days within which orders are added up"),
    }
    _reasons = {
        "split": (
            WRONG,
            _lt(
                "Order %(order)s comes to %(total)s together with %(others)s of the same customer: from %(amount)s on "
                "it would have had to be approved. Finance looks whether it was split."
            ),
        )
    }
    _content = True

    def _evaluate(self, checks):
        alike = self._get_orders_of_customers(checks.filtered(self._may_be_split))
        return {check: self._judge(check, alike[check.order_id.partner_id.commercial_partner_id]) for check in checks}

    def _may_be_split(self, check):
        """Tell whether the order of ``check`` is below the amount from which it would have to be approved."""
        limit = check.checkpoint_id.rule_amount
        return limit > 0 and check.order_id.sop_amount_company < limit

    def _get_orders_of_customers(self, checks):
        """Return ``{customer: his orders around those of checks}``, in one query."""
        alike = defaultdict(list)
        if not checks:
            return alike
        orders = checks.order_id
        days = timedelta(days=max(checks.checkpoint_id.mapped("rule_days"), default=0))
        dates = orders.mapped("date_order")
        found = self.env["sale.order"].search_fetch(
            [
                ("partner_id.commercial_partner_id", "in", orders.partner_id.commercial_partner_id.ids),
                ("company_id", "in", orders.company_id.ids),
                ("state", "!=", "cancel"),
                ("date_order", ">=", min(dates) - days),
                ("date_order", "<=", max(dates) + days),
            ],
            ["name", "partner_id", "date_order", "amount_total", "currency_rate", "company_id"],
        )
        for order in found:
            alike[order.partner_id.commercial_partner_id].append(order)
        return alike

    def _judge(self, check, alike):
        """Return the reason why the order of ``check`` looks like a part of a larger one, or None."""
        order, limit = check.order_id, check.checkpoint_id.rule_amount
        days = timedelta(days=check.checkpoint_id.rule_days)
        if not self._may_be_split(check):
            return None
        others = [
            other
            for other in alike
            if other.id != order.id
            and abs(other.date_order - order.date_order) <= days
            and other.sop_amount_company < limit
        ]
        total = order.sop_amount_company + sum(other.sop_amount_company for other in others)
        currency = check.company_id.currency_id
        if not others or currency.compare_amounts(total, limit) < 0:
            return None
        return self._reason(
            "split",
            order=order.name,
            others=[other.name for other in others],
            total=amount_text(total, currency),
            amount=amount_text(limit, currency),
        )
