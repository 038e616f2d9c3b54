from odoo import models
from odoo.tools import LazyTranslate

from .receipts import get_received
from .sop_rule import AWAITED
from .texts import amount_text

_lt = LazyTranslate(__name__)


class SopRuleDeposit(models.AbstractModel):
    """The customer has paid at least a share of the order: online, or on invoices of the order.

    An amount that is authorised but not captured is no money yet.
    """

    _name = "sop.rule.deposit"
    _inherit = "sop.rule"
    _description = "Deposit received"

    _parameters = {"rule_percent": _lt("deposit, as a share of the order's total (%)")}
    _reasons = {
        "not_received": (
            AWAITED,
            _lt(
                "Order %(order)s needs a deposit of %(required)s (%(percent)s %%); %(received)s has been received. "
                "Finance sends the down payment invoice and records the payment."
            ),
        )
    }
    _content = True

    def _evaluate(self, checks):
        received = get_received(checks.order_id)
        return {
            check: self._judge(check.order_id, check.checkpoint_id.rule_percent, received[check.order_id])
            for check in checks
        }

    def _judge(self, order, percent, received):
        """Return the reason why ``received`` is less than ``percent`` of the total of ``order``, or None."""
        currency = order.currency_id
        required = currency.round(order.amount_total * percent / 100)
        if currency.compare_amounts(received, required) >= 0:
            return None
        return self._reason(
            "not_received",
            order=order.name,
            required=amount_text(required, currency),
            received=amount_text(received, currency),
            percent=f"{percent:.2f}",
        )
