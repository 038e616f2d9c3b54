"""Downloads: what the signed lists say is what is unpacked."""

import hashlib

import pytest

from devkit import fetch
from devkit.failure import Failure
from devkit.paths import CHECKOUT, whole_folder

CONTENT = b"a package"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
LINE = f"'http://mirror.test/pool/p_1%2b2_all.deb' p_1+2_all.deb {len(CONTENT)} SHA256:{SHA256}\n"


def test_archives_are_read_from_apt():
    assert fetch.parse_archives(LINE + "\n") == [fetch.Archive("p_1+2_all.deb", len(CONTENT), SHA256)]


@pytest.mark.parametrize("line", [LINE.replace("SHA256", "MD5Sum"), LINE.replace(SHA256, SHA256[:-1]), "E: what"])
def test_download_without_a_checksum_is_refused(line):
    with pytest.raises(Failure, match="no SHA-256"):
        fetch.parse_archives(line)


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT + b"!", b"b package", b""])
def test_truncated_or_changed_file_does_not_match(tmp_path, content):
    archive = fetch.Archive("p.deb", len(CONTENT), SHA256)
    assert not archive.matches(tmp_path)
    (tmp_path / "p.deb").write_bytes(content)
    assert not archive.matches(tmp_path)
    (tmp_path / "p.deb").write_bytes(CONTENT)
    assert archive.matches(tmp_path)


def _apt(tmp_path, content):
    """Return a stand-in for apt-get that names one package and downloads this content."""
    apt = tmp_path / "apt"
    apt.write_text(
        "#!/bin/sh\n"
        'case "$*" in\n'
        "update) ;;\n"
        f"*--print-uris*) cat {tmp_path}/uris ;;\n"
        f"*) cp {tmp_path}/source p_1+2_all.deb ;;\n"
        "esac\n"
    )
    apt.chmod(0o755)
    (tmp_path / "uris").write_text(LINE)
    (tmp_path / "source").write_bytes(content)
    return [str(apt)]


def test_truncated_file_is_fetched_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "log_file", lambda name: tmp_path / "log")
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    (downloads / "p_1+2_all.deb").write_bytes(CONTENT[:3])
    archives = fetch._download(_apt(tmp_path, CONTENT), downloads)
    assert archives[0].matches(downloads)


def test_wrong_checksum_stops_before_unpacking(tmp_path, monkeypatch):
    monkeypatch.setattr(fetch, "log_file", lambda name: tmp_path / "log")
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    with pytest.raises(Failure, match=r"checksum does not match: p_1\+2_all.deb"):
        fetch._download(_apt(tmp_path, b"x" * len(CONTENT)), downloads)


def test_no_network_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fetch, "log_file", lambda name: tmp_path / "log")
    apt = tmp_path / "apt"
    apt.write_text("#!/bin/sh\necho 'E: could not resolve'; exit 100\n")
    apt.chmod(0o755)
    with pytest.raises(Failure, match="package lists could not be read: check the network"):
        fetch._download([str(apt)], tmp_path)
    assert "could not resolve" in capsys.readouterr().err


def test_damaged_package_leaves_no_tree(tmp_path):
    (tmp_path / "p.deb").write_bytes(CONTENT)
    with pytest.raises(Failure, match="could not be unpacked"), whole_folder(tmp_path / "tree") as partial:
        fetch._unpack(tmp_path / "p.deb", partial)
    assert [path.name for path in tmp_path.iterdir()] == ["p.deb"]


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ("http://m/debian/ bookworm main\nhttp://m/debian/ bookworm-updates main\n", "http://m/debian/"),
        ("http://other/apt cloud-sdk-bookworm main\nhttp://m/debian bookworm main", "http://m/debian"),
        ("http://docker/ bookworm stable\n", None),
        ("http://m/debian-security/ bookworm-security main\n", None),
        ("", None),
    ],
)
def test_mirror_is_the_one_of_debian_itself(targets, expected):
    assert fetch.pick_mirror(targets) == expected


def test_pinned_requirements_name_exact_versions():
    for path in sorted((CHECKOUT / "devkit").glob("requirements*.txt")):
        for line in path.read_text().splitlines():
            assert line.startswith("#") or line.count("==") == 1, f"{path.name}: {line}"
