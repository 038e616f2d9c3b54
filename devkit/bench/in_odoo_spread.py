"""Runs in Odoo's shell on the large database, where the addon has just been installed: puts its orders under the SOP.

The latest tenth is open, spread over the stages, some late, some blocked, each with the open checks of its stage; the
others are done. By SQL, as the engine would take hours. Arguments: an empty task; the result's file.
"""

import json
import sys
from pathlib import Path

from odoo.tools import SQL

from devkit.bench.company import hire

result = Path(sys.argv[2])
cr = env.cr  # noqa: F821
process = env.ref("order_sop.process_b2b")  # noqa: F821
stages = process.stage_ids._in_order()
members = hire(env)  # noqa: F821
cr.execute("SELECT count(*) FROM sale_order")
open_orders = max(cr.fetchone()[0] // 10, 1)
cr.execute(
    SQL(
        """
        UPDATE sale_order o
           SET sop_process_id = %(process)s,
               sop_stage_id = (%(stages)s::int[])[
                   1 + CASE WHEN n.n <= %(open)s THEN n.n %% %(count)s ELSE %(count)s - 1 END
               ],
               sop_status = CASE WHEN n.n > %(open)s THEN 'done' WHEN n.n %% 10 = 0 THEN 'waiting' ELSE 'running' END,
               sop_entered_at = o.date_order,
               sop_deadline = CASE WHEN n.n <= %(open)s
                                   THEN now() AT TIME ZONE 'UTC' + (n.n %% 20 - 0.5) * interval '1 hour' END,
               sop_user_id = CASE WHEN n.n <= %(open)s THEN (%(users)s::int[])[1 + n.n %% %(user_count)s] END
          FROM (SELECT id, row_number() OVER (ORDER BY date_order DESC, id DESC) AS n FROM sale_order) n
         WHERE n.id = o.id
        """,
        process=process.id,
        stages=stages.ids,
        count=len(stages),
        open=open_orders,
        users=list(members.values()),
        user_count=len(members),
    )
)
cr.execute(
    """
    INSERT INTO sop_visit (order_id, company_id, stage_id, department_id, cycle, entered_at, deadline, left_at, outcome)
         SELECT o.id, o.company_id, s.id, s.department_id, 1, o.sop_entered_at, o.sop_deadline,
                CASE WHEN o.sop_status = 'done' THEN o.sop_entered_at END,
                CASE WHEN o.sop_status = 'done' THEN 'completed' END
           FROM sale_order o
           JOIN sop_stage s ON s.id = o.sop_stage_id
          ORDER BY o.id;
    UPDATE sale_order o SET sop_visit_id = v.id FROM sop_visit v WHERE v.order_id = o.id AND v.left_at IS NULL;
    INSERT INTO sop_check (order_id, company_id, visit_id, stage_id, checkpoint_id, department_id, picking_id, state,
                           superseded)
         SELECT v.order_id, v.company_id, v.id, v.stage_id, p.id, COALESCE(p.department_id, v.department_id), d.id,
                CASE WHEN o.sop_status = 'done' THEN 'passed' WHEN o.sop_status = 'waiting' THEN 'failed'
                     ELSE 'pending' END,
                false
           FROM sop_visit v
           JOIN sale_order o ON o.id = v.order_id
           JOIN sop_checkpoint p ON p.stage_id = v.stage_id
      LEFT JOIN stock_picking d ON d.sale_id = o.id AND p.scope = 'delivery'
          WHERE p.scope = 'order' OR d.id IS NOT NULL
          ORDER BY v.order_id, p.sequence
    """
)
cr.commit()
result.write_text(json.dumps(None))
