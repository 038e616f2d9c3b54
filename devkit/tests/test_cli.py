"""The command line: which commands there are, and how a failure is told."""

import pytest

from devkit import cli, registry
from devkit.failure import Failure


@pytest.fixture
def commands(monkeypatch):
    """Return the table of commands, restored afterwards."""
    table = dict(registry.all_commands())
    monkeypatch.setattr(cli, "all_commands", lambda: table)
    monkeypatch.setattr(cli.signal, "signal", lambda *arguments: None)
    return table


def test_command_is_known_once_its_module_exists():
    known = registry.all_commands()
    for name in registry.MODULES:
        assert (name in known) == (registry.importlib.util.find_spec(f"devkit.{name}") is not None)
    assert {"setup", "demo", "test", "lint", "clean"} <= set(known)


def test_failure_is_one_line_and_exit_code_one(commands, capsys):
    def fail(arguments):
        raise Failure("the port is taken", "choose another")

    commands["fail"] = registry.Command("fail", "", fail)
    assert cli.main(["fail"]) == 1
    assert capsys.readouterr().err == "error: the port is taken: choose another\n"


@pytest.mark.parametrize(("answer", "code"), [(None, 0), (0, 0), (3, 3)])
def test_exit_code_is_the_commands(commands, answer, code):
    seen = []
    commands["answer"] = registry.Command("answer", "", lambda arguments: seen.append(arguments) or answer)
    assert cli.main(["answer", "--a", "b"]) == code
    assert seen == [["--a", "b"]]


def test_interrupt_ends_quietly(commands, capsys):
    def interrupt(arguments):
        raise KeyboardInterrupt

    commands["interrupt"] = registry.Command("interrupt", "", interrupt)
    assert cli.main(["interrupt"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_unknown_command_points_to_help(commands, capsys):
    assert cli.main(["demp"]) == 2
    assert "help" in capsys.readouterr().err
    assert cli.main([]) == 0
    assert "demo" in capsys.readouterr().out
