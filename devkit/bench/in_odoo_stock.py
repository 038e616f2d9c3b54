"""Runs in Odoo's shell: what the stock desk costs, by the number of open orders.

Orders of ten lines each, over a hundred products; some of it is in stock, some on its way, some short. Measured is what
the desk asks when it is opened with its filter on short lines: which lines these are, and the first page of them.
Arguments: the task as JSON, with the numbers of ``orders`` and the ``lines`` of each; the result's file.
"""

import json
import sys
import time
from datetime import timedelta
from pathlib import Path

from odoo import Command, fields

PRODUCTS, PAGE = 100, 80
COLUMNS = (
    "order_id",
    "partner_id",
    "product_id",
    "ordered",
    "on_hand",
    "reserved",
    "incoming_qty",
    "incoming",
    "expected_at",
    "promised_at",
    "short",
    "late",
    "may_decide",
)

task, result = json.loads(sys.argv[1]), Path(sys.argv[2])
env = env(context={"no_reset_password": True, "tracking_disable": True})  # noqa: F821
env["res.company"].search([]).sop_active = False  # the orders are put under the process by hand
house = env.ref("order_sop.department_warehouse")
worker = env["res.users"].create(
    {"name": "Worker", "login": "bench.stock", "group_ids": [Command.set([env.ref("order_sop.group_warehouse").id])]}
)
customers = env["res.partner"].create([{"name": f"Customer {number}"} for number in range(50)])
products = env["product.product"].create(
    [{"name": f"Product {number}", "type": "consu", "is_storable": True} for number in range(PRODUCTS)]
)
warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
now = fields.Datetime.now()
process = env["sop.process"].create(
    {
        "name": "Matching",
        "code": "BENCH",
        "sequence": 0,
        "stage_ids": [
            Command.create(
                {"name": "Match", "department_id": house.id, "checkpoint_ids": [Command.create({"name": "Looked at"})]}
            )
        ],
    }
)
process.action_publish()


def add(count):
    """Add ``count`` confirmed orders, and stock and receipts for about two thirds of what they ask for."""
    orders = env["sale.order"].create(
        [
            {
                "partner_id": customers[number % len(customers)].id,
                "commitment_date": now + timedelta(days=number % 30),
                "order_line": [
                    Command.create({"product_id": products[(number + place * 7) % PRODUCTS].id, "product_uom_qty": 3})
                    for place in range(task["lines"])
                ],
            }
            for number in range(count)
        ]
    )
    asked = count * task["lines"] * 3 / PRODUCTS
    for product in products:
        env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, asked // 3)
    env["stock.picking"].create(
        [
            {
                "picking_type_id": warehouse.in_type_id.id,
                "location_id": env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "scheduled_date": now + timedelta(days=10 + number),
                "move_ids": [
                    Command.create({"product_id": product.id, "product_uom_qty": asked // 9 + 1})
                    for product in products
                ],
            }
            for number in range(3)
        ]
    ).action_confirm()
    orders.action_confirm()
    env["sop.engine.flow"]._start(orders, process)
    env.flush_all()
    env.cr.precommit.run()


def look():
    """Open the desk as the worker does; return what that takes, and how much there is on it."""
    env.flush_all()
    env.invalidate_all()
    desk = env["sop.stock.line"].with_user(worker)
    queries, started, worked = env.cr.sql_log_count, time.perf_counter(), time.process_time()
    desk.web_search_read([("short", ">", 0)], {name: {} for name in COLUMNS}, limit=PAGE, count_limit=PAGE + 1)
    figures = {"seconds": time.perf_counter() - started, "cpu": time.process_time() - worked}
    figures["queries"] = env.cr.sql_log_count - queries
    return figures | {"lines": desk.search_count([]), "short": desk.search_count([("short", ">", 0)])}


def measure(count):
    """Return the least of three looks at a desk of ``count`` orders."""
    env.cr.execute("ANALYZE sale_order, sale_order_line, stock_move, stock_quant")
    return {"orders": count} | min((look() for _look in range(3)), key=lambda figures: figures["seconds"])


few = task["orders"] // 10
add(few)
look()  # warms what stays in memory between requests
rows = [measure(few)]
add(task["orders"] - few)
rows.append(measure(task["orders"]))
env.cr.rollback()
result.write_text(json.dumps(rows, indent=1))
