"""Random lives of orders as the engine would have written them, and the process map counted from all their visits."""

import random
from collections import Counter, defaultdict
from datetime import datetime, timedelta

from odoo.tools import SQL

from ..engine.guard import as_engine
from ..engine.rows import insert_rows
from ..engine.tally_sources import SOURCES
from .common_gates import GateFixture

JANUARY = datetime(2026, 1, 1, 9)
OPEN = ("running", "waiting", "on_hold")


class MapFixture(GateFixture):
    """A process in two versions and another one, and orders that went through them this way and that."""

    @classmethod
    def set_up_map(cls):
        cls.set_up_gates()
        cls.first = cls.gated
        cls.second = cls.first.browse(cls.first.action_new_version()["res_id"])
        cls.second.stage_ids.filtered(lambda stage: stage.name == "Settle").unlink()
        cls.second.stage_ids.filtered(lambda stage: stage.name == "Close").gate = "close"
        cls.second.stage_ids.filtered(lambda stage: stage.name == "Pack").write({"name": "Pack and wrap"})
        cls.second.action_publish()
        cls.other = cls.make_process(
            cls.stage("Look", "confirm", {"name": "Looked"}),
            cls.stage("Work", False, {"name": "Worked"}, department="legal"),
            code="OTHER",
        )
        cls.all_processes = cls.first | cls.second | cls.other
        cls.company_2 = cls.env["res.company"].create({"name": "Second"})
        cls.env.user.company_ids |= cls.company_2
        cls.users["auditor"].write({"company_ids": [(4, cls.company_2.id)]})
        cls.partners = cls.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(3)])
        cls.chart = (
            cls.env["sop.process.map"]
            .with_user(cls.users["auditor"])
            .with_context(allowed_company_ids=(cls.company | cls.company_2).ids)
        )

    @classmethod
    def live(cls, seed, count):
        """Make ``count`` orders with a random life each, and return them."""
        dice = random.Random(seed)
        orders = cls.env["sale.order"].create([{"partner_id": dice.choice(cls.partners).id} for _n in range(count)])
        cls.commit()
        vals_list = []
        for order in orders:
            company = dice.choice((cls.company, cls.company, cls.company_2))
            cls.env.cr.execute("UPDATE sale_order SET company_id = %s WHERE id = %s", [company.id, order.id])
            lived, process, status = cls._life(dice, order, company)
            vals_list += lived
            as_engine(order).write({"sop_process_id": process.id, "sop_status": status})
        visits = insert_rows(cls.env["sop.visit"], vals_list)
        for visit in visits.filtered(lambda visit: not visit.left_at):
            as_engine(visit.order_id).write({"sop_visit_id": visit.id, "sop_stage_id": visit.stage_id.id})
        cls.env.flush_all()
        cls.env["sop.engine.fact"]._add_stale(SQL("SELECT UNNEST(%s)", orders.ids))
        cls.env.cr.execute("ANALYZE sale_order, sop_visit, sop_stale_order")  # so that its plans are those of a month
        cls.env.invalidate_all()
        return orders

    @classmethod
    def _life(cls, dice, order, company):
        """Return the values of the visits of one life, the process and the status that it ends with."""
        process = dice.choice(cls.all_processes)
        stages = process.stage_ids._in_order()
        at = begun = JANUARY + timedelta(minutes=dice.randrange(120 * 24 * 60))
        place, before, seen, vals_list = 0, None, Counter(), []
        while True:
            stage = stages[place]
            seen[stage] += 1
            minutes = dice.choice((0, 1, 5, 5, dice.randrange(3000)))
            vals = {
                "order_id": order.id,
                "company_id": company.id,
                "stage_id": stage.id,
                "department_id": stage.department_id.id,
                "cycle": seen[stage],
                "entered_at": at,
                "previous_stage_id": before and before.id,
                "begun_on": begun.date(),
                "deadline": dice.choice((None, at + timedelta(minutes=500))),
            }
            vals_list.append(vals)
            if len(vals_list) > 9 or dice.random() < 0.08:
                return vals_list, process, dice.choice(OPEN)
            left = at + timedelta(minutes=minutes)
            vals |= {"left_at": left, "left_on": left.date(), "elapsed": dice.randrange(200_000)}
            vals |= {"worked_hours": minutes / 60, "outcome": "completed"}
            before, at = stage, left
            fate = dice.random()
            if fate < 0.12:
                vals["outcome"], place = "sent_back", dice.randrange(place + 1)
            elif fate < 0.2:
                vals["outcome"] = "cancelled"
                if dice.random() < 0.5:
                    return vals_list, process, "cancelled"
                place = 0  # reopened
            elif fate < 0.27:
                vals["outcome"], process, place = "moved", dice.choice(cls.all_processes), 0
                stages = process.stage_ids._in_order()
            else:
                place += dice.choice((1, 1, 1, 2))
                if place >= len(stages):
                    return vals_list, process, "done"

    def count(self, limit=1000):
        """Count visits and the ways of orders into the tallies; return how many visits."""
        engine = self.env["sop.engine.tally"]
        engine._count(SOURCES["sop.order.fact"], limit)
        return engine._count(SOURCES["sop.visit"], limit)


def brute_force(env, processes, first, last, companies, partner=None, department=None):
    """Return what the map must say, from the visits alone and one by one."""
    boxes = {stage: stage.pace_key for stage in processes.stage_ids}
    found = {"boxes": defaultdict(Counter), "minutes": defaultdict(list), "arrows": defaultdict(Counter)}
    found |= {"now": Counter(), "starts": Counter(), "ends": Counter(), "ended": Counter(), "ways": defaultdict(list)}
    visits = env["sop.visit"].search([("order_id", "!=", False)], order="id")
    for order, lived in visits.grouped("order_id").items():
        if not first <= lived[0].begun_on <= last or order.company_id not in companies:
            continue
        if (partner and order.partner_id != partner) or (department and department not in lived.department_id):
            continue
        steps = [(boxes.get(visit.stage_id), visit) for visit in lived]
        for place, (box, visit) in enumerate(steps):
            if not box:
                continue
            before = steps[place - 1][0] if place else None
            if not visit.left_at:
                found["now"][box] += 1
                continue
            sums = {
                "visits": 1,
                "limited": int(bool(visit.deadline)),
                "late": int(bool(visit.deadline) and visit.deadline < visit.left_at),
                "elapsed": visit.elapsed,
            }
            found["boxes"][box].update(sums)
            found["minutes"][box].append(round(visit.worked_hours * 10) * 6)  # tenths of an hour
            if before:
                found["arrows"][before, box].update(sums)
            else:
                found["starts"][box] += 1
            follower = steps[place + 1] if place + 1 < len(steps) else (None, None)
            found["ended"][box] += not follower[0]
            found["ends"][box] += not (follower[0] and follower[1].left_at)
        way = tuple(box for box, visit in steps if box and visit.left_at)
        if way:
            is_open = order.sop_status in OPEN and order.sop_process_id in processes
            left = max(visit.left_at for visit in lived if visit.left_at)
            took = round((left - lived[0].entered_at).total_seconds() / 60)
            found["ways"][way, is_open].append(took)
    return found


def middle(values):
    """Return the smallest value that at least half of ``values`` do not exceed, None of none."""
    return sorted(values)[(len(values) + 1) // 2 - 1] if values else None
