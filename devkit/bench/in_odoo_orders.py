"""Runs in Odoo's shell: walks orders through several databases in turn and notes what each step takes.

Arguments: the task as JSON, with the databases by variant and how many rounds of which batch size; the result's file.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry

from devkit.bench.company import furnish
from devkit.bench.life import Life
from devkit.progress import say

WARM_UP = (1, 1, 2, 10)

task, result = json.loads(sys.argv[1]), Path(sys.argv[2])
lives = {}
for variant, database in task["databases"].items():
    with Registry(database).cursor() as cr:
        company = furnish(Environment(cr, SUPERUSER_ID, {}), active=variant == "active")
    lives[variant] = Life(database, company, active=variant == "active")
    for size in WARM_UP:
        lives[variant].walk(size)

rows, variants = [], list(lives)
for size, rounds in task["rounds"]:
    for database in task["databases"].values():
        with Registry(database).cursor() as cr:
            cr.execute("ANALYZE")  # the tables have grown: all are to be planned for as they are now
            cr.commit()
    for number in range(rounds):
        say(f"  batch of {size}: round {number + 1} of {rounds}")
        # Whoever comes first may find another state of the machine: take turns.
        turn = number % len(variants)
        for variant in variants[turn:] + variants[:turn]:
            for step, reading in lives[variant].walk(size).items():
                rows.append({"variant": variant, "size": size, "round": number, "step": step, **asdict(reading)})
result.write_text(json.dumps(rows))
