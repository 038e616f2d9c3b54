"""``make replay DATA=folder``: plays a folder of recorded orders through the addon; see docs/replay.md."""

import argparse
import time
from pathlib import Path

from devkit.addon import addon_hash
from devkit.failure import Failure
from devkit.paths import CHECKOUT, locked, short_hash
from devkit.progress import say
from devkit.replay_files import describe, read_folder
from devkit.template import install_addon
from devkit.workbench import Workbench, prepare

SCRIPT = Path(__file__).resolve().parent / "replay_in_odoo.py"


def main(arguments: list[str]) -> int:
    """Load the orders of a folder into a database kept for that, and print what the receipt stage made of them."""
    parser = argparse.ArgumentParser(prog="devkit replay")
    parser.add_argument("folder", nargs="?", default="")
    parser.add_argument("--fresh", action="store_true", help="begin anew, whatever was loaded before")
    options = parser.parse_args(arguments)
    if not options.folder:
        raise Failure("no folder is named", "make replay DATA=folder")
    folder = Path(options.folder).expanduser().resolve()
    started = time.monotonic()
    orders, problems = read_folder(folder)  # before anything long begins
    bench = prepare()
    name = f"order_sop_replay_{short_hash(CHECKOUT)}"
    try:
        with locked(bench.cache / f"{name}.lock"):
            _ensure_database(bench, name, fresh=options.fresh)
            say(f"{len(orders)} orders with {sum(len(order.lines) for order in orders)} lines are in {folder}")
            code = bench.runner.run_script(SCRIPT, name, [str(folder)], odoo_options=("--log-level=error",))
    finally:
        bench.stop_if_started(quiet=True)
    if code:
        raise Failure("the replay broke off", "the lines above say why; the same command goes on where it stopped")
    if problems:
        say(f"\nNot loaded: {len(problems)} lines of the files")
        for text in describe(problems):
            say(f"  {text}")
    say(f"\n{time.monotonic() - started:.0f} s. The database is kept: make serve DB={name}")
    return 0


def _ensure_database(bench: Workbench, name: str, *, fresh: bool) -> None:
    """Make the database unless an earlier run has begun to load into it with the addon as it is now."""
    template = bench.template()
    notes = {"kind": "scratch", "checkout": str(CHECKOUT), "template": template, "addon": addon_hash()}
    before = bench.databases.marks().get(name)
    if before == notes and not fresh:
        return
    if before and not fresh:
        say("the addon has changed since the last run: beginning anew")
    with bench.databases.building(name, template, **notes) as temporary:
        install_addon(bench.runner, temporary, demo=False, log_name="replay-install")
