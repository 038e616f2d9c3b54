from collections import defaultdict
from zlib import crc32

from odoo import api, models
from odoo.tools import SQL

from ..models.sop_definition_mixin import _parse_domain

NO_LIMIT_HOURS = 1
"""What an order counts in somebody's load where its stage has no time limit."""


class SopEngineRoutingModes(models.AbstractModel):
    """How each mode of assignment chooses.

    ``_pick_<mode>(department, company, jobs)`` gets jobs of one department and company and returns ``{job: user id}``
    for those that it finds somebody for.
    """

    _inherit = "sop.engine.routing"

    @api.model
    def _pick_none(self, _department, _company, _jobs):
        return {}

    @api.model
    def _pick_lead(self, department, company, jobs):
        return dict.fromkeys(jobs, self._get_lead(department, company))

    @api.model
    def _pick_salesperson(self, department, company, jobs):
        return {job: self._get_present(job.document.user_id.id, department, company) for job in jobs}

    @api.model
    def _pick_user(self, department, company, jobs):
        return {job: self._get_present(job.user_id, department, company) for job in jobs}

    @api.model
    def _pick_rules(self, department, company, jobs):
        """The first rule that an order meets, of those whose person, or who stands in for him, is there."""
        picked = {}
        for domain, user_id, company_id in department._get_routes():
            rest = [job for job in jobs if job not in picked]
            user = company_id in (False, company.id) and self._get_present(user_id, department, company)
            if rest and user:
                orders = [job.document._sop_order() for job in rest]
                met = orders[0].union(*orders).filtered_domain(_parse_domain(domain)) if domain else None
                picked |= {job: user for job, order in zip(rest, orders, strict=True) if not domain or order in met}
        return picked

    @api.model
    def _pick_round_robin(self, department, company, jobs):
        """Each in turn. Turns come from a counter that never makes anybody wait, see ``_take_turns``."""
        pool = self._get_pool(department, company)
        if not pool:
            return {}
        return {job: _whose_turn(pool, turn) for job, turn in zip(jobs, department._take_turns(len(jobs)), strict=True)}

    @api.model
    def _pick_least_loaded(self, department, company, jobs):
        """Whoever has the fewest hours to do; those of a batch count as they are given out, the longest ones first."""
        pool = self._get_pool(department, company)
        if not pool:
            return {}
        loads, picked = self._get_loads(pool), {}
        for job in sorted(jobs, key=lambda job: (-_hours(job.stage), job.document.id)):
            # among equals not always the same one
            user = min(pool, key=lambda user, job=job: (loads[user], crc32(b"%d %d" % (job.document.id, user))))
            loads[user] += _hours(job.stage)
            picked[job] = user
        return picked

    @api.model
    def _get_loads(self, user_ids):
        """Return ``{user id: hours}``: the open orders and cases on which each has something to do, each by the time
        limit of that stage, once, whatever he has to do there."""
        visit, check, order, case = (
            self.env[name]._fields for name in ("sop.visit", "sop.check", "sale.order", "sop.case")
        )
        loads = self.env.execute_query(
            SQL(
                "SELECT user_id, SUM(hours) FROM ("
                " SELECT user_id, order_id, case_id,"
                "  MAX(COALESCE(NULLIF(s.time_limit_hours, 0), %(no_limit)s)) AS hours FROM ("
                "  SELECT user_id, order_id, case_id, stage_id FROM sop_visit"
                "  WHERE left_at IS NULL AND user_id IN %(users)s"
                "  UNION ALL"
                "  SELECT c.assigned_id, NULL, c.case_id, c.stage_id"
                "  FROM sop_check c JOIN sop_case o ON o.id = c.case_id"
                "  WHERE c.state IN ('pending', 'failed') AND NOT c.superseded AND c.assigned_id IN %(users)s"
                "  AND o.sop_status IN ('running', 'waiting', 'on_hold') AND c.stage_id = o.sop_stage_id"
                "  UNION ALL"
                "  SELECT c.assigned_id, c.order_id, NULL, c.stage_id"
                "  FROM sop_check c JOIN sale_order o ON o.id = c.order_id"
                "  WHERE c.state IN ('pending', 'failed') AND NOT c.superseded AND c.assigned_id IN %(users)s"
                "  AND o.sop_status IN ('running', 'waiting', 'on_hold')"
                "  AND (c.stage_id = o.sop_stage_id OR c.picking_id IS NOT NULL OR c.invoice_id IS NOT NULL)"
                " ) w JOIN sop_stage s ON s.id = w.stage_id GROUP BY user_id, order_id, case_id"
                ") l GROUP BY user_id%(flush)s",
                no_limit=NO_LIMIT_HOURS,
                users=tuple(user_ids),
                flush=SQL(
                    "",
                    to_flush=(
                        *(visit[name] for name in ("left_at", "user_id")),
                        *(check[name] for name in ("state", "superseded", "assigned_id")),
                        *(document[name] for document in (order, case) for name in ("sop_status", "sop_stage_id")),
                    ),
                ),
            )
        )
        return defaultdict(float, loads)


def _hours(stage):
    return stage.time_limit_hours or NO_LIMIT_HOURS


def _whose_turn(pool, turn):
    """Return whose ``turn`` it is: each of ``pool`` once before anybody twice, in an order that changes each time.

    Where it changed not, two companies, or two kinds of orders that come in alternately, would fall to the same people
    again and again.
    """
    number, place = divmod(turn, len(pool))
    return sorted(pool, key=lambda user: crc32(b"%d %d" % (number, user)))[place]
