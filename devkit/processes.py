"""Runs other programs so that none is left behind, however this one ends."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from devkit.failure import Failure
from devkit.paths import CHECKOUT
from devkit.progress import log_tail

STOP_WITHIN = 15  # seconds
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def run_logged(command: Sequence[object], log: Path, problem: str, cure: str = "", **options: object) -> None:
    """Run a command with its output in a log file; a failure shows the log's end and raises Failure."""
    with log.open("ab") as stream:
        code = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,
            check=False,
            **options,
        ).returncode
    if code:
        print(log_tail(log), file=sys.stderr)
        raise Failure(problem, f"{cure + '; ' if cure else ''}the lines above end {log}")


def run_foreground(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command that has the terminal and return its exit code; a Ctrl-C or SIGTERM lets it finish in order."""
    sys.stdout.flush()
    with subprocess.Popen(command, env=environment, cwd=CHECKOUT, preexec_fn=_die_with_parent) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the terminal has told the command too
            _wait_or_kill(process)
            raise
        except SystemExit:
            process.send_signal(signal.SIGINT)
            _wait_or_kill(process)
            raise


@contextlib.contextmanager
def background(command: Sequence[str], environment: Mapping[str, str], log: Path | None) -> Iterator[subprocess.Popen]:
    """Run a command as long as the block lasts, with its output in log if there is one.

    It has a session of its own, so that a Ctrl-C reaches this program alone, which then stops the other in order.
    """
    with contextlib.ExitStack() as stack:
        stream = stack.enter_context(log.open("wb")) if log else None
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT if stream else None,
            env=environment,
            cwd=CHECKOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                _wait_or_kill(process)


def _wait_or_kill(process: subprocess.Popen) -> None:
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _die_with_parent() -> None:
    """Ask the kernel to end this process when its parent dies, even by SIGKILL."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def free_of_postgres(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment without what steers PostgreSQL's and Odoo's programs from outside."""
    return {key: value for key, value in environ.items() if not key.startswith(("PG", "ODOO_"))}
