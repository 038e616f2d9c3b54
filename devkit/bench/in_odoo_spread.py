"""Runs in Odoo's shell on the large database, where the addon has just been installed: puts its orders under the SOP.

Each order gets its whole history: the stages that it went through, many orders with loops, some with a stage passed
over, each stage with a check. The latest tenth is open, spread over the stages, some late, some blocked, with the open
checks of their stage; the others are done. By SQL, as the engine would take days. Arguments: an empty task; the
result's file, which gets how many orders and events there are and the seconds that it took.
"""

import json
import sys
import time
from pathlib import Path

from odoo.addons.order_sop.engine.tally_query import profile_of
from odoo.addons.order_sop.engine.tally_sources import SOURCES
from odoo.tools import SQL

from devkit.bench.company import hire
from devkit.bench.copies import loose

result = Path(sys.argv[2])
started = time.monotonic()
cr = env.cr  # noqa: F821
process = env.ref("order_sop.process_b2b")  # noqa: F821
stages = process.stage_ids._in_order()
members = hire(env)  # noqa: F821
zone = env.company._sop_locale()[1]  # noqa: F821
ways = {
    "straight": [(stage, 1, "completed") for stage in stages],
    "loops": [
        *((stage, 1, "completed") for stage in stages[:2]),
        (stages[2], 1, "sent_back"),
        *((stage, 2, "completed") for stage in stages[1:3]),
        (stages[3], 1, "sent_back"),
        (stages[2], 3, "completed"),
        (stages[3], 2, "completed"),
        *((stage, 1, "completed") for stage in stages[4:]),
    ],
    "short": [(stage, 1, "completed") for stage in stages[:2] + stages[3:]],
}


def add_up(name):
    """Fill the sums of the table of the model ``name``, all of whose counted rows are to be in them."""
    for tally in SOURCES[name].tallies:
        env["sop.engine.tally"]._add_up(tally.table)  # noqa: F821


cr.execute(
    "CREATE TEMP TABLE way (way int, place int, stage_id int, previous_stage_id int, cycle int, outcome varchar,"
    " departments varchar)"
)
for number, way in enumerate(ways.values()):
    previous = None
    departments = f",{','.join(sorted({str(stage.department_id.id) for stage, _cycle, _outcome in way}))},"
    for place, (stage, cycle, outcome) in enumerate(way):
        row = (number, place, stage.id, previous, cycle, outcome, departments)
        cr.execute("INSERT INTO way VALUES (%s, %s, %s, %s, %s, %s, %s)", row)
        previous = stage.id
cr.execute("SELECT count(*) FROM sale_order")
orders = cr.fetchone()[0]
open_orders = max(orders // 10, 1)
# which way each order goes, and how far it got: the latest are still on it
cr.execute(
    SQL(
        """
        CREATE TEMP TABLE trip AS
        SELECT o.*, CASE WHEN o.n <= %(open)s THEN o.n %% %(stages)s ELSE 99 END AS present,
               CASE WHEN o.id %% 20 = 0 THEN 2 WHEN o.id %% 20 < 9 THEN 1 ELSE 0 END AS way
          FROM (SELECT o.id, o.company_id, o.date_order, %(profile)s AS profile,
                       row_number() OVER (ORDER BY o.date_order DESC, o.id DESC) AS n
                  FROM sale_order o
                  JOIN res_partner p ON p.id = o.partner_id
                 CROSS JOIN LATERAL (
                    SELECT p.commercial_partner_id AS partner_id, p.country_id, o.team_id, o.user_id, t.categ_id
                      FROM sale_order_line l
                      JOIN product_product pp ON pp.id = l.product_id
                      JOIN product_template t ON t.id = pp.product_tmpl_id AND t.type = 'consu'
                     WHERE l.order_id = o.id ORDER BY l.price_subtotal DESC, l.id LIMIT 1
                 ) f) o;
        ANALYZE trip
        """,
        open=open_orders,
        stages=len(ways["short"]),
        profile=profile_of(SQL("f")),
    )
)
with loose(cr, "sop_visit", "sop_check", *(tally.table for source in SOURCES.values() for tally in source.tallies)):
    cr.execute(
        SQL(
            """
            INSERT INTO sop_visit (order_id, company_id, stage_id, previous_stage_id, department_id, cycle, returned,
                                   entered_at, deadline, left_at, outcome, worked_hours, elapsed, left_by_id, user_id,
                                   begun_on, left_on, profile, departments, counted, told)
            SELECT v.id, v.company_id, v.stage_id, v.previous_stage_id, s.department_id, v.cycle, FALSE,
                   v.date_order + (v.upto - v.minutes) * interval '1 minute',
                   v.date_order + (v.upto - v.minutes) * interval '1 minute' + interval '20 hours', l.left_at,
                   CASE WHEN v.closed THEN v.outcome END, CASE WHEN v.closed THEN v.minutes / 180.0 END,
                   CASE WHEN v.closed THEN v.minutes * 60 END, CASE WHEN v.closed THEN u.id END, u.id,
                   (v.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date,
                   (l.left_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date, v.profile, v.departments, v.closed,
                   0
              FROM (
                SELECT t.*, w.place, w.stage_id, w.previous_stage_id, w.cycle, w.outcome, w.place < t.present AS closed,
                       CASE WHEN t.present = 99 THEN w.departments END AS departments,
                       m.minutes, SUM(m.minutes) OVER (PARTITION BY t.id ORDER BY w.place)::int AS upto
                  FROM trip t
                  JOIN way w ON w.way = t.way AND w.place <= t.present
                 CROSS JOIN LATERAL (
                    SELECT 1 + (-LN(1.0 - ((t.id::bigint * 7919 + w.place * 104729) %% 9973) / 9974.0)
                                * 60 * (5 + 7 * w.place))::int AS minutes
                 ) m
              ) v
              JOIN sop_stage s ON s.id = v.stage_id
             CROSS JOIN LATERAL (SELECT (%(users)s::int[])[1 + (v.id + v.place) %% %(user_count)s] AS id) u
             CROSS JOIN LATERAL (
                SELECT CASE WHEN v.closed THEN v.date_order + v.upto * interval '1 minute' END AS left_at
             ) l
             ORDER BY v.id, v.place
            """,
            zone=zone,
            users=list(members.values()),
            user_count=len(members),
        )
    )
    cr.execute(
        """
        INSERT INTO sop_check (order_id, company_id, visit_id, stage_id, checkpoint_id, department_id, state, failed,
                               superseded, made_on, done_at, user_id, profile, counted, told)
        SELECT v.order_id, v.company_id, v.id, v.stage_id, p.id, v.department_id, 'passed', v.id % 12 = 0, FALSE,
               v.left_on, v.left_at, v.left_by_id, v.profile, TRUE, 0
          FROM sop_visit v
          JOIN LATERAL (
            SELECT id FROM sop_checkpoint WHERE stage_id = v.stage_id AND scope = 'order' ORDER BY sequence, id LIMIT 1
          ) p ON TRUE
         WHERE v.left_at IS NOT NULL
        """
    )
    add_up("sop.visit")
    add_up("sop.check")
cr.execute(
    SQL(
        """
        ANALYZE sop_visit;
        UPDATE sale_order o
           SET sop_process_id = %(process)s, sop_stage_id = v.stage_id,
               sop_status = CASE WHEN v.left_at IS NOT NULL THEN 'done' WHEN t.n %% 10 = 0 THEN 'waiting'
                                 ELSE 'running' END,
               sop_entered_at = v.entered_at,
               sop_deadline = CASE WHEN v.left_at IS NULL
                                   THEN now() AT TIME ZONE 'UTC' + (t.n %% 20 - 0.5) * interval '1 hour' END,
               sop_user_id = CASE WHEN v.left_at IS NULL THEN v.user_id END,
               sop_visit_id = CASE WHEN v.left_at IS NULL THEN v.id END
          FROM trip t,
               (SELECT DISTINCT ON (order_id) id, order_id, stage_id, entered_at, left_at, user_id FROM sop_visit
                 ORDER BY order_id, id DESC) v
         WHERE t.id = o.id AND v.order_id = o.id
        """,
        process=process.id,
    )
)
cr.execute(
    """
    INSERT INTO sop_check (order_id, company_id, visit_id, stage_id, checkpoint_id, department_id, picking_id, state,
                           superseded, made_on)
         SELECT v.order_id, v.company_id, v.id, v.stage_id, p.id, COALESCE(p.department_id, v.department_id), d.id,
                CASE WHEN o.sop_status = 'waiting' THEN 'failed' ELSE 'pending' END, false, v.begun_on
           FROM sop_visit v
           JOIN sale_order o ON o.id = v.order_id
           JOIN sop_checkpoint p ON p.stage_id = v.stage_id
      LEFT JOIN stock_picking d ON d.sale_id = o.id AND p.scope = 'delivery'
          WHERE v.left_at IS NULL AND (p.scope = 'order' OR d.id IS NOT NULL)
          ORDER BY v.order_id, p.sequence
    """
)
cr.commit()
facts = env["sop.engine.fact"]  # noqa: F821
facts._keep(SQL("SELECT id FROM sale_order WHERE sop_process_id IS NOT NULL"))
cr.execute("UPDATE sop_order_fact SET counted = TRUE")
add_up("sop.order.fact")
cr.commit()
cr.execute("SELECT count(*) FROM sop_visit WHERE left_at IS NOT NULL AND counted IS NOT TRUE")
if cr.fetchone()[0]:
    raise RuntimeError("the history says other than the facts what orders are about")
cr.execute("SELECT count(*) FROM sop_visit")
result.write_text(json.dumps({"orders": orders, "visits": cr.fetchone()[0], "seconds": time.monotonic() - started}))
