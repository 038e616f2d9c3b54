"""Brings the addon's translation files up to date with its source: the .pot, and every .po beside it."""

import argparse
import os
from pathlib import Path

from devkit.addon import addon_folder
from devkit.paths import ADDON, CHECKOUT, short_hash
from devkit.template import install_addon
from devkit.workbench import prepare

SCRIPT = Path(__file__).with_name("translations_in_odoo.py")


def main(arguments: list[str]) -> int:
    """Export the terms from a database with the addon and its demo data, and merge them; return the exit code."""
    argparse.ArgumentParser(prog="devkit translations").parse_args(arguments)
    bench = prepare()
    try:
        name = f"order_sop_i18n_{short_hash(CHECKOUT)}_{os.getpid()}"
        with bench.databases.temporary(name, bench.template(demo=True)) as database:
            install_addon(bench.runner, database, demo=True, log_name="translations")
            arguments = [ADDON, str(addon_folder() / "i18n")]
            return bench.runner.run_script(SCRIPT, database, arguments, odoo_options=("--log-level=warn",))
    finally:
        bench.stop_if_started()
