"""What the machine must have: Debian packages, free ports, disk space."""

import importlib.util
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from devkit.failure import Failure
from devkit.paths import log_file
from devkit.processes import run_logged
from devkit.progress import say, step

GIBIBYTE = 1024**3


@dataclass(frozen=True)
class Requirement:
    """A Debian package, what it is for, and how to see that the machine has what it brings."""

    package: str
    purpose: str
    present: Callable[[], bool]


def _on_path(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _file(pattern: str) -> Callable[[], bool]:
    return lambda: any(Path("/").glob(pattern))


def _modules(*names: str) -> Callable[[], bool]:
    return lambda: all(importlib.util.find_spec(name) for name in names)


SERVER = Requirement("postgresql", "the database server", _file("usr/lib/postgresql/*/bin/initdb"))
CLIENT = Requirement("postgresql-client", "talking to the database server", _on_path("psql"))
SERVING = (
    Requirement("python3.11-venv", "the Python environment", _modules("venv", "ensurepip")),
    Requirement("debian-archive-keyring", "checking downloads", _file("usr/share/keyrings/debian-archive-keyring.gpg")),
    Requirement("wkhtmltopdf", "PDF reports", _on_path("wkhtmltopdf")),
    Requirement("fonts-noto-cjk", "Chinese in PDF reports", _file("usr/share/fonts/opentype/noto/NotoSansCJK-*")),
    Requirement("libmagic1", "file types of attachments", _file("usr/lib/*/libmagic.so.1")),
)
TESTING = (Requirement("chromium", "browser tests", _on_path("google-chrome", "chromium")),)


def missing_packages(requirements: Iterable[Requirement]) -> list[Requirement]:
    """Return the requirements that this machine does not meet."""
    return [requirement for requirement in requirements if not requirement.present()]


def ensure_packages(requirements: Iterable[Requirement]) -> None:
    """Install the Debian packages that lack; raise Failure that names them where that is not allowed."""
    missing = missing_packages(requirements)
    if not missing:
        return
    names = [requirement.package for requirement in missing]
    why = ", ".join(f"{requirement.package} ({requirement.purpose})" for requirement in missing)
    prefix = _privilege_prefix()
    if prefix is None:
        raise Failure(f"Debian packages are missing: {why}", f"run: sudo apt-get install {' '.join(names)}")
    say(f"Installing Debian packages: {why}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    log = log_file("apt")
    with step("apt-get update"):
        run_logged([*prefix, "apt-get", "update"], log, "apt-get update failed", "check the network", env=environment)
    with step(f"apt-get install {' '.join(names)}"):
        command = [*prefix, "apt-get", "install", "-y", "--no-install-recommends", *names]
        run_logged(command, log, "apt-get install failed", "check the network", env=environment)
    if still := missing_packages(missing):
        raise Failure(f"apt-get installed, but not found: {', '.join(r.package for r in still)}", f"see {log}")


def _privilege_prefix() -> list[str] | None:
    """Return how to run a command as root without being asked anything, or None where that can't be."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if asked.returncode == 0:
            return ["sudo", "-n"]
    return None


def ensure_port_free(port: int) -> None:
    """Raise Failure if something listens on the port of localhost already."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            try:
                taken = probe.connect_ex((address, port)) == 0
            except OSError:  # this machine has no such address family
                continue
        if taken:
            raise Failure(f"port {port} is taken", f"stop what listens there or choose another: PORT={port + 1}")


def free_port() -> int:
    """Return a port of localhost that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def parse_port(text: str) -> int:
    """Return the port that text names; raise Failure if it is none that a user may listen on."""
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 65535:
        raise Failure(f"'{text}' is no port", "give a number from 1 to 65535, as in PORT=8070")
    return int(text)


def ensure_space(folder: Path, gibibytes: float, purpose: str) -> None:
    """Raise Failure if the disk of folder has less space than purpose needs."""
    existing = next(path for path in [folder, *folder.parents] if path.exists())
    free = shutil.disk_usage(existing).free / GIBIBYTE
    if free < gibibytes:
        raise Failure(
            f"{purpose} needs {gibibytes:g} GiB and {existing} has {free:.1f} GiB free",
            "make room, or name another folder in ORDER_SOP_CACHE",
        )
