"""Tells what goes on while something takes long."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

SHORT = 2.0  # seconds that a step may take in silence
PULSE = 15.0  # seconds between signs of life where the output is no terminal


def say(text: str) -> None:
    """Print a line for the user at once."""
    print(text, flush=True)


@contextlib.contextmanager
def step(label: str) -> Iterator[None]:
    """Show label while the block runs longer than two seconds, with the seconds it has taken."""
    done = threading.Event()
    started = time.monotonic()
    terminal = sys.stdout.isatty()

    def tick() -> None:
        if done.wait(SHORT):
            return
        while True:
            seconds = int(time.monotonic() - started)
            print(f"\r  {label} … {seconds} s" if terminal else f"  {label} … {seconds} s", end="", flush=True)
            if not terminal:
                print(flush=True)
            if done.wait(1.0 if terminal else PULSE):
                break
        seconds = time.monotonic() - started
        print(f"\r  {label}: {seconds:.0f} s   " if terminal else f"  {label}: {seconds:.0f} s", flush=True)

    thread = threading.Thread(target=tick, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def log_tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log, indented."""
    if not log.exists():
        return "    (no log was written)"
    text = log.read_text(errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in text)
