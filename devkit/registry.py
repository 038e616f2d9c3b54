"""The commands of this tool: adding one is one function with a decorator, or one module with a ``main``."""

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass

# Modules of this package that are commands of their own: main(arguments) gets what follows the command's name
# and returns the exit code. A command is known from the day that its module is there.
MODULES = {
    "bench": "measure the addon against plain Odoo",
    "ledger": "let random orders live and compare the settlement with a second computation",
    "mining": "say as JSON what a process-mining library computes from event logs: mining FILE…",
    "replay": "play a folder of recorded orders through the addon",
    "screenshots": "make the pictures of the documentation",
    "translations": "bring the translation files up to date with the source",
}


@dataclass(frozen=True)
class Command:
    """A command: its name, one line of help, and what runs it."""

    name: str
    help: str
    run: Callable[[list[str]], int | None]


COMMANDS: dict[str, Command] = {}


def command(name: str, help_text: str) -> Callable[[Callable], Callable]:
    """Register the decorated function as a command; it gets the arguments and returns an exit code or None."""

    def register(function: Callable[[list[str]], int | None]) -> Callable:
        COMMANDS[name] = Command(name, help_text, function)
        return function

    return register


def all_commands() -> dict[str, Command]:
    """Return every command there is, by name."""
    importlib.import_module("devkit.commands")
    found = dict(COMMANDS)
    for name, help_text in MODULES.items():
        if importlib.util.find_spec(f"devkit.{name}"):
            found[name] = Command(name, help_text, _module_runner(name))
    return found


def _module_runner(name: str) -> Callable[[list[str]], int | None]:
    return lambda arguments: importlib.import_module(f"devkit.{name}").main(arguments)
