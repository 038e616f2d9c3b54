"""Serves a database with Odoo in the foreground and stops cleanly."""

import subprocess
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from devkit.failure import Failure
from devkit.host import ensure_port_free
from devkit.odoo import Runner
from devkit.processes import background
from devkit.progress import log_tail, step

READY_WITHIN = 180  # seconds


def serve(
    runner: Runner,
    database: str,
    port: int,
    *,
    log: Path | None,
    on_ready: Callable[[], None],
    options: Sequence[str] = (),
) -> int:
    """Serve a database on localhost until Ctrl-C or SIGTERM; return the exit code.

    With a log, Odoo's output goes there; without one it goes to the terminal. options are more options for Odoo.
    """
    ensure_port_free(port)
    arguments = [
        f"--http-port={port}",
        "--http-interface=127.0.0.1",
        f"--db-filter=^{database}$",
        "--no-database-list",
        "--max-cron-threads=1",
        *options,
    ]
    command = runner.command("server", database, *arguments)
    with background(command, runner.environment(), log) as process:
        try:
            with step("Starting Odoo"):
                _wait_until_ready(process, port, log)
            on_ready()
            code = process.wait()
        except KeyboardInterrupt:
            return 0
    raise Failure(f"Odoo stopped by itself with exit code {code}{_end_of(log)}")


def _wait_until_ready(process: subprocess.Popen, port: int, log: Path | None) -> None:
    """Wait until the login page comes, which also warms up what the first visitor would wait for."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Failure(f"Odoo did not start (exit code {process.returncode}){_end_of(log)}")
        if _answers(f"http://127.0.0.1:{port}/web/login"):
            return
        time.sleep(0.2)
    raise Failure(f"Odoo did not answer within {READY_WITHIN} s", f"see {log}" if log else "see its output above")


def _end_of(log: Path | None) -> str:
    return f"; {log} ends with\n{log_tail(log)}" if log else ""


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status == 200
    except OSError:  # not yet
        return False
