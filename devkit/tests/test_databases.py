"""Names of templates and databases, and what a changed addon asks for."""

import pytest

from devkit import addon, demo
from devkit.database import Databases, checked_name
from devkit.failure import Failure
from devkit.paths import locked
from devkit.postgres import PRIVATE_SOCKET, Cluster, Server, named_server, server_to_use
from devkit.template import logged_problems, template_name

MODULES = ("sale", "stock")


def test_template_name_changes_with_all_that_is_in_it():
    name = template_name("mark", MODULES, demo=False)
    assert name == template_name("mark", MODULES[::-1], demo=False)
    others = {
        template_name("other", MODULES, demo=False),
        template_name("mark", (*MODULES, "repair"), demo=False),
        template_name("mark", MODULES, demo=True),
        template_name("mark", MODULES, demo=False, languages=()),
    }
    assert len(others | {name}) == 5
    assert all(len(other) + len("__building") < 63 for other in others)


@pytest.mark.parametrize("name", ["", None, "postgres", "template1", "a b", "../a", '"', "-x", "a" * 51, "a;drop"])
def test_what_is_no_name_of_a_database(name):
    with pytest.raises(Failure):
        checked_name(name)


@pytest.mark.parametrize("name", ["dev", "engine_1", "a.b-c"])
def test_name_of_a_database(name):
    assert checked_name(name) == name


@pytest.fixture
def folder(tmp_path):
    """Return an addon's folder with a model, demo data and a test."""
    for name, text in {
        "__manifest__.py": "{'depends': ['sale']}",
        "models/order.py": "one",
        "demo/orders.xml": "<odoo/>",
        "tests/test_order.py": "test",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text", "addon_changes", "demo_changes"),
    [
        ("models/order.py", "two", True, False),
        ("views/order.xml", "<odoo/>", True, False),
        ("demo/orders.xml", "<odoo></odoo>", True, True),
        ("__manifest__.py", "{'depends': ['sale', 'stock']}", True, True),
        ("__manifest__.py", "{'depends': ['sale'], 'data': []}", True, False),
        ("tests/test_order.py", "another", False, False),
        ("models/__pycache__/order.pyc", "x", False, False),
    ],
)
def test_hashes_see_what_matters(folder, name, text, addon_changes, demo_changes):
    before = addon.addon_hash(folder), addon.demo_hash(folder)
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert (addon.addon_hash(folder) != before[0]) == addon_changes
    assert (addon.demo_hash(folder) != before[1]) == demo_changes


def test_broken_manifest_is_told(folder):
    (folder / "__manifest__.py").write_text("{'depends': ")
    with pytest.raises(Failure, match=r"__manifest__\.py can't be read"):
        addon.read_manifest(folder)


NOTE = {"template": "t", "addon": "a", "demo": "d"}


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        (None, "rebuild"),
        (NOTE, "keep"),
        (NOTE | {"addon": "old"}, "update"),
        (NOTE | {"demo": "old"}, "rebuild"),
        (NOTE | {"template": "old", "addon": "old"}, "rebuild"),
        ({"kind": "demo"}, "rebuild"),
    ],
)
def test_demo_database_is_kept_updated_or_rebuilt(note, expected):
    assert demo.decide(note, "t", "a", "d") == expected


def test_what_a_killed_run_left_is_dropped_and_what_is_in_use_is_not(tmp_path, monkeypatch):
    databases = Databases(Server("nowhere", 1, "nobody"), tmp_path)
    dropped = []
    monkeypatch.setattr(databases, "drop", dropped.append)
    databases.locks.mkdir()
    (databases.locks / "left__building").touch()
    with locked(databases.locks / "used"):
        assert databases.remove_leftovers() == ["left__building"]
    assert dropped == ["left__building"]
    assert [path.name for path in databases.locks.iterdir()] == ["used"]


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"PGHOST": ""}, None),
        ({"PGHOST": "db", "PGUSER": "me"}, Server("db", 5432, "me")),
        ({"PGHOST": "/run/pg", "PGPORT": "6000", "PGUSER": "me"}, Server("/run/pg", 6000, "me")),
        ({"DATABASE_URL": "postgresql://u:p%40@db:6000/x", "PGHOST": "other"}, Server("db", 6000, "u", "p@")),
    ],
)
def test_server_that_the_environment_names(environ, expected):
    assert named_server(environ) == expected


@pytest.mark.parametrize("environ", [{"DATABASE_URL": "mysql://u@db"}, {"PGHOST": "db", "PGUSER": "postgres"}])
def test_server_that_odoo_can_not_use(environ):
    with pytest.raises(Failure):
        named_server(environ)


def test_private_cluster_is_no_choice_of_the_users_where_the_tool_itself_named_it(tmp_path):
    environ = {"PGHOST": "/a/run", "PGPORT": "5432", "PGUSER": "order_sop", PRIVATE_SOCKET: "/a/run"}
    assert server_to_use(tmp_path, environ) is None
    assert server_to_use(tmp_path, Cluster(tmp_path).server.environment()) is None
    assert server_to_use(tmp_path, environ | {"PGHOST": "db"}) == Server("db", 5432, "order_sop")
    assert server_to_use(tmp_path, {"PGHOST": "db", "PGUSER": "me"}) == Server("db", 5432, "me")


def test_databases_of_another_cache_on_the_same_server_are_not_this_ones(tmp_path, monkeypatch):
    databases = Databases(Server("db", 1, "me"), tmp_path)
    notes = {"mine": {"filestores": str(tmp_path / "filestore")}, "theirs": {"filestores": "/elsewhere"}, "old": {}}
    monkeypatch.setattr(databases, "marks", lambda: notes)
    assert list(databases.own_marks()) == ["mine"]


def test_socket_of_a_deep_cache_stays_within_the_kernels_limit(tmp_path):
    deep = tmp_path / ("d" * 100)
    assert len(str(Cluster(deep).socket)) < 90


def test_warnings_are_found_in_a_log():
    text = (
        "2026-01-01 10:00:00,000 12 INFO db odoo.x: WARNING is only a word here\n"
        "2026-01-01 10:00:00,000 12 WARNING db odoo.x: something\n"
        "Traceback (most recent call last):\n"
        "2026-01-01 10:00:00,000 12 ERROR db odoo.x: worse\n"
    )
    assert [line.split()[3] for line in logged_problems(text)] == ["WARNING", "ERROR"]
