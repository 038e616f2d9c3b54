"""The Python environments: the one that Odoo and the tests run in, and one apart for the mining library."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from devkit.failure import Failure
from devkit.host import ensure_space
from devkit.paths import log_file, remove_tree, short_hash
from devkit.processes import run_logged
from devkit.progress import step

FOLDER = Path(__file__).resolve().parent
REQUIREMENTS = (FOLDER / "requirements.txt", FOLDER / "requirements-dev.txt")
MINING = (FOLDER / "requirements-mining.txt",)


def environment_folder(cache: Path, requirements: Sequence[Path] = REQUIREMENTS) -> Path:
    """Return where the environment for these pinned packages and this Python belongs."""
    pins = [path.read_text() for path in requirements]
    return cache / "venv" / short_hash(sys.version, sys.base_prefix, *pins)


def ensure_environment(cache: Path, requirements: Sequence[Path] = REQUIREMENTS) -> Path:
    """Return the environment's Python, with all pinned packages installed."""
    folder = environment_folder(cache, requirements)
    # Scripts in an environment name its folder, so it is built in place; the marker, made last, says it is whole.
    complete = folder / "complete"
    python = folder / "bin" / "python"
    if complete.exists() and python.exists():
        return python
    remove_tree(folder)
    ensure_space(cache, 2, "the Python environment")
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        _fill(folder, python, requirements)
    except BaseException:
        remove_tree(folder)
        raise
    complete.touch()
    return python


def _fill(folder: Path, python: Path, requirements: Sequence[Path]) -> None:
    log = log_file("environment")
    with step("Making the Python environment"):
        run_logged([sys.executable, "-m", "venv", folder], log, "python3 -m venv failed", "is python3-venv installed?")
    with step("Installing Python packages"):
        command = [python, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--progress-bar=off"]
        for path in requirements:
            command += ["-r", path]
        run_logged(command, log, "pip could not install the pinned packages", "check the network")
    checked = subprocess.run([python, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    if checked.returncode:
        raise Failure("the pinned Python packages do not fit together", checked.stdout.strip().splitlines()[0])
