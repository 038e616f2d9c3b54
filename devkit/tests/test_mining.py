"""The mining library: an environment of its own, and figures that can be counted by hand."""

import json

import pytest

from devkit import environment, mining

EVENTS = (
    ("A", "take", "2025-01-01T08:00:00.000+00:00"),
    ("A", "ship", "2025-01-01T08:00:00.000+00:00"),
    ("A", "take", "2025-01-01T09:00:00.000+00:00"),
    ("B", "take", "2025-01-02T08:00:00.000+00:00"),
    ("B", "ship", "2025-01-02T08:30:00.000+00:00"),
)


def test_environment_is_apart_and_follows_its_pins(tmp_path):
    own = environment.environment_folder(tmp_path, environment.MINING)
    assert own != environment.environment_folder(tmp_path)
    pins = tmp_path / "pins.txt"
    pins.write_text(environment.MINING[0].read_text() + "six==1.17.0\n")
    assert environment.environment_folder(tmp_path, (pins,)) != own


def test_all_packages_are_pinned():
    lines = [line for line in environment.MINING[0].read_text().splitlines() if not line.startswith("#")]
    assert lines
    assert all(line.count("==") == 1 for line in lines)
    assert any(line.startswith("pm4py==") for line in lines)


def test_no_file_no_figures(capsys):
    with pytest.raises(SystemExit):
        mining.main([])
    assert "file" in capsys.readouterr().err


def test_figures_of_a_small_log(tmp_path, capfd):
    rows = [f"{trace},{name},{moment},{moment},10,false" for trace, name, moment in EVENTS]
    head = "case:concept:name,concept:name,time:timestamp,entered_at,worked_minutes,late"
    csv = tmp_path / "log.csv"
    csv.write_text("\n".join([head, *rows]))
    assert mining.main([str(csv)]) == 0
    [figures] = json.loads(capfd.readouterr().out.splitlines()[-1])
    assert (figures["traces"], figures["events"], figures["worked_minutes"]) == (2, 5, 50)
    assert figures["directly"] == [["ship", "take", 1], ["take", "ship", 2]]
    assert figures["seconds"] == [["ship", "take", 3600.0], ["take", "ship", 900.0]]
    assert figures["variants"] == [[["take", "ship"], 1], [["take", "ship", "take"], 1]]
    assert (figures["starts"], figures["ends"]) == ({"take": 2}, {"take": 1, "ship": 1})


def test_what_is_no_log_ends_in_an_error(tmp_path, capfd):
    broken = tmp_path / "log.xes"
    broken.write_text("<log>")
    assert mining.main([str(broken)]) != 0
