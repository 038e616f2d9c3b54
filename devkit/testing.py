"""Runs the test suites: the project's own, and core's with the addon installed."""

import json
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from devkit.addon import addon_exists
from devkit.demo import check_demo_builds
from devkit.failure import Failure
from devkit.host import SERVING, TESTING, free_port
from devkit.paths import CHECKOUT, log_file, short_hash, work_folder
from devkit.processes import run_foreground
from devkit.progress import log_tail, say, step
from devkit.template import install_addon, logged_problems
from devkit.workbench import Workbench, prepare

FOLDER = Path(__file__).resolve().parent
BROWSER = FOLDER / "browser"
REASON_LINES = 12
CORE_MODULES = ("sale", "sale_management", "sale_stock")
# Says of itself that it is for a database without sale_stock, and fails on a plain Odoo that has it.
CORE_EXCLUDED = ("-/sale:TestSaleFlow.test_qty_delivered",)


def run_tests(arguments: list[str]) -> int:
    """Run the whole suite, or what pytest's arguments select; return the exit code.

    The whole suite also checks that the demo database builds without a warning. Pytest's summary is the last line.
    """
    if not addon_exists():
        raise Failure("there is no addon in this checkout", "nothing to test")
    bench = prepare((*SERVING, *TESTING))
    try:
        sound = _demo_is_sound(bench) if not arguments else True
        template = bench.template()
        name = f"order_sop_test_{short_hash(CHECKOUT)}_{os.getpid()}"
        with bench.databases.temporary(name, template) as database:
            install_addon(bench.runner, database, demo=False, log_name="test-install")
            sound = _report_problems("installing the addon", "test-install") and sound
            code = _pytest(bench, database, arguments)
    finally:
        bench.stop_if_started(quiet=True)
    return code or (0 if sound else 1)


def _pytest(bench: Workbench, database: str, arguments: list[str]) -> int:
    runner = bench.runner
    options = ["--odoo-http", f"--odoo-config={runner.config}", f"--odoo-database={database}"]
    environment = runner.environment()
    environment["PATH"] = f"{BROWSER}{os.pathsep}{runner.python.parent}{os.pathsep}{environment['PATH']}"
    command = [str(runner.python), "-m", "pytest", *options, *arguments]
    return run_foreground(command, environment)


def _demo_is_sound(bench: Workbench) -> bool:
    try:
        problems = check_demo_builds(bench)
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return False
    return _tell("the demo database", problems)


def _report_problems(what: str, log_name: str) -> bool:
    return _tell(what, logged_problems(log_file(log_name).read_text(errors="replace")))


def _tell(what: str, problems: list[str]) -> bool:
    """Say whether something was built without a warning; return that."""
    if not problems:
        say(f"{what}: no warnings")
        return True
    say(f"FAILED: {what} logged {len(problems)} warnings or errors, so this run will not count as passed:")
    for line in problems:
        say(f"    {line}")
    return False


def run_core_tests(arguments: list[str]) -> int:
    """Run core's suites of the modules that the addon touches, with the addon in the registry."""
    bench = prepare((*SERVING, *TESTING))
    try:
        template = bench.template()
        name = f"order_sop_core_{short_hash(CHECKOUT)}_{os.getpid()}"
        with bench.databases.temporary(name, template) as database:
            install_addon(bench.runner, database, demo=False, log_name="core-install")
            # Without a process an order behaves as if there were no addon: that is what core's tests can judge.
            bench.databases.query("UPDATE res_company SET sop_active = false", database)
            tags = arguments or [*(f"/{module}" for module in CORE_MODULES), *CORE_EXCLUDED]
            return run_odoo_tests(bench, database, "test-core", CORE_MODULES, tags)
    finally:
        bench.stop_if_started(quiet=True)


def run_odoo_tests(
    bench: Workbench, database: str, log_name: str, modules: tuple[str, ...], tags: list[str], only: str = ""
) -> int:
    """Run the tests of core modules by Odoo's own runner with the log in a file; print one line, return the exit code.

    tags say which tests, as Odoo's --test-tags does; ``only`` shows the linters this module alone.
    """
    log, result = log_file(log_name), work_folder() / f"{log_name}.json"
    result.unlink(missing_ok=True)
    started = time.monotonic()
    with log.open("wb") as stream, step(f"Running the tests of {', '.join(modules)}; log: {log}"):
        arguments = [",".join(tags), ",".join(modules), str(result), only]
        options = {"odoo_options": (f"--http-port={free_port()}",), "stdout": stream, "stderr": subprocess.STDOUT}
        path = f"{BROWSER}{os.pathsep}{bench.runner.python.parent}{os.pathsep}"
        code = bench.runner.run_script(FOLDER / "run_odoo_tests.py", database, arguments, path=path, **options)
    if code not in (0, 1) or not result.exists():
        raise Failure(f"Odoo's test runner broke off; {log} ends with\n{log_tail(log)}")
    counts = json.loads(result.read_text())
    for failed in counts["failed"]:
        say(f"FAILED {failed['test']}")
        say(textwrap.indent("\n".join(failed["reason"].strip().splitlines()[:REASON_LINES]), "    "))
    say(
        f"{log_name}: {counts['run']} tests, {len(counts['failed'])} failed, {counts['skipped']} skipped"
        f" in {time.monotonic() - started:.0f} s; log: {log}"
    )
    return code
