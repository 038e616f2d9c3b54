"""Runs in Odoo's shell: what it costs that orders find their person, by mode of assignment.

So many orders enter a stage of the warehouse in one batch. What is measured is the
entering as a whole; shared work, which looks for nobody, is what to compare it with. Arguments: the task as JSON, with
the number of ``orders`` and ``people``; the result's file.
"""

import json
import sys
import time
from collections import Counter
from pathlib import Path

from odoo import Command

task, result = json.loads(sys.argv[1]), Path(sys.argv[2])
env = env(context={"no_reset_password": True, "tracking_disable": True})  # noqa: F821
env["res.company"].search([]).sop_active = False  # the orders are put under the process by hand
house = env.ref("order_sop.department_warehouse")
people = env["res.users"].create(
    [
        {
            "name": f"Worker {number}",
            "login": f"bench.worker{number}",
            "group_ids": [Command.set([env.ref("order_sop.group_warehouse").id])],
        }
        for number in range(task["people"])
    ]
)
customers = env["res.partner"].create([{"name": f"Customer {number}"} for number in range(50)])
product = env["product.product"].create({"name": "Product", "type": "consu", "list_price": 100.0})
house.lead_id = people[0]
house.route_ids = [
    Command.create({"order_domain": f"[('partner_id', 'in', {customers[place::10].ids})]", "user_id": user.id})
    for place, user in enumerate(people[:10])
]
process = env["sop.process"].create(
    {
        "name": "Packing",
        "code": "BENCH",
        "sequence": 0,
        "stage_ids": [
            Command.create(
                {
                    "name": "Pack",
                    "department_id": house.id,
                    "time_limit_hours": 4,
                    "checkpoint_ids": [Command.create({"name": name}) for name in ("Packed", "Labelled")],
                }
            )
        ],
    }
)
process.action_publish()


orders = env["sale.order"].create(
    [
        {
            "partner_id": customers[number % len(customers)].id,
            "user_id": people[number % len(people)].id,
            "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 1})],
        }
        for number in range(task["orders"])
    ]
)
env.flush_all()
env.cr.precommit.run()


def enter(mode):
    """Have the orders enter, and undo it; return seconds, queries, and how much more one got than another."""
    house.assignment = mode
    env.flush_all()
    env.invalidate_all()
    with env.cr.savepoint() as undone:
        queries, started = env.cr.sql_log_count, time.perf_counter()
        env["sop.engine.flow"]._start(orders, process)
        env.flush_all()
        figures = [round(time.perf_counter() - started, 2), env.cr.sql_log_count - queries]
        counts = Counter(order.sop_user_id.id for order in orders)
        undone.rollback()
    return [*figures, max(counts.values()) - min(counts.values())]


enter("none")  # warms what stays in memory between requests
figures = {mode: enter(mode) for mode in ("none", "lead", "rules", "round_robin", "least_loaded")}
env.cr.rollback()
result.write_text(json.dumps(figures, indent=1))
