"""The commands that are one function each; what they do is in the modules that they call."""

import argparse
import os
import shlex

from devkit import cleaning
from devkit.database import Databases, checked_name
from devkit.demo import run_demo
from devkit.failure import Failure
from devkit.host import SERVING, TESTING, ensure_port_free, parse_port
from devkit.lint import run_format, run_lint
from devkit.mining import ensure_mining
from devkit.paths import CHECKOUT, log_file
from devkit.postgres import PRIVATE_SOCKET
from devkit.progress import say, step
from devkit.registry import command
from devkit.serve import serve
from devkit.template import install_addon
from devkit.testing import run_core_tests, run_tests
from devkit.workbench import prepare


def _parser(name: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"devkit {name}")


@command("setup", "get all that is needed: Odoo, Python and Debian packages, PostgreSQL, the template database")
def setup(arguments: list[str]) -> None:
    """Make the machine ready and leave the private database server running."""
    _parser("setup").parse_args(arguments)
    bench = prepare((*SERVING, *TESTING))
    template = bench.template()
    mining = ensure_mining()
    say(f"Odoo:      {bench.runner.odoo.python_path}")
    say(f"Python:    {bench.runner.python}")
    say(f"mining:    {mining}")
    say(f"config:    {bench.runner.config}")
    say(f"server:    {bench.runner.server.identity} (user {bench.runner.server.user})")
    say(f"template:  {template}")


@command("scratch", "make a scratch database with the current addon: scratch NAME [--demo]")
def scratch(arguments: list[str]) -> None:
    """Make a developer's database as a clone of the template with the addon as it is now."""
    parser = _parser("scratch")
    parser.add_argument("database")
    parser.add_argument("--demo", action="store_true", help="with demo data")
    parser.add_argument("--without-addon", action="store_true", help="the plain template")
    options = parser.parse_args(arguments)
    name = checked_name(options.database)
    bench = prepare()
    template = bench.template(demo=options.demo)
    marks = bench.databases.marks()
    if bench.databases.exists(name) and marks.get(name, {}).get("kind") != "scratch":
        raise Failure(f"'{name}' is there and was not made by this command", "choose another name: DB=name")
    notes = {"kind": "scratch", "checkout": str(CHECKOUT)}
    with bench.databases.building(name, template, **notes) as temporary:
        if not options.without_addon:
            install_addon(bench.runner, temporary, demo=options.demo, log_name=f"scratch-{name}")
    say(f"database {name} is ready; 'make serve DB={name}' serves it (login admin, password admin)")


@command("update", "update the addon in a database: update NAME")
def update(arguments: list[str]) -> None:
    """Run ``-u order_sop`` on a database."""
    parser = _parser("update")
    parser.add_argument("database")
    name = checked_name(parser.parse_args(arguments).database)
    bench = prepare()
    _must_exist(bench.databases, name)
    log = log_file(f"update-{name}")
    log.unlink(missing_ok=True)
    with step(f"Updating order_sop in {name}"):
        bench.runner.run(name, "-u", "order_sop", log=log, problem="order_sop could not be updated")
    say(f"order_sop is up to date in {name}")


@command("shell", "open Odoo's Python shell on a database: shell NAME")
def shell(arguments: list[str]) -> None:
    """Open an interactive shell with ``env``."""
    parser = _parser("shell")
    parser.add_argument("database")
    name = checked_name(parser.parse_args(arguments).database)
    bench = prepare()
    _must_exist(bench.databases, name)
    line = bench.runner.command("shell", name, "--no-http")
    os.execve(line[0], line, bench.runner.environment())  # Ctrl-C is the shell's own from here


@command("drop", "drop a scratch database: drop NAME")
def drop(arguments: list[str]) -> None:
    """Drop a database that the scratch command made."""
    parser = _parser("drop")
    parser.add_argument("database")
    name = checked_name(parser.parse_args(arguments).database)
    bench = prepare()
    if bench.databases.marks().get(name, {}).get("kind") != "scratch":
        raise Failure(f"'{name}' is no scratch database", "only what 'make scratch' made is dropped by this command")
    bench.databases.drop(name)


def _must_exist(databases: Databases, name: str) -> None:
    if not databases.exists(name):
        raise Failure(f"there is no database '{name}'", f"make it: make scratch DB={name}")


@command("env", "print the environment as shell exports, for eval")
def env(arguments: list[str]) -> None:
    """Print what a shell needs to run Odoo and pytest by hand."""
    _parser("env").parse_args(arguments)
    runner = prepare((*SERVING, *TESTING)).runner
    variables = {
        **runner.server.environment(),
        "PYTHONPATH": str(runner.odoo.python_path),
        "PATH": f"{runner.python.parent}:{os.environ['PATH']}",
        "ODOO_RC": str(runner.config),
        "ODOO_BIN": str(runner.odoo.script),
    }
    if runner.server.embedded:
        variables[PRIVATE_SOCKET] = runner.server.host
    for name, value in variables.items():
        say(f"export {name}={shlex.quote(value)}")


@command("demo", "serve Odoo with demo data: demo [--port 8069]")
def demo(arguments: list[str]) -> int:
    """Serve the demo."""
    parser = _parser("demo")
    parser.add_argument("--port", default="8069")
    return run_demo(parse_port(parser.parse_args(arguments).port))


@command("serve", "serve a database: serve NAME [--port 8069]")
def serve_database(arguments: list[str]) -> int:
    """Serve a developer's database with the log on the terminal."""
    parser = _parser("serve")
    parser.add_argument("database")
    parser.add_argument("--port", default="8069")
    options = parser.parse_args(arguments)
    name, port = checked_name(options.database), parse_port(options.port)
    ensure_port_free(port)
    bench = prepare()
    _must_exist(bench.databases, name)
    return serve(bench.runner, name, port, log=None, on_ready=lambda: say(f"serving {name} on http://localhost:{port}"))


@command("test", "run all tests: test [pytest's arguments]")
def test(arguments: list[str]) -> int:
    """Run the tests."""
    return run_tests(arguments)


@command("test-core", "run core's sale and stock suites with the addon installed: test-core [test tags]")
def test_core(arguments: list[str]) -> int:
    """Run core's tests."""
    return run_core_tests(arguments)


@command("lint", "check the code: lint [--quick]")
def lint(arguments: list[str]) -> int:
    """Run the linters."""
    parser = _parser("lint")
    parser.add_argument("--quick", action="store_true", help="without the checks that need a database")
    return run_lint(quick=parser.parse_args(arguments).quick)


@command("format", "let ruff mend and format the code")
def format_code(arguments: list[str]) -> int:
    """Format the code."""
    _parser("format").parse_args(arguments)
    return run_format()


@command("stop", "stop the private database server, if nobody uses it")
def stop_server(arguments: list[str]) -> None:
    """Stop the private server."""
    _parser("stop").parse_args(arguments)
    cleaning.stop()


@command("clean", "remove this checkout's databases and what the tool made in it")
def clean(arguments: list[str]) -> None:
    """Remove what belongs to this checkout."""
    _parser("clean").parse_args(arguments)
    cleaning.clean()


@command("distclean", "do as clean does and remove the cache with all databases")
def distclean(arguments: list[str]) -> None:
    """Remove all."""
    _parser("distclean").parse_args(arguments)
    cleaning.distclean()
