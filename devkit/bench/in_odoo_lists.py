"""Runs in Odoo's shell on the large database: reads lists as the web client does, and asks how filters are answered.

Arguments: the task as JSON, with the company's ids; the result's file.
"""

import json
import statistics
import sys
from pathlib import Path

from odoo.api import Environment
from odoo.tools import SQL

from devkit.bench.company import Company
from devkit.bench.lists import access_paths, filter_domains, specification
from devkit.bench.meter import measured

ROUNDS, PAGE, COUNT_LIMIT = 15, 80, 10_001

task, result = json.loads(sys.argv[1]), Path(sys.argv[2])
registry = env.registry  # noqa: F821
company = Company(**task["company"])
reader = env["res.users"].search([("login", "=", "bench.warehouse")])  # noqa: F821
manager = env["res.groups"].browse(env.ref("sales_team.group_sale_salesman_all_leads").id)  # noqa: F821
reader.group_ids += manager
env.cr.commit()  # noqa: F821


def timed(action):
    """Return median milliseconds and queries of an action, run with an empty cache each time."""
    readings = []
    for _round in range(ROUNDS + 2):
        with registry.cursor() as cr:
            fresh = Environment(cr, reader.id, {"lang": "en_US", "tz": "UTC"})
            fresh.user.has_group("base.group_user")
            with measured(cr) as reading:
                action(fresh["sale.order"])
        readings.append(reading)
    readings = readings[2:]
    return {
        "wall": statistics.median(reading.wall for reading in readings),
        "queries": statistics.median(reading.queries for reading in readings),
    }


def read_list(fields):
    """Return an action that reads a page of orders."""
    return lambda orders: orders.web_search_read([], fields, limit=PAGE, count_limit=COUNT_LIMIT)


plain = specification(env, "sale.view_order_tree", own=False)  # noqa: F821
own = specification(env, "order_sop.sale_order_view_list", own=True)  # noqa: F821
columns = {name: spec for name, spec in own.items() if name.startswith("sop_")}
lists = {
    "plain": timed(read_list(plain)),
    "with": timed(read_list(plain | columns)),
    "own": timed(read_list(own)),
    "kanban": timed(
        lambda orders: orders.web_read_group(
            [("sop_status", "in", ["running", "waiting", "on_hold"])],
            ["sop_stage_id"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=own,
            unfold_read_default_limit=PAGE,
        )
    ),
}
filters = []
with registry.cursor() as cr:
    orders = Environment(cr, reader.id, {"lang": "en_US", "tz": "UTC"})["sale.order"]
    for name, domain in filter_domains(reader.id).items():
        query = orders._search(domain, limit=PAGE, order=orders._order)
        orders.env.flush_all()
        cr.execute(SQL("EXPLAIN (ANALYZE, FORMAT JSON) %s", query.select()))
        [plan] = cr.fetchone()[0]
        filters.append(
            {
                "name": name,
                "wall": plan["Execution Time"] + plan["Planning Time"],
                "paths": access_paths(plan["Plan"]),
                "found": orders.search_count(domain),
            }
        )
result.write_text(json.dumps({"columns": sorted(columns), "lists": lists, "filters": filters}))
