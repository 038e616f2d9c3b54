"""The demo: a database with demo data, kept between runs, served with its logins told."""

from functools import partial

from devkit.addon import addon_hash, demo_hash
from devkit.database import Databases
from devkit.failure import Failure
from devkit.host import ensure_port_free
from devkit.mailbox import mailbox
from devkit.paths import ADDON, CHECKOUT, log_file, short_hash, work_folder
from devkit.progress import say, step
from devkit.serve import serve
from devkit.template import install_addon, logged_problems
from devkit.uninstall import catalogue, check_uninstalls
from devkit.workbench import Workbench, prepare

LOGINS = f"""
    SELECT u.login, p.name, string_agg(g.name->>'en_US', ', ' ORDER BY g.name->>'en_US')
      FROM res_users u
      JOIN res_partner p ON p.id = u.partner_id
      JOIN res_groups_users_rel r ON r.uid = u.id
      JOIN res_groups g ON g.id = r.gid
      JOIN ir_model_data d ON d.model = 'res.groups' AND d.res_id = g.id
 LEFT JOIN ir_model_data o ON o.model = 'res.users' AND o.res_id = u.id AND o.module = '{ADDON}'
     WHERE (d.module = '{ADDON}' OR (o.id IS NOT NULL AND d.module = 'base' AND d.name = 'group_portal'))
       AND u.active AND u.login NOT IN ('admin', '__system__')
  GROUP BY u.id, u.login, p.name
  ORDER BY u.id
"""
MENUS = f"""
    SELECT m.name->>'en_US', string_agg(c.name->>'en_US', ' · ' ORDER BY c.sequence, c.id)
      FROM ir_ui_menu m
      JOIN ir_model_data d ON d.model = 'ir.ui.menu' AND d.res_id = m.id AND d.module = '{ADDON}'
 LEFT JOIN ir_ui_menu c ON c.parent_id = m.id
     WHERE m.parent_id IS NULL
  GROUP BY m.id, m.name, m.sequence
  ORDER BY m.sequence
"""


def demo_database() -> str:
    """Return the name of this checkout's demo database."""
    return f"order_sop_demo_{short_hash(CHECKOUT)}"


def decide(note: dict | None, template: str, addon: str, demo: str) -> str:
    """Return what a demo database needs: ``keep``, ``update`` or ``rebuild``.

    note is what was noted on it when it was last made or updated, None if there is no such database.
    """
    if note is None or note.get("template") != template or note.get("demo") != demo:
        return "rebuild"
    return "keep" if note.get("addon") == addon else "update"


def ensure_demo(bench: Workbench) -> str:
    """Return the demo database's name, made or brought up to date with the addon's files."""
    name = demo_database()
    template = bench.template(demo=True)
    notes = {"kind": "demo", "checkout": str(CHECKOUT), "template": template}
    notes |= {"addon": addon_hash(), "demo": demo_hash()}
    with bench.lock(name):
        note = bench.databases.marks().get(name) if bench.databases.whole(name) else None
        todo = decide(note, template, notes["addon"], notes["demo"])
        if todo == "update":
            todo = "keep" if _updated(bench, name, notes) else "rebuild"
        if todo == "rebuild":
            with bench.databases.building(name, template, **notes) as temporary:
                install_addon(bench.runner, temporary, demo=True, log_name="demo-install")
    return name


def _updated(bench: Workbench, name: str, notes: dict) -> bool:
    log = log_file("demo-update")
    log.unlink(missing_ok=True)
    try:
        with step("The addon changed: updating the demo database"):
            bench.runner.run(name, "-u", ADDON, log=log, problem="the update failed")
    except Failure as failure:
        say(f"{failure.problem}: building the demo database anew")
        return False
    bench.databases.mark(name, **notes)
    return True


def run_demo(port: int) -> int:
    """Serve the demo on a port until it is stopped."""
    ensure_port_free(port)  # before anything long begins
    bench = prepare()
    try:
        name = ensure_demo(bench)
        address = f"http://localhost:{port}"
        _set_address(bench.databases, name, address)
        log = log_file("demo")
        with mailbox(work_folder() / "mail") as mail_port:
            options = ("--smtp=127.0.0.1", f"--smtp-port={mail_port}", "--email-from=demo@example.com")
            welcome = partial(_welcome, bench.databases, name, address)
            return serve(bench.runner, name, port, log=log, on_ready=welcome, options=options)
    finally:
        bench.stop_if_started()


def _set_address(databases: Databases, name: str, address: str) -> None:
    """Let links and PDF reports use the port that is served."""
    databases.query(f"UPDATE ir_config_parameter SET value = '{address}' WHERE key = 'web.base.url'", name)


def _welcome(databases: Databases, name: str, address: str) -> None:
    say(f"\nOdoo with order_sop is at {address}   (Ctrl-C stops it)\n")
    rows = [
        ("admin", "Administrator", "everything"),
        *(tuple(row.split("\t")) for row in databases.query(LOGINS, name)),
    ]
    rows.insert(0, ("login = password", "who", "groups"))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for login, person, groups in rows:
        say(f"  {login:<{widths[0]}}  {person:<{widths[1]}}  {groups}")
    say("\nFirst clicks:")
    say("  1. Log in as one of them. Change the language to 简体中文 under your name, Preferences, if you like.")
    step_number = 2
    for app, entries in (row.split("\t") for row in databases.query(MENUS, name)):
        say(f"  {step_number}. Open the app '{app}'" + (f": {entries}." if entries else "."))
        step_number += 1
    say(f"  {step_number}. Open Sales, pick an order: its stage, what is missing and the next step are on the form.")
    say(f"\nMail to customers is kept in {work_folder() / 'mail'}, never sent; Odoo's log is {log_file('demo')}.\n")


def check_demo_builds(bench: Workbench) -> list[str]:
    """Install the addon with demo data on a throw-away database, uninstall it and install it again.

    Return the warnings and errors that Odoo logged, and what was left of the addon in between.
    """
    template = bench.template(demo=True)
    name = f"order_sop_demo_check_{short_hash(CHECKOUT)}"
    with bench.databases.temporary(name, template) as database:
        before = catalogue(bench, database)
        install_addon(bench.runner, database, demo=True, log_name="demo-check")
        left = check_uninstalls(bench, database, before)
        # its demo documents stay in use, as a live company's would: not the same once more
        bench.databases.query("UPDATE ir_module_module SET demo = false", database)
        install_addon(bench.runner, database, demo=False, log_name="demo-check-again")
    logs = (log_file(log).read_text(errors="replace") for log in ("demo-check", "demo-check-again"))
    return [line for log in logs for line in logged_problems(log)] + left
