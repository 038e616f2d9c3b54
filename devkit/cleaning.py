"""Stops and removes what the tool made."""

from devkit.database import Databases
from devkit.failure import Failure
from devkit.odoo import data_folder
from devkit.paths import CHECKOUT, cache_folder, locked, remove_tree
from devkit.postgres import Cluster, server_to_use
from devkit.progress import say, step

CHECKOUT_FOLDERS = (".devkit", ".pytest_cache", ".ruff_cache", ".hypothesis")


def clean() -> None:
    """Remove this checkout's databases and the ignored files in it, and stop the private server if it is idle."""
    cache = cache_folder()
    named = server_to_use(cache)
    if named or Cluster(cache).data.is_dir():
        with locked(cache / "lock"):
            cluster = None if named else Cluster(cache)
            if cluster:
                cluster.ensure()
            server = named or cluster.server
            databases = Databases(server, data_folder(cache, server))
            databases.remove_leftovers()
            for name, note in databases.own_marks().items():
                if note.get("checkout") == str(CHECKOUT):
                    if databases.connections(name):
                        raise Failure(f"somebody uses the database {name}", "stop what serves it first (Ctrl+C)")
                    databases.drop(name)
                    say(f"dropped the database {name}")
            if cluster and databases.connections() == 0:
                cluster.stop()
    for name in CHECKOUT_FOLDERS:
        remove_tree(CHECKOUT / name)


def distclean() -> None:
    """Do as clean does, then remove the cache with the private server and all its databases."""
    cache = cache_folder()
    server = server_to_use(cache)
    clean()
    if server:
        databases = Databases(server, data_folder(cache, server))
        for name in databases.own_marks():
            databases.drop(name)
            say(f"dropped the database {name}")
    if not cache.exists():
        return
    stop()
    with locked(cache / "lock"), step("Removing the cache"):
        Cluster(cache).remove()
        remove_tree(cache)
    say(f"removed {cache}")


def stop() -> None:
    """Stop the private server; raise Failure if somebody uses it."""
    cluster = Cluster(cache_folder())
    if not cluster.data.is_dir() or not cluster.running():
        return
    users = Databases(cluster.server, cache_folder()).connections()
    if users:
        raise Failure(f"{users} clients are connected to the private PostgreSQL server", "stop them first")
    cluster.stop()
