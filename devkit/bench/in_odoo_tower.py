"""Runs in Odoo's shell on the large database, spread over the stages: reads the control tower as its page does.

Every fiftieth open order is put on hold, the late ones have an alert, half of them are promised to somebody. Arguments:
an empty task; the result's file.
"""

import json
import statistics
import sys
from pathlib import Path

from odoo.api import Environment

from devkit.bench.meter import measured

ROUNDS = 5

result = Path(sys.argv[2])
cr = env.cr  # noqa: F821
manager = env.ref("base.user_admin")  # noqa: F821
hold_type = env["sop.hold.type"].search([], limit=1)  # noqa: F821
cr.execute(
    """
    UPDATE sale_order
       SET sop_status = CASE WHEN id %% 50 = 0 THEN 'on_hold' ELSE sop_status END,
           sop_risk_at = now() AT TIME ZONE 'UTC' + (id %% 20 - 3) * interval '1 hour',
           sop_miss_at = now() AT TIME ZONE 'UTC' + (id %% 20 - 1) * interval '1 hour'
     WHERE sop_status IN ('running', 'waiting') AND id %% 2 = 0;
    INSERT INTO sop_hold (order_id, company_id, type_id, set_at)
         SELECT id, company_id, %s, sop_entered_at FROM sale_order WHERE sop_status = 'on_hold';
    INSERT INTO sop_alert (kind, level, key, order_id, company_id, visit_id, stage_id, department_id, raised_at, state)
         SELECT 'breach', 0, 'bench:' || v.id, v.order_id, v.company_id, v.id, v.stage_id, v.department_id, v.deadline,
                CASE WHEN v.id %% 2 = 0 THEN 'open' ELSE 'acknowledged' END
           FROM sop_visit v
          WHERE v.left_at IS NULL AND v.deadline < now() AT TIME ZONE 'UTC'
    """,
    [hold_type.id],
)
cr.commit()
cr.execute("ANALYZE sale_order, sop_hold, sop_alert")
cr.commit()
members = env["res.users"].search([("login", "=like", "bench.%")])  # noqa: F821
members = members.filtered(lambda user: user.has_group("order_sop.group_user"))
readings = []
for user, mine in [(manager, False), *((member, mine) for member in members for mine in (False, True))]:
    rounds, seen = [], None
    for _round in range(ROUNDS + 2):
        with env.registry.cursor() as fresh:  # noqa: F821
            tower = Environment(fresh, user.id, {"lang": "en_US", "tz": "UTC"})["sop.tower"]
            tower.env.user.has_group("base.group_user")
            with measured(fresh) as reading:
                seen = tower.get_numbers(mine=mine)
        rounds.append(reading)
    readings.append(
        {
            "name": user.name + (", own departments" if mine else ""),
            "open": seen["tiles"][0]["count"],
            "wall": statistics.median(reading.wall for reading in rounds[2:]),
            "queries": statistics.median(reading.queries for reading in rounds[2:]),
        }
    )
result.write_text(json.dumps(readings))
