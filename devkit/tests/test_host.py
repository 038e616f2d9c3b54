"""The machine: ports, disk space, Debian packages, the Python version."""

import socket
import subprocess
import sys

import pytest

from devkit import host
from devkit.failure import Failure
from devkit.paths import CHECKOUT


def _requirement(package, present):
    return host.Requirement(package, f"testing {package}", lambda: present)


def test_taken_port_is_told_with_another_one():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(Failure, match=f"port {port} is taken.*PORT={port + 1}"):
            host.ensure_port_free(port)
    host.ensure_port_free(port)


@pytest.mark.parametrize("text", ["", "0", "-1", "65536", "80a", "８０"])
def test_what_is_no_port(text):
    with pytest.raises(Failure, match="is no port"):
        host.parse_port(text)


def test_port():
    assert host.parse_port("8069") == 8069


def test_only_missing_packages_are_listed():
    requirements = [_requirement("there", True), _requirement("gone", False), _requirement("lost", False)]
    assert [requirement.package for requirement in host.missing_packages(requirements)] == ["gone", "lost"]


def test_without_the_right_to_install_all_missing_packages_are_named(monkeypatch):
    monkeypatch.setattr(host, "_privilege_prefix", lambda: None)
    with pytest.raises(Failure, match=r"run: sudo apt-get install gone lost$"):
        host.ensure_packages([_requirement("gone", False), _requirement("there", True), _requirement("lost", False)])


def test_nothing_missing_asks_for_no_right(monkeypatch):
    monkeypatch.setattr(host, "_privilege_prefix", lambda: pytest.fail("asked for root"))
    host.ensure_packages([_requirement("there", True)])


def test_too_little_space_is_told_before_a_download(tmp_path):
    with pytest.raises(Failure, match=r"needs 1e.09 GiB.*make room"):
        host.ensure_space(tmp_path / "not" / "there", 1e9, "testing")
    host.ensure_space(tmp_path, 0, "testing")


def test_wrong_python_is_told_in_one_line():
    script = (
        "import runpy, shutil, sys; sys.version_info = (3, 14, 0); shutil.which = lambda name: None;"
        "runpy.run_module('devkit', run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=CHECKOUT, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Python 3.11 is needed and this is 3.14" in done.stderr
