"""Entry point: finds a fitting Python first, so this file keeps to syntax that any Python 3 reads."""

import os
import shutil
import sys

if sys.version_info[:2] != (3, 11):
    OTHER = shutil.which("python3.11")
    if OTHER is None:
        sys.exit(
            "error: Python 3.11 is needed and this is {}.{}. Install it (Debian 12 has it as 'python3') "
            "and try again.".format(*sys.version_info[:2])
        )
    os.execv(OTHER, [OTHER, "-m", "devkit"] + sys.argv[1:])  # noqa: RUF005

from devkit.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
