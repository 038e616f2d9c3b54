"""Runs in Odoo's shell on the large database, whose orders have their history: gives them deliveries and invoices.

Each order has two valued stock moves, one in and one out, and an entry of what the customer owes with what was paid
for it; one in twenty is still open. By SQL: what the KPIs of money read, and no more. Arguments: an empty task; the
result's file.
"""

import json
import sys
import time
from pathlib import Path

from odoo import Command
from odoo.tools import SQL

from devkit.bench.copies import copy_rows, loose

result = Path(sys.argv[2])
started = time.monotonic()
cr = env.cr  # noqa: F821
cr.execute("SELECT id FROM stock_move WHERE sale_line_id IS NOT NULL ORDER BY id LIMIT 1")
[move_id] = cr.fetchone()
customer = env["sale.order"].search([], limit=1).partner_id  # noqa: F821
product = env["product.product"].search([("name", "=", "Product 0")], limit=1)  # noqa: F821
line = Command.create({"product_id": product.id, "quantity": 1, "price_unit": 100.0, "tax_ids": []})
invoice = env["account.move"].create(  # noqa: F821
    {"move_type": "out_invoice", "partner_id": customer.id, "invoice_line_ids": [line]}
)
invoice.action_post()
env.flush_all()  # noqa: F821
receivable = invoice.line_ids.filtered(lambda one: one.account_id.account_type == "asset_receivable")
orders = SQL(
    "(SELECT o.id, o.partner_id, o.date_order, l.id AS line_id FROM sale_order o JOIN sale_order_line l"
    " ON l.order_id = o.id)"
)
with loose(cr, "stock_move"):
    for is_in, days, value, sold in ((True, -20, 70, SQL("NULL::int")), (False, 5, 60, SQL("g.line_id"))):
        copy_rows(
            cr,
            "stock_move",
            move_id,
            orders,
            sale_line_id=sold,
            picking_id=SQL("NULL::int"),
            state="done",
            is_in=is_in,
            is_out=not is_in,
            value=SQL("%s + g.id %% 9", value),
            quantity=1,
            date=SQL("g.date_order + %s * interval '1 day'", days),
        )
# a move is written anew as it is done: they lie in the order of their dates
cr.execute("CLUSTER stock_move USING stock_move__date_index")
with loose(cr, "account_move", "account_move_line"):
    copy_rows(
        cr,
        "account_move",
        invoice.id,
        orders,
        name=SQL("'I' || g.id"),
        ref=SQL("g.id::text"),
        partner_id=SQL("g.partner_id"),
        date=SQL("g.date_order::date + 6"),
        invoice_date=SQL("g.date_order::date + 6"),
        sequence_number=SQL("g.id"),
    )
    entries = SQL("(SELECT id, date, partner_id, ref::int AS n FROM account_move WHERE name = 'I' || ref)")
    for sign, days in ((1, 0), (-1, 40)):
        copy_rows(
            cr,
            "account_move_line",
            receivable.id,
            entries if sign == 1 else SQL("(SELECT * FROM %s e WHERE n %% 20 > 0)", entries),
            move_id=SQL("g.id"),
            partner_id=SQL("g.partner_id"),
            date=SQL("g.date + %s", days),
            balance=SQL("%s * t.balance", sign),
            amount_currency=SQL("%s * t.amount_currency", sign),
            debit=SQL("GREATEST(%s * t.balance, 0)", sign),
            credit=SQL("GREATEST(%s * t.balance, 0)", -sign),
            amount_residual=SQL("CASE WHEN g.n %% 20 = 0 THEN t.amount_residual ELSE 0 END"),
            reconciled=SQL("g.n %% 20 > 0"),
        )
cr.commit()
cr.execute("SELECT (SELECT COUNT(*) FROM stock_move WHERE state = 'done'), (SELECT COUNT(*) FROM account_move_line)")
moves, entries = cr.fetchone()
result.write_text(json.dumps({"moves": moves, "entries": entries, "seconds": time.monotonic() - started}))
