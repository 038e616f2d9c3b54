from datetime import timedelta

from odoo import models
from odoo.tools import LazyTranslate

from .helpers import company_day
from .receivables import get_debts, get_overdue_invoices, to_company_currency
from .sop_rule import WRONG
from .texts import amount_text

_lt = LazyTranslate(__name__)

SHOWN_INVOICES = 5


class SopRuleCredit(models.AbstractModel):
    """The customer stays within the credit limit, this order included, and owes nothing that is long overdue.

    Owed is what is posted and unpaid, what is confirmed and not yet invoiced, and this order. The one who owes is whom
    the order is invoiced to. Credit limits count where the company has switched them on in its settings.
    """

    _name = "sop.rule.credit"
    _inherit = "sop.rule"
    _description = "Credit limit and overdue invoices"

    _parameters = {
        "rule_days": _lt("days that an invoice may be overdue"),
        "rule_flag": _lt("customers need a credit limit"),
    }
    _reasons = {
        "overdue": (
            WRONG,
            _lt(
                "%(customer)s has not paid invoices that are overdue by more than %(days)s days: %(invoices)s. "
                "Order %(order)s waits until finance has the payment or an SOP manager waives this check."
            ),
        ),
        "no_limit": (
            WRONG,
            _lt("%(customer)s has no credit limit, which order %(order)s needs. Finance sets one on the customer."),
        ),
        "over_limit": (
            WRONG,
            _lt(
                "With order %(order)s, %(customer)s owes %(total)s (open invoices %(open)s, orders not yet invoiced "
                "%(orders)s), more than the credit limit of %(limit)s. Finance collects a payment or raises the limit."
            ),
        ),
    }
    _content = True
    _time_dependent = True

    def _evaluate(self, checks):
        company = checks.company_id
        debtors = checks.order_id.partner_invoice_id.commercial_partner_id
        debts, today = get_debts(debtors, company), company_day(company)
        late = debtors.filtered(lambda debtor: (due := debts[debtor.id].first_due) and due < today)
        overdue = get_overdue_invoices(late, company)
        result = {}
        for check in checks:
            debtor = check.order_id.partner_invoice_id.commercial_partner_id.with_company(company)
            result[check] = self._judge_overdue(check, debtor, overdue[debtor.id]) or self._judge_limit(
                check, debtor, debts[debtor.id]
            )
        return result

    def _judge_overdue(self, check, debtor, overdue):
        """Return the reason when one of ``overdue``, as ``[(day due, invoice)…]``, is older than allowed, or None."""
        days = check.checkpoint_id.rule_days
        limit = company_day(check.company_id) - timedelta(days=days)
        names = [invoice.name for due, invoice in overdue if due < limit]
        if not names:
            return None
        shown = names[:SHOWN_INVOICES] + ["…"] * (len(names) > SHOWN_INVOICES)
        return self._reason(
            "overdue", customer=debtor.display_name, days=days, invoices=shown, order=check.order_id.name
        )

    def _judge_limit(self, check, debtor, debt):
        """Return the reason when ``debtor``, who owes ``debt`` already, owes more than the limit, or None."""
        order, company, to_invoice = check.order_id, check.company_id, debt.to_invoice
        limit = debtor.credit_limit if company.account_use_credit_limit else 0
        if limit <= 0:
            if not check.checkpoint_id.rule_flag:
                return None
            return self._reason("no_limit", customer=debtor.display_name, order=order.name)
        if order.state in ("draft", "sent"):  # a confirmed one is in the sum already
            to_invoice += to_company_currency(order.amount_total, order.currency_id, company)
        total = debt.open + to_invoice
        if company.currency_id.compare_amounts(total, limit) <= 0:
            return None
        amounts = {"total": total, "open": debt.open, "orders": to_invoice, "limit": limit}
        return self._reason(
            "over_limit",
            customer=debtor.display_name,
            order=order.name,
            **{name: amount_text(amount, company.currency_id) for name, amount in amounts.items()},
        )
