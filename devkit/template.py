"""Template databases: Odoo with all modules that the addon needs, made once and cloned from then on."""

import re

from devkit.addon import LANGUAGES, addon_exists, template_modules
from devkit.database import Databases
from devkit.failure import Failure
from devkit.odoo import Runner, code_mark
from devkit.paths import ADDON, log_file, short_hash
from devkit.progress import step

PROBLEM = re.compile(r"^\S+ \S+ \d+ (?:WARNING|ERROR|CRITICAL) ")
PREFIX = "order_sop_template_"


def template_name(mark: str, modules: tuple[str, ...], demo: bool, languages: tuple[str, ...] = LANGUAGES) -> str:
    """Return the name of the template for this Odoo, these modules and languages, with or without demo data."""
    kind = "demo" if demo else "plain"
    return f"{PREFIX}{kind}_{short_hash(mark, ','.join(sorted(modules)), kind, ','.join(languages))}"


def ensure_template(runner: Runner, databases: Databases, *, demo: bool, extra: tuple[str, ...] = ()) -> str:
    """Return the template's name, made first if the server has none."""
    modules = tuple(sorted({*template_modules(), *extra}))
    name = template_name(code_mark(runner.odoo), modules, demo)
    if databases.whole(name):
        return name
    kind = "with demo data" if demo else "without demo data"
    log = log_file(f"template-{'demo' if demo else 'plain'}")
    log.unlink(missing_ok=True)
    notes = {"kind": "template", "demo": demo, "modules": modules}
    with step(f"Building the template database {kind} (once)"), databases.building(name, **notes) as temporary:
        options = ["-i", ",".join(modules), f"--load-language={','.join(LANGUAGES)}"]
        if demo:
            options.append("--with-demo")
        runner.run(temporary, *options, log=log, problem="the template database could not be built")
    return name


def install_addon(runner: Runner, database: str, *, demo: bool, log_name: str, options: tuple[str, ...] = ()) -> None:
    """Install the addon on a database; raise Failure if that does not work."""
    if not addon_exists():  # Odoo would pass over an unknown module with no more than a warning
        raise Failure(f"there is no {ADDON}/__manifest__.py in this checkout", "the addon can't be installed")
    log = log_file(log_name)
    log.unlink(missing_ok=True)
    demo_option = ("--with-demo",) if demo else ()
    with step("Installing the addon" + (" with demo data" if demo else "")):
        arguments = ("-i", ADDON, *demo_option, *options)
        runner.run(database, *arguments, log=log, problem=f"{ADDON} could not be installed")


def logged_problems(text: str) -> list[str]:
    """Return the lines of an Odoo log that are warnings or worse."""
    return [line for line in text.splitlines() if PROBLEM.match(line)]
