"""What the pricelist says that order lines cost: Odoo's own computation, for many lines at once."""

from .price_book import PriceBook


def get_expected_prices(lines):
    """Return ``{line id: (unit price as shown, unit price after discount)}`` for the order ``lines`` of one company.

    Both are in the order's currency and with the taxes that its prices include. They differ where the pricelist shows
    a discount beside the base price.
    """
    if not lines:
        return {}
    lines = lines.with_company(lines.company_id)
    lines.invalidate_recordset(["pricelist_item_id"], flush=False)  # it does not notice a changed pricelist
    orders = lines.order_id
    _prime_rates(orders)
    book = PriceBook(orders.pricelist_id, lines.product_id, max(orders.mapped("date_order")))
    expected = {}
    for line in lines.with_context(sop_price_book=book):
        taxes = line.product_id.taxes_id._filter_taxes_by_company(line.company_id)
        expected[line.id] = tuple(
            line.product_id._get_tax_included_unit_price_from_price(
                price, product_taxes=taxes, fiscal_position=line.order_id.fiscal_position_id
            )
            for price in (line._get_display_price(), line._get_pricelist_price())
        )
    return expected


def _prime_rates(orders):
    """Put the exchange rate that each order carries where the conversion looks: it would query per time of order."""
    field = orders.env["res.currency"]._fields["inverse_rate"]
    for order in orders:
        source, target = order.company_id.currency_id, order.currency_id
        if source != target and order.currency_rate:
            rate = source.with_company(order.company_id).with_context(to_currency=target.id, date=str(order.date_order))
            with orders.env.protecting([field], rate):
                rate.inverse_rate = order.currency_rate
