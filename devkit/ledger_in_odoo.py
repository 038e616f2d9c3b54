"""Runs in Odoo's shell: lets orders live and compares the settlement's ledger with the independent computation.

Arguments: how many orders (0: compare those that are there), and the seed.
"""

import sys
import time

from odoo.addons.order_sop.tests.difference_comparison import DifferenceComparison
from odoo.addons.order_sop.tests.ledger_comparison import report
from odoo.addons.order_sop.tests.life_of_orders import Lives

from devkit.progress import say

COUNTED = (
    "sale_order",
    "sale_order_line",
    "stock_move",
    "account_move",
    "account_payment",
    "account_partial_reconcile",
)
count, seed = int(sys.argv[1]), sys.argv[2]
env = env(context={**env.context, "tracking_disable": True})  # noqa: F821
started = time.monotonic()
if count:
    lives = Lives(env, seed, count).play(env.cr.commit)
    say(f"{len(lives.orders)} orders lived in {time.monotonic() - started:.0f} s; done:")
    say("  " + ", ".join(f"{name} {times}" for name, times in lives.acts.most_common()))
    say(f"  refused by Odoo: {sum(lives.refused.values())}")
    for reason, times in lives.refused.most_common(8):
        say(f"    {times} × {reason.splitlines()[0][:150]}")
for table in COUNTED:
    env.cr.execute(f"SELECT count(*) FROM {table}")
    say(f"  {table}: {env.cr.fetchone()[0]}")

companies = env["res.company"].search([("name", "like", "Lives")])
env = env(context={**env.context, "allowed_company_ids": companies.ids})
lines = env["sale.order.line"].search([("company_id", "in", companies.ids)])
started = time.monotonic()
comparison = DifferenceComparison(env, lines)
say(f"computed apart for {len(comparison.settlements)} days in {time.monotonic() - started:.0f} s")
failed = False
for name in (
    "quantities",
    "deliveries",
    "invoices",
    "balances",
    "tie_outs",
    "ledger",
    "lists",
    "tie_out_lists",
    "differences_found",
    "differences_kept",
):
    comparison.differences, comparison.compared = [], 0
    differences = getattr(comparison, name)(*([companies] if name == "balances" else []))
    failed |= bool(differences)
    say(f"{name}: {comparison.compared} figures compared, " + report(differences))
say("  kinds of differences: " + ", ".join(f"{kind} {times}" for kind, times in comparison.kinds.most_common()))
raise SystemExit(1 if failed else 0)
