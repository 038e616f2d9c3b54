from odoo import models
from odoo.tools import LazyTranslate

from .billing import get_due, get_due_amount, get_invoiceable_lines, get_order_invoices
from .fulfilment import get_undelivered
from .sop_rule import AWAITED, WRONG
from .texts import amount_text, quantity_text

_lt = LazyTranslate(__name__)


class SopRuleInvoiced(models.AbstractModel):
    """What is invoiced agrees with what is owed, in quantities line by line and in the amount of the whole order.

    Owed is what each product's invoicing policy says (see ``get_due``); invoiced are posted invoices less posted credit
    notes. A down payment counts once it is deducted. What is for free needs no invoice.
    """

    _name = "sop.rule.invoiced"
    _inherit = "sop.rule"
    _description = "Invoiced what was delivered"

    _parameters = {"rule_percent": _lt("by how much the invoiced quantity or amount may differ")}
    _reasons = {
        "not_confirmed": (AWAITED, _lt("%(order)s is not confirmed yet: Sales confirms it.")),
        "nothing_due": (AWAITED, _lt("%(order)s: nothing can be invoiced before it is delivered. Logistics ships it.")),
        "less": (AWAITED, _lt("%(order)s: still to be invoiced: %(products)s. Finance posts the invoice.")),
        "more": (WRONG, _lt("%(order)s: invoiced in excess: %(products)s. Finance makes a credit note.")),
        "amount_less": (
            AWAITED,
            _lt("%(order)s: invoiced %(invoiced)s, due are %(due)s (without taxes). Finance invoices the rest."),
        ),
        "amount_more": (
            WRONG,
            _lt("%(order)s: invoiced %(invoiced)s, due are %(due)s (without taxes). Finance makes a credit note."),
        ),
        "deposit": (
            WRONG,
            _lt(
                "%(order)s: a down payment of %(amount)s (without taxes) was not deducted from the invoices. Finance "
                "corrects the last invoice."
            ),
        ),
    }
    _needs_gate = "invoice"

    def _evaluate(self, checks):
        return {check: self._judge(check.order_id, check.checkpoint_id.rule_percent / 100) for check in checks}

    def _judge(self, order, tolerance):
        if order.state != "sale":
            return self._reason("not_confirmed", order=order.name)
        lines = get_invoiceable_lines(order)
        for code, sign in (("more", 1), ("less", -1)):
            products = []
            for line in lines:
                due, uom = get_due(line), line.product_uom_id
                excess = sign * (line.qty_invoiced_posted - due)
                if uom.compare(excess, abs(due) * tolerance) > 0:
                    products.append(quantity_text(line.product_id, excess, uom))
            if products:
                return self._reason(code, order=order.name, products=products)
        undelivered = get_undelivered(order)
        if undelivered and lines and not get_order_invoices(order):
            return self._reason("nothing_due", order=order.name)
        deposits = order.order_line.filtered(lambda line: line._sop_is_deposit())
        return self._judge_amount(order, lines, tolerance) or (
            None if undelivered else self._judge_deposit(order, deposits)
        )

    def _judge_amount(self, order, lines, tolerance):
        currency = order.currency_id
        due = sum(get_due_amount(line) for line in lines)
        invoiced = sum(line.untaxed_amount_invoiced for line in lines)
        # each invoice line was rounded by itself
        allowed = abs(due) * tolerance + currency.rounding * sum(len(line.invoice_lines) for line in lines)
        if abs(invoiced - due) <= allowed:
            return None
        return self._reason(
            "amount_more" if invoiced > due else "amount_less",
            order=order.name,
            invoiced=amount_text(invoiced, currency),
            due=amount_text(due, currency),
        )

    def _judge_deposit(self, order, lines):
        """Find a down payment that is left over although all is delivered and invoiced."""
        left = sum(lines.mapped("untaxed_amount_invoiced"))
        if abs(left) <= order.currency_id.rounding * len(lines.invoice_lines):
            return None
        return self._reason("deposit", order=order.name, amount=amount_text(left, order.currency_id))
