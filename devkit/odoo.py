"""Finds Odoo and runs its commands."""

import configparser
import io
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devkit.failure import Failure
from devkit.fetch import fetch_odoo
from devkit.paths import CHECKOUT, file_sha256, short_hash, work_folder, write_whole
from devkit.postgres import Server
from devkit.processes import free_of_postgres, run_logged


@dataclass(frozen=True)
class Odoo:
    """An Odoo on disk: the script that starts it, the folder to import it from, and its addons."""

    script: Path
    python_path: Path
    addons: tuple[Path, ...]
    version: str


def find_odoo(cache: Path, environ: Mapping[str, str]) -> Odoo:
    """Return the Odoo that ODOO_HOME names (a source checkout or an unpacked package), else the fetched one."""
    if named := environ.get("ODOO_HOME"):
        home = Path(named).expanduser().resolve()
        for candidate in (_from_sources(home), _from_package(home)):
            if candidate:
                if not candidate.version.startswith("19."):
                    raise Failure(f"ODOO_HOME={named} is Odoo {candidate.version}", "this addon needs Odoo 19")
                return candidate
        raise Failure(
            f"ODOO_HOME={named} has no Odoo in it", "name a folder with odoo-bin or usr/bin/odoo, or unset it"
        )
    return _from_package(fetch_odoo(cache))


def _from_sources(home: Path) -> Odoo | None:
    if not (home / "odoo-bin").is_file():
        return None
    folders = tuple(path for path in (home / "odoo" / "addons", home / "addons") if path.is_dir())
    return Odoo(home / "odoo-bin", home, folders, _read_version(home))


def _from_package(home: Path) -> Odoo | None:
    packages = home / "usr/lib/python3/dist-packages"
    if not (home / "usr/bin/odoo").is_file() or not packages.is_dir():
        return None
    return Odoo(home / "usr/bin/odoo", packages, (packages / "odoo" / "addons",), _read_version(packages))


def _read_version(python_path: Path) -> str:
    """Return the version that Odoo's own release file names, as in 19.0.0."""
    release = python_path / "odoo" / "release.py"
    match = re.search(r"^version_info = \(([^,]+), (\d+), (\d+)", release.read_text(), re.MULTILINE)
    if not match:
        raise Failure(f"{release} names no version", "is this Odoo 19?")
    return ".".join(match.groups())


@dataclass(frozen=True)
class Runner:
    """Everything that is needed to run Odoo's commands on a server's databases."""

    odoo: Odoo
    python: Path
    server: Server
    data: Path

    @property
    def config(self) -> Path:
        """Return the configuration file of this checkout, as write_config made it."""
        return work_folder() / "odoo.conf"

    def write_config(self) -> None:
        """Write the configuration file, if it is not what it should be already."""
        settings = {
            "addons_path": ",".join(str(path) for path in (*self.odoo.addons, CHECKOUT)),
            "data_dir": self.data,
            "db_host": self.server.host,
            "db_port": self.server.port,
            "db_user": self.server.user,
            "http_interface": "127.0.0.1",
            "screenshots": work_folder() / "screenshots",
            "max_cron_threads": 0,
            "limit_time_cpu": 0,
            "limit_time_real": 0,
            "limit_memory_soft": 0,
            "limit_memory_hard": 0,
            # Nothing here reports to a publisher.
            "publisher_warranty_url": "",
        }
        if self.server.password:
            settings["db_password"] = self.server.password
        parser = configparser.RawConfigParser()
        parser["options"] = {key: str(value) for key, value in settings.items()}
        buffer = io.StringIO()
        parser.write(buffer)
        if not self.config.exists() or self.config.read_text() != buffer.getvalue():
            write_whole(self.config, buffer.getvalue(), mode=0o600)

    def environment(self) -> dict[str, str]:
        """Return the environment variables for Odoo and pytest."""
        return {
            **free_of_postgres(),
            **self.server.environment(),
            "PYTHONPATH": str(self.odoo.python_path),
            "PYTHONUNBUFFERED": "1",
            "VIRTUAL_ENV": str(self.python.parent.parent),
        }

    def command(self, subcommand: str, database: str, *arguments: str) -> list[str]:
        """Return the command line of one of Odoo's commands on a database."""
        line = [str(self.python), str(self.odoo.script), subcommand, "-c", str(self.config), "-d", database]
        return [*line, *arguments]

    def run(self, database: str, *arguments: str, log: Path, problem: str) -> None:
        """Run the server command to its end with output in log; raise Failure(problem) if it fails."""
        command = self.command("server", database, "--no-http", "--stop-after-init", *arguments)
        run_logged(command, log, problem, env=self.environment(), cwd=CHECKOUT)

    def run_script(
        self, script: Path, database: str, arguments: Sequence[str] = (), *, path: str = "", **options: object
    ) -> int:
        """Run a Python script with Odoo's ``env`` on a database, its output streamed; return its exit code.

        The script sees ``env``, ``__file__`` and its arguments as ``sys.argv``. What it changes is rolled back
        unless it commits. ``raise SystemExit(n)`` in it gives the exit code n. path goes before PATH; options are
        subprocess's, and ``odoo_options`` more options for Odoo's shell.
        """
        script = script.resolve()
        starter = (
            "import sys\n"
            f"sys.argv = {[str(script), *arguments]!r}\n"
            f"sys.path.insert(0, {str(CHECKOUT)!r})\n"
            f"__file__ = {str(script)!r}\n"
            "exec(compile(open(__file__, encoding='utf-8').read(), __file__, 'exec'), globals())\n"
        )
        command = self.command("shell", database, "--no-http", *options.pop("odoo_options", ()))
        environment = self.environment()
        environment["PATH"] = path + environment["PATH"]
        return subprocess.run(
            command, input=starter, text=True, env=environment, cwd=CHECKOUT, check=False, **options
        ).returncode


def data_folder(cache: Path, server: Server) -> Path:
    """Return the folder of the file stores that belong to a server's databases."""
    return cache / "data" / ("private" if server.embedded else short_hash(server.identity))


def code_mark(odoo: Odoo) -> str:
    """Return a short mark that tells this Odoo from others, for the names of templates."""
    record = odoo.script.parents[2] / "SHA256SUMS"
    return file_sha256(record)[:12] if record.is_file() else f"{odoo.version}-{short_hash(odoo.python_path)}"
