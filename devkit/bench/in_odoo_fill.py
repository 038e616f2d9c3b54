"""Runs in Odoo's shell on a database without the addon: makes many orders, quickly.

One order is made as a user makes it, the others are copies of its rows by SQL with their own names, customers and
dates; the latest tenth has a delivery each. Arguments: the task as JSON, with the number of orders; the result's file.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from odoo import Command
from odoo.tools import SQL

from devkit.bench.company import PRICE, furnish
from devkit.bench.copies import copy_rows

task, result = json.loads(sys.argv[1]), Path(sys.argv[2])
cr = env.cr  # noqa: F821
company = furnish(env)  # noqa: F821
first = env["sale.order"].create(  # noqa: F821
    {
        "partner_id": company.customers[0],
        "order_line": [
            Command.create({"product_id": company.products[0], "product_uom_qty": 5, "price_unit": PRICE}),
        ],
    }
)
first.action_confirm()
env.flush_all()  # noqa: F821


partner = SQL("(%s::int[])[1 + g %% %s]", company.customers, len(company.customers))
copy_rows(
    cr,
    "sale_order",
    first.id,
    SQL("generate_series(1, %s)", task["orders"] - 1),
    name=SQL("'B' || g"),
    client_order_ref=SQL("'PO-' || g"),
    access_token=SQL("NULL"),
    partner_id=partner,
    partner_invoice_id=partner,
    partner_shipping_id=partner,
    date_order=SQL("t.date_order - g * interval '1 minute'"),
    create_date=SQL("t.create_date - g * interval '1 minute'"),
)
copy_rows(
    cr,
    "sale_order_line",
    first.order_line.id,
    SQL("(SELECT id, partner_id FROM sale_order WHERE id > %s)", first.id),
    order_id=SQL("g.id"),
    order_partner_id=SQL("g.partner_id"),
)
latest = SQL(
    "(SELECT id, name, partner_id FROM sale_order WHERE id > %s ORDER BY id LIMIT %s)", first.id, task["orders"] // 10
)
copy_rows(
    cr,
    "stock_picking",
    first.picking_ids.id,
    latest,
    name=SQL("'WH/OUT/' || g.name"),
    origin=SQL("g.name"),
    sale_id=SQL("g.id"),
    partner_id=SQL("g.partner_id"),
)
copy_rows(
    cr,
    "stock_move",
    first.picking_ids.move_ids.id,
    SQL(
        "(SELECT p.id, p.name, l.id AS line FROM stock_picking p JOIN sale_order_line l ON l.order_id = p.sale_id"
        " WHERE p.id > %s)",
        first.picking_ids.id,
    ),
    picking_id=SQL("g.id"),
    origin=SQL("g.name"),
    sale_line_id=SQL("g.line"),
)
cr.commit()
result.write_text(json.dumps(asdict(company)))
