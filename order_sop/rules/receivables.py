"""What customers owe one company: set-wise, for as many customers as are asked for.

Amounts are in the company's currency and cover the company with its branches. Core's ``res.partner.credit`` and
``credit_to_invoice`` are not used: they are kept for the whole transaction, and what is confirmed but not yet delivered
is not in them.
"""

from collections import defaultdict

from odoo.fields import Domain

from .helpers import company_day


def open_items(debtors, company):
    """Return the domain of the posted and unreconciled receivables of ``debtors`` (commercial partners)."""
    return Domain(
        [
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("company_id", "child_of", company.root_id.id),
            ("partner_id.commercial_partner_id", "in", debtors.ids),
        ]
    )


def get_open_amounts(debtors, company):
    """Return what is posted and unpaid, payments and credit notes not yet assigned deducted, and who may be late.

    :return: ``{debtor id: amount}``, and those of ``debtors`` of whom any item was due before today
    """
    totals, late, today = defaultdict(float), set(), company_day(company)
    for partner, amount, first_due in debtors.env["account.move.line"]._read_group(
        open_items(debtors, company), ["partner_id"], ["amount_residual:sum", "date_maturity:min"]
    ):
        debtor = partner.commercial_partner_id
        totals[debtor.id] += amount
        if first_due and first_due < today:
            late.add(debtor.id)
    return totals, debtors.filtered(lambda debtor: debtor.id in late)


def get_overdue_invoices(debtors, company):
    """Return ``{debtor id: [(day due, invoice)…]}`` of unpaid customer invoices due before today, oldest first."""
    domain = open_items(debtors, company) & Domain(
        [
            ("move_type", "=", "out_invoice"),
            ("amount_residual", ">", 0),
            ("date_maturity", "<", company_day(company)),
        ]
    )
    overdue = defaultdict(list)
    if not debtors:
        return overdue
    for partner, invoice, due in debtors.env["account.move.line"]._read_group(
        domain, ["partner_id", "move_id"], ["date_maturity:min"]
    ):
        overdue[partner.commercial_partner_id.id].append((due, invoice))
    for invoices in overdue.values():
        invoices.sort(key=lambda entry: (entry[0], entry[1].id))
    return overdue


def get_amounts_to_invoice(debtors, company):
    """Return ``{debtor id: what confirmed orders will still be invoiced}``, whether delivered already or not."""
    env = debtors.env
    # an order whose invoice is still a draft counts as invoiced for Odoo; the customer does not owe it as yet
    drafts = env["account.move"].search(
        [
            ("state", "=", "draft"),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("company_id", "child_of", company.root_id.id),
            ("partner_id.commercial_partner_id", "in", debtors.ids),
        ]
    )
    domain = Domain(
        [
            ("display_type", "=", False),
            ("order_id.state", "=", "sale"),
            ("order_id.company_id", "child_of", company.root_id.id),
            ("order_id.partner_invoice_id.commercial_partner_id", "in", debtors.ids),
        ]
    ) & (
        Domain("order_id.invoice_status", "!=", "invoiced")
        | Domain("order_id", "in", drafts.line_ids.sale_line_ids.order_id.ids)
    )
    totals = defaultdict(float)
    for order, total, untaxed, invoiced in env["sale.order.line"]._read_group(
        domain, ["order_id"], ["price_total:sum", "price_subtotal:sum", "untaxed_amount_invoiced:sum"]
    ):
        # down payments are lines of no amount with an invoiced one: the rest of the order is that much less
        if untaxed and order.currency_id.compare_amounts(untaxed, invoiced) > 0:
            debtor = order.partner_invoice_id.commercial_partner_id
            totals[debtor.id] += to_company_currency(total * (1 - invoiced / untaxed), order.currency_id, company)
    return totals


def to_company_currency(amount, currency, company):
    """Return ``amount`` of ``currency`` in the currency of ``company``, at today's rate."""
    return currency._convert(amount, company.currency_id, company, company_day(company))
