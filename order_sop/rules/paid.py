from odoo import models
from odoo.tools import LazyTranslate

from .billing import get_due, get_invoiceable_lines, get_order_invoices
from .fulfilment import get_undelivered
from .sop_rule import AWAITED, WRONG
from .texts import amount_text

_lt = LazyTranslate(__name__)

PAID_STATES = ("paid", "reversed", "invoicing_legacy")


class SopRulePaid(models.AbstractModel):
    """Every posted invoice of the order is paid, or taken back by a credit note; down payments too.

    A payment that Odoo shows as “in payment” has been registered, but not yet been found on the bank statement: it
    counts, unless the option asks for more. Whether all was invoiced is another rule's matter; but an order without any
    invoice is not paid, unless nothing is or will be owed for it.
    """

    _name = "sop.rule.paid"
    _inherit = "sop.rule"
    _description = "Payment received"

    _parameters = {"rule_flag": _lt("payments count only when they are on the bank statement")}
    _reasons = {
        "no_invoice": (AWAITED, _lt("%(order)s has no posted invoice that could be paid: Finance posts it.")),
        "unpaid": (
            AWAITED,
            _lt("%(order)s: not paid yet: %(invoices)s. Finance collects and registers the payment."),
        ),
        "blocked": (
            WRONG,
            _lt("%(order)s: payment is blocked for %(invoices)s. Finance settles the dispute and unblocks it."),
        ),
    }
    _needs_gate = "invoice"

    def _evaluate(self, checks):
        return {check: self._judge(check.order_id, check.checkpoint_id.rule_flag) for check in checks}

    def _judge(self, order, on_statement):
        invoices = get_order_invoices(order)
        if not invoices:
            return self._reason("no_invoice", order=order.name) if self._is_owed(order) else None
        paid_states = PAID_STATES if on_statement else (*PAID_STATES, "in_payment")
        unpaid = invoices.filtered(lambda move: move.payment_state not in paid_states)
        blocked = unpaid.filtered(lambda move: move.payment_state == "blocked")
        if unpaid:
            code = "blocked" if blocked else "unpaid"
            return self._reason(code, order=order.name, invoices=self._name_residuals(blocked or unpaid))
        return None

    def _is_owed(self, order):
        """Tell whether the one ``order`` without an invoice is or will be to be paid."""
        if order.currency_id.is_zero(order.amount_total):
            return False
        if order.state != "sale" or get_undelivered(order):
            return True
        return any(not line.product_uom_id.is_zero(get_due(line)) for line in get_invoiceable_lines(order))

    def _name_residuals(self, invoices):
        return [
            f"{invoice.name} ({amount_text(invoice.amount_residual, invoice.currency_id)})"
            for invoice in invoices.sorted("name")
        ]
