"""Databases: made under a temporary name and renamed when whole, cloned with their file store, dropped."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from devkit.failure import Failure
from devkit.paths import locked, remove_tree
from devkit.postgres import Server
from devkit.processes import free_of_postgres

BUILDING = "__building"
DROP_ATTEMPTS = 20
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,49}")
MARK = "order_sop devkit "


def checked_name(name: str | None) -> str:
    """Return a database's name that a user gave; raise Failure if it can't be one."""
    if not name:
        raise Failure("no database is named", "give DB=name")
    if not NAME.fullmatch(name) or name in ("postgres", "template0", "template1"):
        raise Failure(f"'{name}' can't name a database here", "use up to 50 letters, digits, '_', '-' or '.'")
    return name


class Databases:
    """The databases on one server, and their file stores."""

    def __init__(self, server: Server, data: Path):
        self.server = server
        self.filestores = data / "filestore"
        self.locks = data / "locks"

    def query(self, sql: str, database: str = "postgres") -> list[str]:
        """Run SQL by psql and return the lines of its answer, columns parted by tabs."""
        command = ["psql", "-d", database, "-AtXq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql]
        environment = {**free_of_postgres(), **self.server.environment(), "PGCONNECT_TIMEOUT": "10"}
        done = subprocess.run(
            command, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["psql failed"])[0]
            raise Failure(f"PostgreSQL at {self.server.identity} refuses", reason)
        return done.stdout.splitlines()

    def names(self) -> list[str]:
        """Return the names of all databases."""
        return self.query("SELECT datname FROM pg_database ORDER BY 1")

    def exists(self, name: str) -> bool:
        """Tell if a database is there."""
        return name in self.names()

    def whole(self, name: str) -> bool:
        """Tell if a database is there with its file store, which a wiped cache takes from a server's databases."""
        return (self.filestores / name).is_dir() and self.exists(name)

    def marks(self) -> dict[str, dict]:
        """Return, for each database that this tool made, what it noted on it."""
        rows = self.query(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
            f" WHERE shobj_description(oid, 'pg_database') LIKE '{MARK}%'"
        )
        pairs = (row.split("\t", 1) for row in rows)
        return {name: json.loads(comment.removeprefix(MARK)) for name, comment in pairs}

    def own_marks(self) -> dict[str, dict]:
        """Return the marks of those databases only whose file store is in this cache: another's may be beside them."""
        return {name: note for name, note in self.marks().items() if note.get("filestores") == str(self.filestores)}

    def mark(self, name: str, **notes: object) -> None:
        """Note on a database what it is, and where its file store is kept."""
        text = (MARK + json.dumps({**notes, "filestores": str(self.filestores)})).replace("'", "''")
        self.query(f"COMMENT ON DATABASE {_quoted(name)} IS '{text}'")

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected, and its file store."""
        for attempt in range(DROP_ATTEMPTS):
            try:
                self.query(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")
                break
            except Failure as failure:
                # PostgreSQL's own vacuum worker is at it: it is not ours to end, and gone in a moment
                if "pg_signal_backend" not in str(failure) or attempt == DROP_ATTEMPTS - 1:
                    raise
                time.sleep(1)
        remove_tree(self.filestores / name)

    @contextlib.contextmanager
    def building(self, name: str, template: str | None = None, /, **notes: object) -> Iterator[str]:
        """Yield a new database under a temporary name; when the block ends well it becomes name, else it vanishes."""
        with self.temporary(name + BUILDING, template) as temporary:
            yield temporary
            self.mark(temporary, **notes)
            self._rename(temporary, name)

    @contextlib.contextmanager
    def temporary(self, name: str, template: str | None) -> Iterator[str]:
        """Yield a database that lives as long as the block, or until the next run if this one is killed.

        The lock file tells whose it is: while it is locked, somebody works on the database.
        """
        with locked(self.locks / name):
            self.drop(name)
            try:
                self._create(name, template)
                yield name
            finally:
                self.drop(name)
                (self.locks / name).unlink(missing_ok=True)

    def remove_leftovers(self) -> list[str]:
        """Drop what killed runs left: databases whose lock file is there, but not locked any more."""
        dropped = []
        for path in sorted(self.locks.glob("*")):
            with locked(path, wait=False) as free:
                if free:
                    self.drop(path.name)
                    path.unlink(missing_ok=True)
                    dropped.append(path.name)
        return dropped

    def connections(self, name: str | None = None) -> int:
        """Return how many clients other than this one are connected to the server, or to one of its databases."""
        sql = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid != pg_backend_pid()"
        if name:
            sql += " AND datname = '{}'".format(name.replace("'", "''"))
        return int(self.query(sql)[0])

    def _create(self, name: str, template: str | None) -> None:
        if template is None:
            self.query(f"CREATE DATABASE {_quoted(name)} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'")
            return
        strategy = " STRATEGY FILE_COPY" if int(self.query("SHOW server_version_num")[0]) >= 150000 else ""
        self.query(f"CREATE DATABASE {_quoted(name)} TEMPLATE {_quoted(template)}{strategy}")
        source, target = self.filestores / template, self.filestores / name
        remove_tree(target)
        if source.is_dir():
            # Files are named by their content and never written again, so two databases may share them.
            shutil.copytree(source, target, copy_function=os.link)

    def _rename(self, old: str, new: str) -> None:
        """Give a finished database its name; its file store goes first, as the database is what is looked for."""
        self.drop(new)
        if (self.filestores / old).is_dir():
            (self.filestores / old).rename(self.filestores / new)
        self.query(f"ALTER DATABASE {_quoted(old)} RENAME TO {_quoted(new)}")


def _quoted(name: str) -> str:
    """Return a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
