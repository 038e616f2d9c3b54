"""Runs in Odoo's shell on the large database, whose orders have their history: reads the reports as their pages do.

Some hundred orders have changed since what is known of them was kept. Arguments: an empty task; the result's file.
"""

import json
import statistics
import sys
from datetime import timedelta
from pathlib import Path

from odoo.api import Environment
from odoo.tools import SQL

from devkit.bench.meter import measured

ROUNDS = 5
CHANGED = 100

result = Path(sys.argv[2])
cr = env.cr  # noqa: F821
manager = env.ref("base.user_admin")  # noqa: F821
company = env.company  # noqa: F821
cr.execute("SELECT max(begun_on), min(begun_on) FROM sop_order_fact")
last, first = cr.fetchone()
cr.execute("SELECT count(*) FROM sop_visit")
visits = cr.fetchone()[0]
changed = SQL("SELECT id FROM sale_order WHERE sop_process_id IS NOT NULL ORDER BY id DESC LIMIT %s", CHANGED)
env["sop.engine.fact"]._add_stale(changed)  # noqa: F821
cr.commit()
PERIODS = {"a month": last - timedelta(29), "a year": last - timedelta(364), "all": first}
# one of fifty customers; a department that nearly all orders were with, and that of the last stage
FILTERS = {
    "": {},
    " of a customer": {"partner_id": env["sop.order.fact"].search([], limit=1).partner_id.id},  # noqa: F821
    " of Finance": {"department_id": env.ref("order_sop.department_finance").id},  # noqa: F821
    " of After-Sales": {"department_id": env.ref("order_sop.department_after_sales").id},  # noqa: F821
}
FAMILIES = ("orders", "backlog", "stages", "checks", "approvals", "cases", "costs", "money")
PIVOTS = {
    "orders by month": ("sop.order.report", ["done_on:month"], ["hours:avg", "on_time_rate:avg", "counted:sum"]),
    "orders by customer": ("sop.order.report", ["partner_id"], ["hours:avg", "return_rate:avg"]),
    "stages by stage and month": ("sop.stage.report", ["stage_id", "day:month"], ["visits:sum", "hours:avg"]),
    "checks by checkpoint": ("sop.check.report", ["checkpoint_id"], ["failure_rate:avg"]),
    "stages of one customer by month": ("sop.stage.report", ["day:month"], ["visits:sum", "hours:avg"], "partner_id"),
    "people by month": ("sop.people.report", ["user_id", "day:month"], ["counted:sum", "late_rate:avg"]),
}


def read_family(env, family, begin):
    kpi = env["sop.kpi"]
    scope = kpi._get_scope(str(begin), str(last))
    env[f"sop.kpi.{family}"].sudo()._compute_figures(scope)


BY_ORDER = {
    "stages by customer": ("sop.stage.report", ["partner_id"], ["visits:sum", "hours:avg", "late_rate:avg"]),
    "stages by customer and week": ("sop.stage.report", ["partner_id", "day:week"], ["visits:sum", "hours:avg"]),
    "stages by team and day": ("sop.stage.report", ["team_id", "day:day"], ["visits:sum", "hours:avg"]),
    "checks by customer": ("sop.check.report", ["partner_id"], ["checks:sum", "failure_rate:avg"]),
    "checks by customer and week": ("sop.check.report", ["partner_id", "day:week"], ["checks:sum"]),
}


def read_pivot(env, model, by, sums, of=None):
    domain = []
    if of:
        env.cr.execute(SQL("SELECT %s FROM sop_order_fact ORDER BY id LIMIT 1", SQL.identifier(of)))
        domain = [(of, "=", env.cr.fetchone()[0])]
    env[model]._read_group(domain, by, sums)


def read_by_order(env, model, by, sums, begin):
    env[model]._read_group([("day", ">=", begin)], by, sums)


def read_map(env, method, begin, filters):
    getattr(env["sop.process.map"], method)(str(begin), str(last), {"process": "B2B"} | filters)


readings = {}


def read(name, function, *arguments):
    """Measure a reading by the SOP's manager, each time with an empty cache."""
    rounds = []
    for _round in range(ROUNDS + 1):
        with env.registry.cursor() as fresh:  # noqa: F821
            asked = Environment(fresh, manager.id, {"lang": "en_US", "tz": "UTC", "allowed_company_ids": company.ids})
            asked.user.has_group("base.group_user")
            with measured(fresh) as reading:
                function(asked, *arguments)
        rounds.append(reading.wall)
    readings[name] = statistics.median(rounds[1:]) / 1000


for period, begin in PERIODS.items():
    for family in FAMILIES:
        read(f"KPIs of {family}, {period}", read_family, family, begin)
for name, arguments in PIVOTS.items():
    read(f"pivot of {name}", read_pivot, *arguments)
for name, arguments in BY_ORDER.items():
    for period, begin in PERIODS.items():
        read(f"pivot of {name}, {period}", read_by_order, *arguments, begin)
for whose, filters in FILTERS.items():
    for period, begin in PERIODS.items():
        for method in ("get_map", "get_variants", "get_bottlenecks"):
            read(f"{method.removeprefix('get_')}{whose}, {period}", read_map, method, begin, filters)
result.write_text(json.dumps({"visits": visits, "changed": CHANGED, "readings": readings}))
