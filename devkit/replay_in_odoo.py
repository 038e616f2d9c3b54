"""Runs in Odoo's shell: loads the orders of a folder that are not there yet, then prints what became of all of them.

Arguments: the folder.
"""

import sys
from pathlib import Path

from devkit.progress import say
from devkit.replay_files import describe, read_folder
from devkit.replay_loader import Loader

# A run that was killed may have left this process's predecessor at work: two would load orders twice.
env.cr.execute("SELECT pg_try_advisory_lock(hashtext('order_sop replay'))")  # noqa: F821
if not env.cr.fetchone()[0]:  # noqa: F821
    say("another run is loading into this database: let it end")
    raise SystemExit(1)
orders, _problems = read_folder(Path(sys.argv[1]))
loader = Loader(env, commit=env.cr.commit, tell=say)  # noqa: F821
problems = loader.load(orders)
say("\n" + loader.report(orders))
if problems:
    say("\nRefused by Odoo:")
    for text in describe(problems):
        say(f"  {text}")
