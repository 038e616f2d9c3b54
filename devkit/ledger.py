"""``make ledger``: thousands of random lives of orders, and the settlement's ledger against a second computation."""

import argparse
from pathlib import Path

from devkit.addon import addon_hash
from devkit.paths import CHECKOUT, locked, short_hash
from devkit.progress import say
from devkit.template import install_addon
from devkit.workbench import prepare

SCRIPT = Path(__file__).resolve().parent / "ledger_in_odoo.py"


def main(arguments: list[str]) -> int:
    """Let orders live in a database kept for that and compare; return 1 if a single figure differs."""
    parser = argparse.ArgumentParser(prog="devkit ledger")
    parser.add_argument("--orders", type=int, default=2000, help="how many live (default: 2000)")
    parser.add_argument("--seed", default="1", help="which lives (default: 1)")
    parser.add_argument("--compare", action="store_true", help="compare what an earlier run left, let none live")
    options = parser.parse_args(arguments)
    bench = prepare()
    name = f"order_sop_ledger_{short_hash(CHECKOUT)}"
    try:
        with locked(bench.cache / f"{name}.lock"):
            if not options.compare or not bench.databases.exists(name):
                template = bench.template()
                notes = {"kind": "scratch", "checkout": str(CHECKOUT), "template": template, "addon": addon_hash()}
                with bench.databases.building(name, template, **notes) as temporary:
                    install_addon(bench.runner, temporary, demo=False, log_name="ledger-install")
            count = 0 if options.compare else options.orders
            code = bench.runner.run_script(
                SCRIPT, name, [str(count), options.seed], odoo_options=("--log-level=error",)
            )
    finally:
        bench.stop_if_started(quiet=True)
    say(f"\nThe database is kept: make serve DB={name}")
    return code
