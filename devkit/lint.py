"""Checks the code: ruff, pylint with pylint-odoo, and the linters that Odoo has for its own addons."""

import os
import subprocess
import sys

from devkit.addon import addon_exists
from devkit.host import SERVING
from devkit.paths import ADDON, CHECKOUT, short_hash
from devkit.progress import say
from devkit.template import install_addon
from devkit.testing import run_odoo_tests
from devkit.workbench import Workbench, prepare

# Not run: what tests the linters themselves, and what walks over all of Odoo instead of the modules it is told;
# its pylint checkers are run on the addon alone instead.
CORE_LINT_TAGS = (
    "/test_lint",
    "-/test_lint:TestPyLint",
    "-/test_lint:TestConflictMarkers",
    "-/test_lint:TestGetTextLint",
    "-/test_lint:TestSqlLint",
    "-/test_lint:TestI18nChecks",
)
# Only pylint-odoo's own messages, as ruff says the others faster; without the rules of another house, and without
# complaints about comments that name what core's checkers know. The order counts: the last word on a message wins.
ODOOLINT = (
    "--disable=all",
    "--enable=odoolint",
    "--disable=manifest-required-author,missing-readme,unknown-option-value",
)
CORE_CHECKERS = "_odoo_checker_sql_injection,_odoo_checker_gettext,_odoo_checker_unlink_override"
CORE_MESSAGES = (
    "used-before-assignment,undefined-variable,eval-used,unreachable,function-redefined,sql-injection,"
    "missing-gettext,gettext-variable,gettext-placeholders,gettext-repr,raise-unlink-override"
)


def run_lint(*, quick: bool = False) -> int:
    """Run all checks, or with quick those that need no database; return the exit code."""
    bench = prepare(SERVING)
    steps = {"ruff": ["ruff", "check", "."], "ruff format": ["ruff", "format", "--check", "."]}
    if addon_exists():
        steps["pylint-odoo"] = ["pylint", "--rcfile=pyproject.toml", *ODOOLINT, ADDON]
        steps["core's pylint checkers"] = [
            "pylint", f"--rcfile={os.devnull}", "--disable=all,useless-option-value,unknown-option-value",
            f"--enable={CORE_MESSAGES}", f"--load-plugins={CORE_CHECKERS}", "--reports=n", "--score=n", ADDON,
        ]  # fmt: skip
    results = {name: _run_module(bench, command) for name, command in steps.items()}
    if addon_exists() and not quick:
        results["core's test_lint"] = _core_lint(bench)
    for name, code in results.items():
        say(f"{name}: {'ok' if code == 0 else 'FAILED'}")
    return 1 if any(results.values()) else 0


def run_format() -> int:
    """Let ruff mend and format what it can."""
    bench = prepare(SERVING)
    mended = _run_module(bench, ["ruff", "check", "--fix", "."])
    return _run_module(bench, ["ruff", "format", "."]) or mended


def _run_module(bench: Workbench, command: list[str]) -> int:
    environment = bench.runner.environment()
    checkers = bench.runner.odoo.addons[0] / "test_lint" / "tests"
    environment["PYTHONPATH"] += f"{os.pathsep}{checkers}"
    sys.stdout.flush()
    line = [str(bench.runner.python), "-m", *command]
    return subprocess.run(line, cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, check=False).returncode


def _core_lint(bench: Workbench) -> int:
    name = f"order_sop_lint_{short_hash(CHECKOUT)}_{os.getpid()}"
    with bench.databases.temporary(name, bench.template()) as database:
        install_addon(bench.runner, database, demo=False, log_name="lint-install")
        tags = list(CORE_LINT_TAGS)
        return run_odoo_tests(bench, database, "test-lint", ("test_lint",), tags, only=ADDON)
