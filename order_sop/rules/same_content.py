"""Orders of one customer that ask for the same."""

from bisect import bisect_right
from collections import defaultdict
from datetime import timedelta

from odoo.fields import Domain


def find_same_content(asked):
    """Return ``{key: the latest earlier order alike}``: same customer and company, same products and quantities.

    :param dict asked: ``{key: (sale.order, days)}`` of one company; orders placed more than ``days`` apart are not
        alike. The orders asked for are also compared with each other. Cancelled orders do not count.
    """
    if not asked:
        return {}
    orders = next(iter(asked.values()))[0].union(*(order for order, _days in asked.values()))
    since = min(_placed_at(order) - timedelta(days=days) for order, days in asked.values())
    domain = (
        Domain("order_id.company_id", "in", orders.company_id.ids)
        & Domain("order_id.state", "!=", "cancel")
        & Domain("order_id.partner_id.commercial_partner_id", "in", orders.partner_id.commercial_partner_id.ids)
        & Domain("order_id.create_date", ">=", since)
        & Domain("order_id.date_order", ">=", since)
    )
    contents = _get_contents(orders, domain)
    alike = defaultdict(list)
    for order in sorted(contents, key=lambda order: order.id, reverse=True):
        alike[order.partner_id.commercial_partner_id, contents[order]].append(order)
    found = {}
    for key, (order, days) in asked.items():
        # the latest first; from the first one on that is earlier
        others = alike.get((order.partner_id.commercial_partner_id, contents.get(order)), ())
        for other in others[bisect_right(others, -order.id, key=lambda other: -other.id) :]:
            if abs(_placed_at(order) - _placed_at(other)) <= timedelta(days=days):
                found[key] = other
                break
    return found


def _get_contents(orders, domain):
    """Return ``{order: what it asks for}`` of ``orders``, and of those whose lines are in ``domain`` and ask for the
    products of one of them."""
    goods = Domain([("display_type", "=", False), ("is_downpayment", "=", False), ("is_delivery", "=", False)])
    lines = orders.env["sale.order.line"]._read_group(
        domain & goods, ["order_id", "product_id", "product_uom_id"], ["product_uom_qty:sum"]
    )
    product_ids = defaultdict(set)
    for order, product, _uom, _quantity in lines:
        product_ids[order].add(product.id)
    sought = {frozenset(product_ids[order]) for order in orders}
    contents = defaultdict(lambda: defaultdict(float))
    for order, product, uom, quantity in lines:
        if frozenset(product_ids[order]) in sought:
            contents[order][product] += uom._compute_quantity(quantity, product.uom_id, round=False)
    return {
        order: frozenset((product.id, product.uom_id.round(quantity)) for product, quantity in content.items())
        for order, content in contents.items()
    }


def _placed_at(order):
    """Return when ``order`` was placed: confirming moves ``date_order`` on, an import sets an older one."""
    return min(order.create_date, order.date_order)
