"""The command line: ``python3 -m devkit <command> [arguments]``."""

import signal
import sys

from devkit.failure import Failure
from devkit.progress import say
from devkit.registry import all_commands


def main(arguments: list[str]) -> int:
    """Run a command; return the exit code. What a user can cure is told in one line."""
    commands = all_commands()
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        say("usage: python3 -m devkit <command> [arguments]\n")
        for name, entry in sorted(commands.items()):
            say(f"  {name:<12} {entry.help}")
        return 0
    name, *rest = arguments
    if name not in commands:
        print(f"error: there is no command '{name}': run 'python3 -m devkit help' for a list", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _terminate)
    try:
        return commands[name].run(rest) or 0
    except Failure as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


def _terminate(number: int, frame: object) -> None:
    """Let a SIGTERM unwind the stack, so that what is half made is removed."""
    raise SystemExit(128 + number)
