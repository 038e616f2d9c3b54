"""Serves a database with Odoo in the foreground and stops cleanly."""

import contextlib
import ctypes
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from devkit.failure import Failure
from devkit.host import ensure_port_free
from devkit.odoo import Runner
from devkit.paths import CHECKOUT
from devkit.progress import log_tail, step

READY_WITHIN = 180  # seconds
STOP_WITHIN = 15  # seconds
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def serve(runner: Runner, database: str, port: int, *, log: Path | None, on_ready: Callable[[], None]) -> int:
    """Serve a database on localhost until Ctrl-C or SIGTERM; return the exit code.

    With a log, Odoo's output goes there; without one it goes to the terminal.
    """
    ensure_port_free(port)
    arguments = [
        f"--http-port={port}",
        "--http-interface=127.0.0.1",
        f"--db-filter=^{database}$",
        "--no-database-list",
        "--max-cron-threads=1",
    ]
    command = runner.command("server", database, *arguments)
    with _server_process(command, runner, log) as process:
        try:
            with step("Starting Odoo"):
                _wait_until_ready(process, port, log)
            on_ready()
            code = process.wait()
        except KeyboardInterrupt:
            return 0
    where = f"; {log} ends with\n{log_tail(log)}" if log else ""
    raise Failure(f"Odoo stopped by itself with exit code {code}{where}")


@contextlib.contextmanager
def _server_process(command: list[str], runner: Runner, log: Path | None) -> Iterator[subprocess.Popen]:
    """Run Odoo in a session of its own, so that a Ctrl-C reaches this tool alone, which then stops it in order."""
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(log.open("wb")) if log else None
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT if stream else None,
            env=runner.environment(),
            cwd=CHECKOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        try:
            yield process
        finally:
            _stop(process)


def _die_with_parent() -> None:
    """Ask the kernel to end this process when its parent dies, even by SIGKILL."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(process: subprocess.Popen) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_ready(process: subprocess.Popen, port: int, log: Path | None) -> None:
    """Wait until the login page comes, which also warms up what the first visitor would wait for."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            where = f"; {log} ends with\n{log_tail(log)}" if log else ""
            raise Failure(f"Odoo did not start (exit code {process.returncode}){where}")
        if _answers(f"http://127.0.0.1:{port}/web/login"):
            return
        time.sleep(0.2)
    raise Failure(f"Odoo did not answer within {READY_WITHIN} s", f"see {log}" if log else "see its output above")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status == 200
    except OSError:  # not yet
        return False
