"""Runs in Odoo's shell on the large database: reads the settlement as the web client does, and the rows of many lines.

The latest orders are invoiced and paid first, one as an accountant does it, the others as copies of its rows by SQL.
Arguments: the task as JSON, with the number of lines; the result's file.
"""

import json
import resource
import statistics
import sys
import tempfile
from pathlib import Path

from odoo import Command
from odoo.api import SUPERUSER_ID, Environment
from odoo.tools import SQL

from devkit.bench.copies import copy_rows
from devkit.bench.meter import measured

ROUNDS, PAGE, COUNT_LIMIT = 7, 80, 10_001
PAGE_FIELDS = ("order_id", "date_order", "partner_id", "ordered_total", "delivered_total", "net_invoiced_total", "paid")

task, result = json.loads(sys.argv[1]), Path(sys.argv[2])
cr, registry = env.cr, env.registry  # noqa: F821


def bill(line):
    """Return the invoice of one order line, and the entry that pays it."""
    invoice = env["account.move"].create(  # noqa: F821
        {
            "move_type": "out_invoice",
            "partner_id": line.order_id.partner_id.id,
            "company_id": line.company_id.id,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "quantity": line.product_uom_qty,
                        "price_unit": line.price_unit,
                        "tax_ids": [],
                        "sale_line_ids": [Command.set(line.ids)],
                    }
                )
            ],
        }
    )
    invoice.action_post()
    register = env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)  # noqa: F821
    payment = register.create({"amount": invoice.amount_total / 2, "payment_difference_handling": "open"})
    return invoice, payment._create_payments().move_id


def copy_entry(move, ids):
    """Copy an entry with its lines for each of ``ids`` (order line ids), which is the copies' ``ref``."""
    ref = SQL("g.id || %s", f"/{move.id}")
    copy_rows(cr, "account_move", move.id, ids, ref=ref, name=ref, access_token=SQL("NULL"))
    cr.execute("ANALYZE account_move")
    source = SQL("(SELECT id FROM account_move WHERE ref LIKE %s AND id <> %s)", f"%/{move.id}", move.id)
    for line in move.line_ids:
        copy_rows(cr, "account_move_line", line.id, source, move_id=SQL("g.id"))


def fill(number):
    """Invoice the latest ``number`` order lines and pay half of each."""
    first = env["sale.order.line"].search([], order="id", limit=1)  # noqa: F821
    invoice, payment = bill(first)
    env.flush_all()  # noqa: F821
    ids = SQL("(SELECT id FROM sale_order_line WHERE id > %s ORDER BY id LIMIT %s)", first.id, number)
    for move in (invoice, payment):
        copy_entry(move, ids)
    cr.execute("ANALYZE account_move, account_move_line")  # or PostgreSQL joins what it believes to be a few rows
    billed = SQL("l.move_id = m.id AND m.ref = ids.id || %s", f"/{invoice.id}")
    cr.execute(
        SQL(
            """INSERT INTO sale_order_line_invoice_rel (order_line_id, invoice_line_id)
               SELECT ids.id, l.id FROM %s ids, account_move m, account_move_line l
                WHERE %s AND l.display_type = 'product'""",
            ids,
            billed,
        )
    )
    [partial] = payment.line_ids.matched_debit_ids
    pairs = SQL(
        """(SELECT l.id AS debit, o.id AS credit FROM %s ids, account_move m, account_move_line l,
                   account_move n, account_move_line o
             WHERE %s AND l.display_type = 'payment_term'
               AND n.ref = ids.id || %s AND o.move_id = n.id AND o.account_id = l.account_id)""",
        ids,
        billed,
        f"/{payment.id}",
    )
    copy_rows(
        cr,
        "account_partial_reconcile",
        partial.id,
        pairs,
        debit_move_id=SQL("g.debit"),
        credit_move_id=SQL("g.credit"),
        full_reconcile_id=SQL("NULL"),
    )
    cr.commit()
    cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile, sale_order_line_invoice_rel")
    cr.commit()


def timed(action, rounds=ROUNDS):
    """Return median milliseconds and queries of an action, run with an empty cache each time."""
    readings = []
    for _round in range(rounds + 1):
        with registry.cursor() as fresh, measured(fresh) as reading:
            action(Environment(fresh, SUPERUSER_ID, {"lang": "en_US", "tz": "UTC"}))
        readings.append(reading)
    return {
        "wall": statistics.median(reading.wall for reading in readings[1:]),
        "queries": statistics.median(reading.queries for reading in readings[1:]),
    }


def read_page(model):
    """Return an action that reads a page of a settlement list."""
    specification = {name: {"fields": {"display_name": {}}} if name.endswith("_id") else {} for name in PAGE_FIELDS}
    return lambda env: env[model].web_search_read([], specification, limit=PAGE, count_limit=COUNT_LIMIT)


def read_rows(env):
    """Read the rows of as many lines as were filled, as a sheet does: a part at a time, keeping none."""
    lines = env["sale.order.line"].search([], order="id", limit=task["lines"])
    for _line_id, _row in env["sop.ledger"]._iter_rows(lines, size=5000):
        pass


def write_workbook(env):
    """Write the workbook of as many lines as were filled, as the export does."""
    ids = env["sop.settlement.line"].search([], order="id", limit=task["lines"]).ids
    with tempfile.TemporaryDirectory() as folder:
        env["sop.settlement.book"]._write_book(f"{folder}/book.xlsx", "sop.settlement.line", [("id", "in", ids)])


def read_receivables(env):
    """Read a page of the tie-out."""
    env["sop.tie.out"].web_search_read([], {"balance": {}, "orders": {}}, limit=PAGE)


fill(task["lines"])
figures = {
    "lines": timed(read_page("sop.settlement.line")),
    "orders": timed(read_page("sop.settlement.order")),
    "receivables": timed(
        lambda env: env["sop.tie.out"].web_search_read([], {"balance": {}, "orders": {}}, limit=PAGE), 3
    ),
}
for name, action in (("workbook", write_workbook), ("rows", read_rows)):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures[name] = timed(action, 1) | {"number": task["lines"]}
    figures[name]["megabytes"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
result.write_text(json.dumps(figures))
