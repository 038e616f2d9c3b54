"""Where things are kept, and the file operations that leave nothing half made."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

CHECKOUT = Path(__file__).resolve().parent.parent
ADDON = "order_sop"
PARTIAL = ".partial"


def cache_folder(environ: dict[str, str] | None = None) -> Path:
    """Return the folder outside the checkout that keeps downloads, the cluster and the file stores."""
    environ = os.environ if environ is None else environ
    if environ.get("ORDER_SOP_CACHE"):
        return Path(environ["ORDER_SOP_CACHE"]).expanduser().resolve()
    base = environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(base).expanduser().resolve() / "order_sop"


def work_folder() -> Path:
    """Return the ignored folder inside the checkout for configuration, logs and screenshots, made if need be."""
    folder = CHECKOUT / ".devkit"
    folder.mkdir(exist_ok=True)
    return folder


def log_file(name: str) -> Path:
    """Return the path of a log in the checkout's ignored folder."""
    folder = work_folder() / "logs"
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.log"


def short_hash(*parts: object) -> str:
    """Return ten hex digits that stand for the parts, in this order."""
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()[:10]


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def tree_hash(root: Path, files: Iterable[Path]) -> str:
    """Return a hash over the names and contents of files below root, whatever order they come in."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(root)}\0{file_sha256(path)}\n".encode())
    return digest.hexdigest()[:16]


def others_can_reach(path: Path) -> bool:
    """Tell if an unprivileged user could come to path, judged by the folders above it that exist."""
    existing = (folder for folder in path.parents if folder.is_dir())
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in existing)


@contextlib.contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """Yield a temporary folder that becomes target when the block ends well, and vanishes when it doesn't.

    A leftover of a killed run is removed first: target itself is only ever whole.
    """
    partial = target.with_name(target.name + PARTIAL)
    remove_tree(partial)
    partial.mkdir(parents=True)
    try:
        yield partial
    except BaseException:
        remove_tree(partial)
        raise
    remove_tree(target)
    partial.rename(target)


def write_whole(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file so that readers see either the old or the new text, never a part of it."""
    partial = path.with_name(f"{path.name}.{os.getpid()}{PARTIAL}")
    partial.touch(mode)
    partial.write_text(text)
    partial.rename(path)


def remove_tree(path: Path) -> None:
    """Remove a folder with all below it, if it is there."""
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Hold an exclusive lock on a file; the kernel frees it even if the holder is killed.

    Yields whether the lock was got, which can only be False with ``wait=False``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    told = False
    while True:
        with path.open("a") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not wait:
                    yield False
                    return
                if not told:
                    print(f"waiting for another run of this tool (it holds {path})", file=sys.stderr, flush=True)
                    told = True
                fcntl.flock(stream, fcntl.LOCK_EX)
            if _still_there(path, stream):
                yield True
                return


def _still_there(path: Path, stream: IO) -> bool:
    """Tell if the open file is still what path names: the last holder may have removed it."""
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False
