"""Gets Odoo 19 and what its web pages link to out of Debian's signed archive, without touching the system.

Debian's suite sid carries the whole community server. It is fetched with a private apt state (own lists, own sources),
and unpacked into the cache: nothing is installed and the machine's own sources stay as they are.
"""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from devkit.failure import Failure
from devkit.host import ensure_space
from devkit.paths import file_sha256, log_file, short_hash, whole_folder, write_whole
from devkit.processes import run_logged
from devkit.progress import say, step

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
STABLE = "bookworm"
# Font Awesome is stable's: the backend names files of version 4, sid has a later one.
PACKAGES = (
    "odoo-19/sid",
    "libjs-jquery/sid",
    "libjs-underscore/sid",
    "libjs-jquery-form/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-montserrat/sid",
    "fonts-ocr-b/sid",
    f"fonts-font-awesome/{STABLE}",
)
# The backend bundle names this file, which Debian strips: a missing one is a console error in every browser test.
STRIPPED = "usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
URI_LINE = re.compile(r"^'[^']+' (?P<name>\S+) (?P<size>\d+) SHA256:(?P<sha256>[0-9a-f]{64})$")


@dataclass(frozen=True)
class Archive:
    """A Debian package file as the signed lists describe it."""

    name: str
    size: int
    sha256: str

    def matches(self, folder: Path) -> bool:
        """Tell if the file in folder is whole and what the signed lists say."""
        path = folder / self.name
        return path.is_file() and path.stat().st_size == self.size and file_sha256(path) == self.sha256


def parse_archives(print_uris: str) -> list[Archive]:
    """Read the output of ``apt-get download --print-uris``; raise Failure on a line that can't be trusted."""
    archives = []
    for line in filter(None, map(str.strip, print_uris.splitlines())):
        match = URI_LINE.match(line)
        if not match:
            raise Failure("apt gives no SHA-256 for a download", f"it said: {line}")
        archives.append(Archive(match["name"], int(match["size"]), match["sha256"]))
    return archives


def fetch_odoo(cache: Path) -> Path:
    """Return the folder of the unpacked Odoo tree, fetched and unpacked first if the cache has none."""
    target = cache / "odoo" / short_hash(*PACKAGES)
    if (target / "usr/bin/odoo").is_file():
        return target
    ensure_space(cache, 5, "downloading and unpacking Odoo")
    say("Getting Odoo 19 from Debian (about 130 MB, 1.3 GB unpacked)")
    downloads = cache / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    apt = _private_apt(cache)
    archives = _download(apt, downloads)
    with step("Unpacking Odoo"), whole_folder(target) as partial:
        for archive in archives:
            _unpack(downloads / archive.name, partial)
        stripped = partial / STRIPPED
        stripped.parent.mkdir(parents=True, exist_ok=True)
        stripped.touch()
        record = "".join(f"{archive.sha256}  {archive.name}\n" for archive in archives)
        write_whole(partial / "SHA256SUMS", record)
    for archive in archives:  # what is unpacked need not be kept twice
        (downloads / archive.name).unlink()
    return target


def _download(apt: list[str], downloads: Path) -> list[Archive]:
    """Fetch every package that is not whole in downloads already; what does not match is fetched anew once."""
    log = log_file("fetch")
    with step("Reading Debian's package lists"):
        run_logged([*apt, "update"], log, "Debian's package lists could not be read", "check the network")
    asked = subprocess.run([*apt, "download", "--print-uris", *PACKAGES], capture_output=True, text=True, check=False)
    if asked.returncode:
        raise Failure("Debian's archive lacks a package", asked.stderr.strip().splitlines()[-1])
    archives = parse_archives(asked.stdout)
    for attempt in (1, 2):
        damaged = [archive for archive in archives if not archive.matches(downloads)]
        if not damaged:
            return archives
        if attempt == 2:
            break
        for archive in damaged:
            (downloads / archive.name).unlink(missing_ok=True)
        with step(f"Downloading {len(damaged)} packages"):
            problem, cure = "a download from Debian's archive failed", "check the network and run again"
            run_logged([*apt, "download", *PACKAGES], log, problem, cure, cwd=downloads)
    names = ", ".join(archive.name for archive in damaged)
    raise Failure(f"checksum does not match: {names}", f"delete {downloads} and run again")


def _unpack(archive: Path, folder: Path) -> None:
    done = subprocess.run(["dpkg-deb", "-x", archive, folder], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failure(f"{archive.name} could not be unpacked", done.stderr.strip() or "is the disk full?")


def _private_apt(cache: Path) -> list[str]:
    """Return the apt-get command that works on a state of its own below the cache."""
    state = cache / "apt"
    for folder in ("lists/partial", "archives/partial"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    uri = _mirror()
    lines = [f"deb [signed-by={KEYRING}] {uri} {suite} main" for suite in ("sid", STABLE)]
    write_whole(state / "sources.list", "\n".join(lines) + "\n")
    options = {
        "Dir::State::Lists": state / "lists",
        "Dir::Etc::SourceList": state / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Cache::pkgcache": state / "pkgcache.bin",
        "Dir::Cache::srcpkgcache": state / "srcpkgcache.bin",
        "Dir::Cache::Archives": state / "archives",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "APT::Update::Error-Mode": "any",
        "APT::Sandbox::User": "root",
    }
    return ["apt-get", *(f"-o{key}={value}" for key, value in options.items())]


def _mirror() -> str:
    """Return the archive that this machine's own apt uses for Debian's main suite."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages"]
    try:
        targets = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Failure("apt-get does not work here", "this tool needs Debian 12, or ODOO_HOME set") from error
    mirror = pick_mirror(targets)
    if mirror is None:
        raise Failure(f"apt has no source for Debian's {STABLE} main", "add one to its sources, or set ODOO_HOME")
    return mirror


def pick_mirror(targets: str) -> str | None:
    """Return the URI of Debian's own archive among lines of ``URI release component``, or None."""
    for line in targets.splitlines():
        fields = line.split()
        if len(fields) == 3 and fields[1] in (STABLE, "stable") and fields[2] == "main":
            return fields[0]
    return None
