"""Gets everything that a command needs, once, under a lock."""

import os
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from devkit import host
from devkit.database import Databases
from devkit.environment import ensure_environment
from devkit.failure import Failure
from devkit.odoo import Runner, data_folder, find_odoo
from devkit.paths import cache_folder, locked
from devkit.postgres import Cluster, Server, server_to_use
from devkit.template import ensure_template


@dataclass
class Workbench:
    """A machine made ready: Odoo, its Python environment and a database server that runs."""

    cache: Path
    runner: Runner
    databases: Databases
    cluster: Cluster | None
    started: bool

    def lock(self, name: str) -> AbstractContextManager:
        """Return a lock for what is made once and kept, apart from the one that every command takes shortly."""
        return locked(self.cache / "locks" / name)

    def template(self, *, demo: bool = False, extra: tuple[str, ...] = ()) -> str:
        """Return the name of a template database, made first if need be."""
        with self.lock("template-demo" if demo else "template-plain"):
            return ensure_template(self.runner, self.databases, demo=demo, extra=extra)

    def stop_if_started(self, *, quiet: bool = False) -> None:
        """Stop the private server if this run started it and nobody else is connected."""
        if self.cluster and self.started and self.databases.connections() == 0:
            self.cluster.stop(quiet=quiet)


def run_in_odoo(script_path: Path, database: str, arguments: Sequence[str] = ()) -> int:
    """Run a Python script that uses Odoo's ``env`` on a database, its output streamed; return its exit code."""
    return prepare().runner.run_script(Path(script_path), database, arguments)


def prepare(requirements: Sequence[host.Requirement] = host.SERVING) -> Workbench:
    """Make the machine ready: Debian packages, Odoo, Python packages, PostgreSQL; quick if all is there."""
    cache = cache_folder()
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"the cache folder {cache} can't be made", "name another in ORDER_SOP_CACHE") from error
    with locked(cache / "lock"):
        named = server_to_use(cache)
        server_packages = (host.CLIENT,) if named else (host.CLIENT, host.SERVER)
        host.ensure_packages((*requirements, *server_packages))
        python = ensure_environment(cache)
        odoo = find_odoo(cache, os.environ)
        cluster, started = None, False
        if named is None:
            cluster = Cluster(cache)
            started = cluster.ensure()
        server = named or cluster.server
        databases = _reachable(server, data_folder(cache, server))
        databases.remove_leftovers()
        runner = Runner(odoo, python, server, data_folder(cache, server))
        runner.data.mkdir(parents=True, exist_ok=True)
        runner.write_config()
    return Workbench(cache, runner, databases, cluster, started)


def _reachable(server: Server, data: Path) -> Databases:
    databases = Databases(server, data)
    try:
        databases.query("SELECT 1")
    except Failure as failure:
        if server.embedded:
            raise
        raise Failure(
            f"no PostgreSQL answers at {server.identity} as {server.user} ({failure.cure})",
            "start it, or unset PGHOST and DATABASE_URL for a private one",
        ) from failure
    return databases
