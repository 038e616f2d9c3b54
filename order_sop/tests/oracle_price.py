"""What a quantity costs at an order line's price, discount and taxes of a percentage, as Odoo rounds it."""

from fractions import Fraction

from .oracle_books import rounded


def line_amounts(books, line, order, quantity):
    """Return subtotal and total of ``quantity`` at the line's price (taxes by percentage, none upon another)."""
    company, unit = books.res_company[order.company_id], books.unit_of(order.currency_id)
    each = company.tax_calculation_rounding_method == "round_per_line"

    def step(amount):
        return rounded(amount, unit) if each else amount

    taxes = [books.account_tax[id_] for id_ in books.taxes_of.get(line.id, ())]
    inside = [tax for tax in taxes if (tax.price_include_override or company.account_price_include) == "tax_included"]
    base = step(quantity * line.price_unit * (1 - Fraction(line.discount or 0) / 100))
    net_of = 1 / (1 + sum((tax.amount for tax in inside), Fraction(0)) / 100)
    tax_amounts = [step(base * net_of * tax.amount / 100) for tax in inside]
    net = base - sum(tax_amounts)
    tax_amounts += [step(net * tax.amount / 100) for tax in taxes if tax not in inside]
    subtotal = rounded(net, unit)
    return subtotal, subtotal + sum(rounded(amount, unit) for amount in tax_amounts)
