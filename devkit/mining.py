"""``python3 -m devkit mining FILE…``: what a process-mining library makes of exported event logs (XES, CSV)."""

import argparse
import subprocess
from pathlib import Path

from devkit.environment import MINING, ensure_environment
from devkit.paths import cache_folder, locked

SCRIPT = Path(__file__).resolve().parent / "mining_figures.py"


def main(arguments: list[str]) -> int:
    """Print the figures of each file as one JSON list; return the exit code."""
    parser = argparse.ArgumentParser(prog="devkit mining")
    parser.add_argument("file", nargs="+", type=Path, help="an event log: .xes, .xes.gz, .csv or .csv.gz")
    files = parser.parse_args(arguments).file
    return subprocess.run([ensure_mining(), SCRIPT, *files], check=False).returncode


def ensure_mining() -> Path:
    """Return the Python that has the mining library, made first if need be."""
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / "lock"):
        return ensure_environment(cache, MINING)
