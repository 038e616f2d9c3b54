"""Makes the databases, runs the measurements inside Odoo and prints the report."""

import contextlib
import json
import os
import time
from pathlib import Path

from devkit.bench.plan import Plan
from devkit.bench.report import report
from devkit.failure import Failure
from devkit.host import ensure_space
from devkit.paths import CHECKOUT, short_hash, work_folder
from devkit.progress import say, step
from devkit.template import install_addon
from devkit.workbench import Workbench, prepare

FOLDER = Path(__file__).resolve().parent
BYTES_AN_ORDER = 6_000  # with its line, indexes, checks and visits
# Installing must not rewrite the tables of a live database that grow with its orders.
TABLES = ("sale_order", "sale_order_line", "stock_picking", "stock_move", "account_move", "account_move_line")


def run_bench(plan: Plan) -> int:
    """Measure as planned and print the tables; raise Failure if something breaks."""
    bench = prepare()
    try:
        ensure_space(
            bench.cache, 2 + max(plan.orders, plan.visits) * BYTES_AN_ORDER / 2**30, "the benchmark's databases"
        )
        results = {"orders": _measure_orders(bench, plan), "approvals": _measure_approvals(bench, plan)}
        results["alarm"] = _measure_alarm(bench, plan)
        results["routing"] = _measure_routing(bench, plan)
        results["stock"] = _measure_stock(bench)
        results |= _measure_large(bench, plan)
        (work_folder() / "bench.json").write_text(json.dumps(results, indent=1))
        say("\n" + report(results))
    finally:
        bench.stop_if_started(quiet=True)
    return 0


def _database(bench: Workbench, kind: str, template: str) -> contextlib.AbstractContextManager[str]:
    """Return a database that lives as long as the context."""
    return bench.databases.temporary(f"order_sop_bench_{short_hash(CHECKOUT)}_{os.getpid()}_{kind}", template)


def _measure_orders(bench: Workbench, plan: Plan) -> list[dict]:
    """Walk orders through three databases in turn; return a row for each step."""
    template = bench.template()
    with (
        _database(bench, "plain", template) as plain,
        _database(bench, "idle", template) as idle,
        contextlib.ExitStack() as stack,
    ):
        install_addon(bench.runner, idle, demo=False, log_name="bench-install")
        active = stack.enter_context(_database(bench, "active", idle))
        say("Walking orders through plain Odoo, the addon without a process, and the B2B process")
        databases = {"plain": plain, "idle": idle, "active": active}
        return _in_odoo(bench, "in_odoo_orders.py", plain, databases=databases, rounds=list(plan.rounds.items()))


def _measure_approvals(bench: Workbench, plan: Plan) -> dict[str, list[float]]:
    """Ask for three approvals an order and give them; return ms and queries an order by how many at a time."""
    with _database(bench, "approvals", bench.template()) as database:
        install_addon(bench.runner, database, demo=False, log_name="bench-install-approvals")
        say("Approving orders")
        return _in_odoo(bench, "in_odoo_approvals.py", database, rounds=min(plan.rounds[1], 9), size=30)


def _measure_alarm(bench: Workbench, plan: Plan) -> dict[str, float]:
    """Run the alert cron over many open visits, none of them and then every hundredth due; return seconds, queries."""
    with _database(bench, "alarm", bench.template()) as database:
        with step(f"Making {plan.visits:,} orders"):
            _in_odoo(bench, "in_odoo_fill.py", database, orders=plan.visits)
        install_addon(bench.runner, database, demo=False, log_name="bench-install-alarm")
        say("Running the alert cron")
        return _in_odoo(bench, "in_odoo_alarm.py", database, due=plan.visits // 100)


def _measure_routing(bench: Workbench, plan: Plan) -> dict[str, list[float]]:
    """Have orders enter a stage, by each mode of assignment; return seconds, queries and spread by mode."""
    with _database(bench, "routing", bench.template()) as database:
        install_addon(bench.runner, database, demo=False, log_name="bench-install-routing")
        say("Routing orders")
        return _in_odoo(bench, "in_odoo_routing.py", database, orders=min(1000, plan.orders), people=20)


def _measure_stock(bench: Workbench) -> list[dict[str, float]]:
    """Open the stock desk over few and over many orders of ten lines; return a row for each: seconds, queries."""
    with _database(bench, "stock", bench.template()) as database:
        install_addon(bench.runner, database, demo=False, log_name="bench-install-stock")
        say("Opening the stock desk")
        return _in_odoo(bench, "in_odoo_stock.py", database, orders=500, lines=10)


def _measure_large(bench: Workbench, plan: Plan) -> dict:
    """Install the addon on a database with many orders, then read lists and the tower there; return all that."""
    template = bench.template()
    with _database(bench, "large", template) as large:
        with step(f"Making {plan.orders:,} orders"):
            company = _in_odoo(bench, "in_odoo_fill.py", large, orders=plan.orders)
            bench.databases.query("VACUUM ANALYZE", large)
        before = _file_nodes(bench, large)
        started = time.monotonic()
        install_addon(bench.runner, large, demo=False, log_name="bench-install-large")
        seconds = time.monotonic() - started
        after = _file_nodes(bench, large)
        rewritten = sorted(table for table in before if before[table] != after[table])
        with step("Putting the orders under the SOP"):
            history = _in_odoo(bench, "in_odoo_spread.py", large)
            bench.databases.query("VACUUM ANALYZE", large)
        say("Reading lists")
        lists = _in_odoo(bench, "in_odoo_lists.py", large, company=company)
        say("Looking from the control tower")
        tower = _in_odoo(bench, "in_odoo_tower.py", large)
        say("Settling orders")
        settlement = _in_odoo(bench, "in_odoo_settlement.py", large, lines=min(100_000, plan.orders - 1))
        with step("Delivering and billing the orders"):
            books = _in_odoo(bench, "in_odoo_books.py", large)
            bench.databases.query("VACUUM ANALYZE", large)
        say("Reading KPIs and the process map")
        kpis = _in_odoo(bench, "in_odoo_kpis.py", large) | {"history": history, "books": books}
    return {
        "install": {"orders": plan.orders, "seconds": seconds, "rewritten": rewritten},
        "lists": lists,
        "tower": tower,
        "kpis": kpis,
        "settlement": settlement,
    }


def _file_nodes(bench: Workbench, database: str) -> dict[str, str]:
    """Return the file of each table: PostgreSQL gives another one to a table that it rewrites."""
    rows = bench.databases.query(
        "SELECT name, pg_relation_filenode(name::regclass) FROM unnest(string_to_array('{}', ',')) name".format(
            ",".join(TABLES)
        ),
        database,
    )
    return dict(row.split("\t") for row in rows)


def _in_odoo(bench: Workbench, script: str, database: str, **task: object) -> object:
    """Run one of the scripts of this folder in Odoo's shell with a task; return what it wrote as its result."""
    result = work_folder() / "bench-result.json"
    result.unlink(missing_ok=True)
    arguments = [json.dumps(task), str(result)]
    code = bench.runner.run_script(FOLDER / script, database, arguments, odoo_options=("--log-level=error",))
    if code or not result.exists():
        raise Failure(f"the benchmark's {script} broke off", "the lines above say why")
    return json.loads(result.read_text())
