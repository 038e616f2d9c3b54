"""Checks that the addon leaves nothing of its own in a database from which it is uninstalled."""

import subprocess
from pathlib import Path

from devkit.failure import Failure
from devkit.paths import ADDON, log_file
from devkit.progress import log_tail, step
from devkit.workbench import Workbench

SCRIPT = Path(__file__).resolve().parent / "uninstall_in_odoo.py"
# Odoo keeps documents that are in use (and logs that it could not delete them): those are not looked for.
CATALOGUE = """
    SELECT 'column ' || table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'
     UNION ALL SELECT 'relation ' || relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
     UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     UNION ALL SELECT 'model ' || model FROM ir_model
     UNION ALL SELECT 'cron ' || cron_name FROM ir_cron
     UNION ALL SELECT 'group ' || (name->>'en_US') FROM res_groups
     UNION ALL SELECT 'mail template ' || (name->>'en_US') FROM mail_template
     UNION ALL SELECT 'menu ' || id FROM ir_ui_menu
     UNION ALL SELECT 'type of activity ' || (name->>'en_US') FROM mail_activity_type
     UNION ALL SELECT 'activity ' || res_model || ' ' || COALESCE(summary, '') FROM mail_activity
     UNION ALL SELECT 'parameter ' || key FROM ir_config_parameter
     UNION ALL SELECT 'attachment of ' || res_model FROM ir_attachment WHERE res_model LIKE 'sop.%'
     UNION ALL SELECT 'message of ' || model FROM mail_message WHERE model LIKE 'sop.%'
"""


def catalogue(bench: Workbench, database: str) -> set[str]:
    """Return names for all that an addon could leave behind in a database."""
    return set(bench.databases.query(CATALOGUE, database))


def check_uninstalls(bench: Workbench, database: str, before: set[str]) -> list[str]:
    """Uninstall the addon from a database and return what is left that was not there ``before``: no line is good."""
    log = log_file("uninstall")
    with log.open("wb") as stream, step("Uninstalling the addon"):
        options = {"stdout": stream, "stderr": subprocess.STDOUT}
        code = bench.runner.run_script(SCRIPT, database, [ADDON], **options)
    if code:
        raise Failure(f"{ADDON} could not be uninstalled; {log} ends with\n{log_tail(log)}")
    return [f"left after uninstalling: {name}" for name in sorted(catalogue(bench, database) - before)]
