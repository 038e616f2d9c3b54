"""What customers owe one company: set-wise, for as many customers as are asked for.

Amounts are in the company's currency and cover the company with its branches. Core's ``res.partner.credit`` and
``credit_to_invoice`` are not used: they are kept for the whole transaction, and what is confirmed but not yet delivered
is not in them.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from odoo.fields import Domain
from odoo.tools import SQL

from .helpers import company_day, select

READ = {
    "account.move.line": [
        *("account_id", "amount_residual", "company_id", "date_maturity", "move_id"),
        *("parent_state", "partner_id", "reconciled", "sale_line_ids"),
    ],
    "account.move": ["company_id", "move_type", "partner_id", "state"],
    "account.account": ["account_type"],
    "res.partner": ["commercial_partner_id"],
    "sale.order": ["company_id", "currency_id", "invoice_status", "partner_invoice_id", "state"],
    "sale.order.line": ["display_type", "order_id", "price_subtotal", "price_total", "untaxed_amount_invoiced"],
}
"""The columns that :func:`get_debts` reads past the ORM."""


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


@dataclass
class Debt:
    """What one customer owes a company, in the company's currency."""

    open: float = 0.0
    """Posted and unpaid, payments and credit notes not yet assigned deducted."""
    to_invoice: float = 0.0
    """What confirmed orders will still be invoiced, whether delivered already or not."""
    first_due: date | None = None
    """The day on which the first unpaid item was or is due."""


def get_debts(debtors, company):
    """Return ``{partner id: Debt}`` of the commercial partners of ``debtors``, by one statement.

    An order whose invoice is still a draft counts as invoiced for Odoo; the customer does not owe it as yet. Down
    payments are lines of no amount with an invoiced one: the rest of the order is that much less.
    """
    debts = defaultdict(Debt)
    if not debtors:
        return debts
    rows = select(
        debtors.env,
        READ,
        SQL(
            """
            WITH house AS (SELECT id FROM res_company WHERE parent_path LIKE %(path)s),
                 partner AS (
                    SELECT partner.id, debtor.id AS debtor_id
                      FROM res_partner debtor
                      JOIN res_partner partner ON partner.commercial_partner_id = debtor.commercial_partner_id
                     WHERE debtor.id IN %(ids)s)
            SELECT partner.debtor_id, NULL::integer, SUM(item.amount_residual), NULL::numeric,
                   NULL::numeric, MIN(item.date_maturity)
              FROM account_move_line item
              JOIN partner ON partner.id = item.partner_id
              JOIN account_account account ON account.id = item.account_id
             WHERE account.account_type = 'asset_receivable' AND item.parent_state = 'posted'
               AND item.reconciled IS NOT TRUE AND item.company_id IN (SELECT id FROM house)
             GROUP BY partner.debtor_id
             UNION ALL
            SELECT partner.debtor_id, ordered.currency_id, SUM(line.price_total), SUM(line.price_subtotal),
                   SUM(line.untaxed_amount_invoiced), NULL::date
              FROM sale_order ordered
              JOIN partner ON partner.id = ordered.partner_invoice_id
              JOIN sale_order_line line ON line.order_id = ordered.id AND line.display_type IS NULL
             WHERE ordered.state = 'sale' AND ordered.company_id IN (SELECT id FROM house)
               AND (ordered.invoice_status IS DISTINCT FROM 'invoiced' OR ordered.id IN (
                    SELECT sold.order_id
                      FROM account_move draft
                      JOIN account_move_line item ON item.move_id = draft.id
                      JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = item.id
                      JOIN sale_order_line sold ON sold.id = rel.order_line_id
                     WHERE draft.state = 'draft' AND draft.move_type IN ('out_invoice', 'out_refund')
                       AND draft.partner_id IN (SELECT id FROM partner)
                       AND draft.company_id IN (SELECT id FROM house)))
             GROUP BY ordered.id, partner.debtor_id
            """,
            path=f"{company.root_id.id}/%",
            ids=debtors._ids,
        ),
    )
    currencies = debtors.env["res.currency"]
    for debtor_id, currency_id, total, untaxed, invoiced, first_due in rows:
        debt = debts[debtor_id]
        if not currency_id:
            debt.open, debt.first_due = float(total or 0), first_due
            continue
        currency, untaxed, invoiced = currencies.browse(currency_id), float(untaxed or 0), float(invoiced or 0)
        if untaxed and currency.compare_amounts(untaxed, invoiced) > 0:
            debt.to_invoice += to_company_currency(float(total) * (1 - invoiced / untaxed), currency, company)
    return debts


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


def to_company_currency(amount, currency, company):
    """Return ``amount`` of ``currency`` in the currency of ``company``, at today's rate."""
    return currency._convert(amount, company.currency_id, company, company_day(company))
