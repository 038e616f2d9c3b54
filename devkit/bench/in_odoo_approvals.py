"""Runs in Odoo's shell: what three approvals of an order cost, asked for and given by three people one after the other.

Each of the four requests begins with an empty record cache, as every request to a server does.
Where OCA's sale_tier_validation is installed in the same database, the same orders go through its tiers as well.
Arguments: the task as JSON, with the number of rounds and the size of a batch; the result's file.
"""

import json
import statistics
import sys
import time
from functools import partial
from pathlib import Path

from odoo import Command

task, result = json.loads(sys.argv[1]), Path(sys.argv[2])
env = env(context={"no_reset_password": True, "tracking_disable": True})  # noqa: F821
GROUPS = ("sales_team.group_sale_salesman_all_leads", "order_sop.group_user")
people = env["res.users"].create(
    [
        {
            "name": f"Approver {number}",
            "login": f"bench.approver{number}",
            "email": f"approver{number}@example.com",
            "group_ids": [Command.set([env.ref(name).id for name in GROUPS])],
        }
        for number in range(3)
    ]
)
# a department in which nobody works would raise an alert for each order
env.ref("order_sop.group_finance").user_ids += people[0]
customer = env["res.partner"].create({"name": "Customer", "email": "customer@example.com"})
product = env["product.product"].create({"name": "Product", "type": "consu", "list_price": 100.0})
process = env["sop.process"].create(
    {
        "name": "Three approvals",
        "code": "BENCH",
        "sequence": 0,
        "stage_ids": [
            Command.create(
                {
                    "name": "Review",
                    "gate": "confirm",
                    "department_id": env.ref("order_sop.department_finance").id,
                    "checkpoint_ids": [
                        Command.create(
                            {
                                "name": "Approved",
                                "kind": "approval",
                                "ask": "hand",
                                "step_ids": [
                                    Command.create(
                                        {
                                            "sequence": place,
                                            "name": f"Step {place}",
                                            "approver_kind": "users",
                                            "user_ids": [Command.set(user.ids)],
                                        }
                                    )
                                    for place, user in enumerate(people)
                                ],
                            }
                        )
                    ],
                }
            )
        ],
    }
)
process.action_publish()
has_tiers = "tier.definition" in env
if has_tiers:
    env["tier.definition"].create(
        [
            {
                "name": f"Tier {place}",
                "model_id": env["ir.model"]._get_id("sale.order"),
                "review_type": "individual",
                "reviewer_id": user.id,
                "sequence": 30 - place,
                "approve_sequence": True,
            }
            for place, user in enumerate(people)
        ]
    )
seller = env.ref("base.user_admin")


def make_orders(number, active):
    """Return new quotations, under the process or not."""
    orders = env["sale.order"].create(
        [
            {
                "partner_id": customer.id,
                "user_id": seller.id,
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 1, "price_unit": 100.0})],
            }
            for _number in range(number)
        ]
    )
    settle()
    if active:
        env["sop.engine.flow"]._start(orders, process)
        env["sop.engine.evaluation"]._run(orders)
    settle()
    return orders


def settle():
    """Do what a commit does before it commits, and forget what was read: the next request has a cache of its own."""
    env.flush_all()
    env.cr.precommit.run()
    env.invalidate_all()


def by_process(orders):
    """Yield the requests that ask for the approvals and give them by the SOP.

    What a browser knows already, the ids of what is shown, is looked up between them.
    """
    yield env["sop.check"].with_user(seller).browse(orders.sop_check_ids.ids).action_ask
    for user in people:
        approvals = orders.sop_check_ids.approval_ids.filtered(lambda approval: approval.state == "open")
        yield partial(decide, env["sop.approval"].with_user(user).browse(approvals.ids))


def decide(approvals):
    """Approve all ``approvals``."""
    answers = approvals.action_decide("approve")
    if any(answer["reason"] for answer in answers):
        raise RuntimeError(answers)


def by_tiers(orders):
    """Yield the requests that ask for the validation and give it by OCA's tiers."""
    yield orders.with_user(seller).request_validation
    for user in people:
        yield partial(validate, orders.with_user(user))
    if set(orders.review_ids.mapped("status")) != {"approved"}:
        raise RuntimeError("not validated")


def validate(orders):
    """Validate ``orders``: one a call, as the tiers take one only."""
    for order in orders:
        order.invalidate_recordset()
        order.validate_tier()


def measured(way, size, active):
    """Return ``(ms, queries)`` an order, medians over the rounds; the first ones only warm up."""
    readings = []
    for _round in range(task["rounds"] + 2):
        seconds = queries = 0
        for request in way(make_orders(size, active)):
            settle()
            queries -= env.cr.sql_log_count
            started = time.perf_counter()
            request()
            settle()
            seconds += time.perf_counter() - started
            queries += env.cr.sql_log_count
        readings.append((seconds * 1000 / size, queries / size))
    return [round(statistics.median(values), 2) for values in zip(*readings[2:], strict=True)]


figures = {}
for size in (1, task["size"]):
    figures[f"process, {size} at a time"] = measured(by_process, size, True)
    if has_tiers:
        figures[f"tiers, {size} at a time"] = measured(by_tiers, size, False)
env.cr.rollback()
result.write_text(json.dumps(figures, indent=1))
