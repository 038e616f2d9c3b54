"""The PostgreSQL server: one that the user names, or a private cluster on a private socket."""

import contextlib
import getpass
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from devkit.failure import Failure
from devkit.host import ensure_space
from devkit.paths import others_can_reach, remove_tree, short_hash
from devkit.processes import free_of_postgres
from devkit.progress import log_tail, step

ROLE = "order_sop"
ADMIN = "postgres"
PRIVATE_SOCKET = "ORDER_SOP_PRIVATE_SOCKET"  # variable that 'devkit env' sets beside PGHOST
PORT = 5432  # only names the socket: the private cluster listens on no network address
SOCKET_LIMIT = 90  # bytes of a socket folder's path that the kernel's limit of 107 leaves with some reserve
# Nothing in the cluster is worth surviving a power cut: everything in it can be built again.
SETTINGS = f"""
listen_addresses = ''
port = {PORT}
max_connections = 200
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
"""


@dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL server, and whether this tool made it."""

    host: str
    port: int
    user: str
    password: str = ""
    embedded: bool = False

    @property
    def identity(self) -> str:
        """Return what tells this server's databases from those of another."""
        return f"{self.host}:{self.port}"

    def environment(self) -> dict[str, str]:
        """Return the variables by which psql and Odoo find this server."""
        variables = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}
        if self.password:
            variables["PGPASSWORD"] = self.password
        return variables


def named_server(environ: Mapping[str, str]) -> Server | None:
    """Return the server that DATABASE_URL or PGHOST names, or None if the private cluster shall be used."""
    if url := environ.get("DATABASE_URL"):
        parts = urlsplit(url)
        if parts.scheme not in ("postgres", "postgresql"):
            raise Failure(f"DATABASE_URL has the scheme '{parts.scheme}'", "it must begin with postgresql://")
        host, port = unquote(parts.hostname or "localhost"), parts.port or PORT
        server = Server(host, port, unquote(parts.username or getpass.getuser()), unquote(parts.password or ""))
    elif environ.get("PGHOST"):
        port = int(environ.get("PGPORT") or PORT)
        user = environ.get("PGUSER") or getpass.getuser()
        server = Server(environ["PGHOST"], port, user, environ.get("PGPASSWORD", ""))
    else:
        return None
    if server.user == "postgres":
        raise Failure("Odoo refuses the database user 'postgres'", "name another that may create databases (PGUSER)")
    return server


class Cluster:
    """The private cluster. As root its files belong to Debian's user postgres, since the server refuses root."""

    def __init__(self, cache: Path):
        self.as_root = os.geteuid() == 0
        self.home = cache / "postgres"
        if self.as_root and not others_can_reach(self.home):
            self.home = Path("/var/lib/order_sop") / short_hash(cache)
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        self.socket = self.home / "run"
        if len(str(self.socket).encode()) > SOCKET_LIMIT:
            self.socket = Path("/tmp") / f"order_sop-{os.geteuid()}-{short_hash(self.home)}"

    @property
    def server(self) -> Server:
        """Return how to reach the cluster."""
        return Server(str(self.socket), PORT, ROLE, embedded=True)

    def running(self) -> bool:
        """Tell if the cluster's server runs."""
        return self.data.is_dir() and self._run("pg_ctl", "-D", self.data, "status").returncode == 0

    def ensure(self) -> bool:
        """Make and start the cluster where that is needed; return whether this call started it."""
        if not self.data.is_dir():
            self._make()
        if self.running():
            return False
        with step("Starting PostgreSQL"):
            self._make_folder(self.socket)
            done = self._run("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", "60", "start")
        if done.returncode:
            print(log_tail(self.log), file=sys.stderr)
            cure = f"the lines above end its log {self.log}; 'make distclean' begins anew"
            raise Failure("PostgreSQL did not start", cure)
        self._ensure_role()
        return True

    def stop(self, *, quiet: bool = False) -> None:
        """Stop the cluster's server, if it runs."""
        if self.running():
            with contextlib.nullcontext() if quiet else step("Stopping PostgreSQL"):
                done = self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
            if done.returncode:
                raise Failure("PostgreSQL did not stop", f"see {self.log}")

    def remove(self) -> None:
        """Stop the cluster and remove all its files."""
        self.stop()
        for folder in (self.home, self.socket):
            remove_tree(folder)
        if self.home.parent.name == "order_sop" and not self.home.is_relative_to(Path.home()):
            with contextlib.suppress(OSError):  # another cache's cluster is beside it
                self.home.parent.rmdir()

    def _make(self) -> None:
        ensure_space(self.home, 3, "the database cluster")
        self._make_folder(self.home)
        partial = self.data.with_name("data.partial")
        remove_tree(partial)
        with step("Making a PostgreSQL cluster"):
            options = ("--auth=trust", f"--username={ADMIN}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
            done = self._run("initdb", "-D", partial, *options)
        if done.returncode:
            remove_tree(partial)
            raise Failure("a PostgreSQL cluster could not be made", done.stderr.strip().replace("\n", " "))
        with (partial / "postgresql.conf").open("a") as stream:
            stream.write(f"{SETTINGS}unix_socket_directories = '{self.socket}'\n")
        partial.rename(self.data)

    def _ensure_role(self) -> None:
        query = f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"
        admin = ("-h", self.socket, "-p", str(PORT), "-U", ADMIN, "-d", "postgres", "-AtXq")
        if self._run("psql", *admin, "-c", query).stdout.strip() != "1":
            self._run("psql", *admin, "-c", f"CREATE ROLE {ROLE} LOGIN CREATEDB", check=True)

    def _make_folder(self, folder: Path) -> None:
        """Make a folder that only the cluster's user (and root) can enter, as the cluster trusts whoever gets in."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.as_root:
            shutil.chown(folder, ADMIN, ADMIN)
        elif folder.stat().st_uid != os.geteuid():
            raise Failure(f"{folder} belongs to somebody else", "name another cache folder in ORDER_SOP_CACHE")

    def _run(self, program: str, *arguments: object, check: bool = False) -> subprocess.CompletedProcess:
        prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if self.as_root else []
        command = [*prefix, str(_binary(program)), *map(str, arguments)]
        output = self.home / "command.out"  # a pipe would be inherited by the server and never close
        with output.open("w+") as stream:
            options = {"stdin": subprocess.DEVNULL, "cwd": "/", "env": free_of_postgres()}
            done = subprocess.run(command, stdout=stream, stderr=stream, check=False, **options)
            stream.seek(0)
            text = stream.read()
        output.unlink(missing_ok=True)
        if check and done.returncode:
            raise Failure(f"{program} failed", text.strip())
        return subprocess.CompletedProcess(command, done.returncode, text, text)


def server_to_use(cache: Path, environ: Mapping[str, str] | None = None) -> Server | None:
    """Return the server that the user names, or None if the private cluster shall be used.

    Where 'devkit env' was evaluated PGHOST names a private cluster, which is no choice of the user's, even if
    this run has another cache with another cluster.
    """
    environ = os.environ if environ is None else environ
    named = named_server(environ)
    private = (environ.get(PRIVATE_SOCKET), str(Cluster(cache).socket))
    return None if named and named.host in private else named


def _binary(program: str) -> Path:
    """Return the newest installed version of one of the server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: float(path.parts[4]))
    if not found:
        raise Failure(f"PostgreSQL's {program} is not installed", "run: apt-get install postgresql")
    return found[-1]
