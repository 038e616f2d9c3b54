"""Files: nothing half made, leftovers of killed runs, locks, hashes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from devkit import paths


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"ORDER_SOP_CACHE": "/a/b", "XDG_CACHE_HOME": "/c"}, "/a/b"),
        ({"XDG_CACHE_HOME": "/c"}, "/c/order_sop"),
        ({}, str(Path.home().resolve() / ".cache/order_sop")),
        ({"XDG_CACHE_HOME": ""}, str(Path.home().resolve() / ".cache/order_sop")),
    ],
)
def test_cache_folder(environ, expected):
    assert str(paths.cache_folder(environ)) == expected


def test_folder_appears_only_when_it_is_whole(tmp_path):
    target = tmp_path / "tree"
    with pytest.raises(KeyboardInterrupt), paths.whole_folder(target) as partial:
        (partial / "file").touch()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    with paths.whole_folder(target) as partial:
        (partial / "file").touch()
        assert not target.exists()
    assert [path.name for path in target.iterdir()] == ["file"]


def test_what_a_killed_run_left_is_no_part_of_the_next(tmp_path):
    target = tmp_path / "tree"
    script = (
        "import os, sys; from pathlib import Path; from devkit.paths import whole_folder\n"
        "with whole_folder(Path(sys.argv[1])) as partial:\n"
        "    (partial / 'stale').touch(); os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, target], cwd=paths.CHECKOUT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert not target.exists()
    with paths.whole_folder(target) as partial:
        (partial / "fresh").touch()
    assert [path.name for path in target.iterdir()] == ["fresh"]
    assert [path.name for path in tmp_path.iterdir()] == ["tree"]


def test_written_file_replaces_the_old_one_at_once(tmp_path):
    path = tmp_path / "odoo.conf"
    paths.write_whole(path, "one", mode=0o600)
    paths.write_whole(path, "two", mode=0o600)
    assert path.read_text() == "two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(list(tmp_path.iterdir())) == 1


def test_second_run_does_not_get_the_lock_and_a_killed_one_frees_it(tmp_path):
    lock = tmp_path / "lock"
    script = (
        "import sys; from pathlib import Path; from devkit.paths import locked\n"
        "with locked(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, lock]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "cwd": paths.CHECKOUT}
    with subprocess.Popen(command, **pipes) as holder:
        assert holder.stdout.readline() == b"held\n"
        with paths.locked(lock, wait=False) as got:
            assert not got
        holder.kill()
    with paths.locked(lock, wait=False) as got:
        assert got


def test_lock_on_a_file_that_its_holder_removed_is_none(tmp_path):
    path = tmp_path / "lock"
    with path.open("a") as stream:
        assert paths._still_there(path, stream)
        path.unlink()
        assert not paths._still_there(path, stream)
        path.touch()
        assert not paths._still_there(path, stream)


def test_tree_hash_sees_names_and_contents_but_not_the_order(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1")
    two.write_text("2")
    before = paths.tree_hash(tmp_path, [one, two])
    assert paths.tree_hash(tmp_path, [two, one]) == before
    os.utime(one, (0, 0))
    assert paths.tree_hash(tmp_path, [one, two]) == before
    one.write_text("2")
    assert paths.tree_hash(tmp_path, [one, two]) != before
    one.write_text("1")
    moved = one.rename(tmp_path / "three")
    assert paths.tree_hash(tmp_path, [moved, two]) != before


def test_short_hash_keeps_parts_apart():
    assert paths.short_hash("ab", "c") != paths.short_hash("a", "bc")


def test_folder_behind_a_private_one_is_out_of_reach(tmp_path):
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    assert not paths.others_can_reach(private / "not" / "there")
    open_folder = Path("/tmp/not-there")
    assert paths.others_can_reach(open_folder / "private")


def test_private_folder_itself_may_be_closed(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "parents", property(lambda self: [Path("/")]))
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    assert paths.others_can_reach(private)
