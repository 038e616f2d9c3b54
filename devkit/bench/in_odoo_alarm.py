"""Runs in Odoo's shell on a database full of orders, where the addon has just been installed: what the alert cron costs
while nothing is due, and when the time limits of some visits have passed.

All orders are put into the first stage of the B2B process by SQL, with a warning due tomorrow. Arguments: the task as
JSON, with how many limits pass; the result's file.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from odoo.tools import SQL

task, result = json.loads(sys.argv[1]), Path(sys.argv[2])
cr = env.cr  # noqa: F821
process = env.ref("order_sop.process_b2b")  # noqa: F821
stage = process.stage_ids._in_order()[0]
cr.execute(
    SQL(
        """
        INSERT INTO sop_visit (order_id, company_id, stage_id, department_id, cycle, entered_at, warn_at, deadline,
                               next_at, told)
             SELECT id, company_id, %(stage)s, %(department)s, 1, now() AT TIME ZONE 'UTC' - interval '30 days',
                    now() AT TIME ZONE 'UTC' + interval '1 day', now() AT TIME ZONE 'UTC' + interval '2 days',
                    now() AT TIME ZONE 'UTC' + interval '1 day' + id * interval '1 second', 0
               FROM sale_order;
        UPDATE sale_order o
           SET sop_process_id = %(process)s, sop_stage_id = v.stage_id, sop_status = 'running', sop_visit_id = v.id,
               sop_entered_at = v.entered_at, sop_deadline = v.deadline
          FROM sop_visit v WHERE v.order_id = o.id
        """,
        stage=stage.id,
        department=stage.department_id.id,
        process=process.id,
    )
)
cr.execute("ANALYZE sop_visit, sop_check, sale_order")
cr.commit()
env["sop.process"]._forget()  # noqa: F821


def run_cron():
    """Return seconds and queries of a run."""
    env.invalidate_all()  # noqa: F821
    queries, started = cr.sql_log_count, time.perf_counter()
    env["sop.engine.alarm"]._cron_tell()  # noqa: F821
    return time.perf_counter() - started, cr.sql_log_count - queries


idle = [run_cron() for _round in range(7)][2:]
due = SQL("(SELECT id FROM sop_visit ORDER BY id LIMIT %s)", task["due"])
cr.execute(
    SQL("UPDATE sop_visit SET next_at = entered_at, warn_at = entered_at, deadline = entered_at WHERE id IN %s", due)
)
cr.commit()
seconds, queries = run_cron()
alerts = env["sop.alert"].search_count([])  # noqa: F821
figures = {
    "visits": env["sop.visit"].search_count([("left_at", "=", False)]),  # noqa: F821
    "due": task["due"],
    "alerts": alerts,
    "idle_seconds": statistics.median(each for each, _queries in idle),
    "idle_queries": statistics.median(each for _seconds, each in idle),
    "seconds": seconds,
    "queries": queries,
}
result.write_text(json.dumps(figures))
