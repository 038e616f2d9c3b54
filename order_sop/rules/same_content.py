"""Orders of one customer that ask for the same."""

from bisect import bisect_right
from collections import defaultdict
from datetime import timedelta

from odoo.tools import SQL

from .helpers import select

READ = {
    "product.product": ["product_tmpl_id"],
    "product.template": ["uom_id"],
    "res.partner": ["commercial_partner_id"],
    "sale.order": ["company_id", "create_date", "date_order", "partner_id", "state"],
    "sale.order.line": [
        *("display_type", "is_delivery", "is_downpayment", "order_id"),
        *("product_id", "product_uom_id", "product_uom_qty"),
    ],
    "uom.uom": ["factor"],
}
"""What of orders is read past the ORM."""


def find_same_content(asked):
    """Return ``{key: the latest earlier order alike}``: same customer and company, same products and quantities.

    :param dict asked: ``{key: (sale.order, days)}`` of one company; orders placed more than ``days`` apart are not
        alike. The orders asked for are also compared with each other. Cancelled orders do not count.
    """
    if not asked:
        return {}
    orders = next(iter(asked.values()))[0].union(*(order for order, _days in asked.values()))
    since = min(_placed_at(order) - timedelta(days=days) for order, days in asked.values())
    contents = _get_contents(orders, since)
    alike = defaultdict(list)
    for order in sorted(contents, key=lambda order: order.id, reverse=True):
        alike[contents[order]].append(order)
    found = {}
    for key, (order, days) in asked.items():
        # the latest first; from the first one on that is earlier
        others = alike.get(contents.get(order), ())
        for other in others[bisect_right(others, -order.id, key=lambda other: -other.id) :]:
            if abs(_placed_at(order) - _placed_at(other)) <= timedelta(days=days):
                found[key] = other
                break
    return found


def _get_contents(orders, since):
    """Return ``{order: who asks for what}`` of ``orders``, and of those of the same customers and company that were
    placed ``since`` then and not cancelled: each product once, how much of it in the product's unit."""
    rows = select(
        orders.env,
        READ,
        SQL(
            """
            SELECT id, customer_id, ARRAY_AGG(product_id ORDER BY product_id),
                   ARRAY_AGG(quantity ORDER BY product_id)
              FROM (
                SELECT o.id, customer.commercial_partner_id AS customer_id, l.product_id,
                       ROUND(SUM(l.product_uom_qty * unit.factor / own.factor)::numeric, %(digits)s) AS quantity
                  FROM sale_order o
                  JOIN res_partner customer ON customer.id = o.partner_id
                  JOIN sale_order_line l ON l.order_id = o.id
                  JOIN product_product p ON p.id = l.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom unit ON unit.id = l.product_uom_id
                  JOIN uom_uom own ON own.id = t.uom_id
                 WHERE customer.commercial_partner_id IN %(customers)s AND o.company_id IN %(companies)s
                   AND o.state <> 'cancel' AND o.create_date >= %(since)s AND o.date_order >= %(since)s
                   AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE AND l.is_delivery IS NOT TRUE
                 GROUP BY o.id, customer.commercial_partner_id, l.product_id
              ) goods
             GROUP BY id, customer_id
            """,
            digits=orders.env["decimal.precision"].precision_get("Product Unit"),
            customers=orders.partner_id.commercial_partner_id._ids,
            companies=orders.company_id._ids,
            since=since,
        ),
    )
    found = orders.browse(row[0] for row in rows)  # read together what is asked of them
    return {
        order: (customer_id, *products, *quantities)
        for order, (_id, customer_id, products, quantities) in zip(found, rows, strict=True)
    }


def _placed_at(order):
    """Return when ``order`` was placed: confirming moves ``date_order`` on, an import sets an older one."""
    return min(order.create_date, order.date_order)
