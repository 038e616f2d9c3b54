from .engine.tally_sources import SOURCES
from .engine.tally_trigger import remove_note, remove_trigger


def pre_init_hook(env):
    """Make the one new column that holds something for everybody, or Odoo would rewrite all users for it."""
    env.cr.execute("ALTER TABLE res_users ADD COLUMN IF NOT EXISTS sop_daily_mail boolean DEFAULT true")
    env.cr.execute("ALTER TABLE res_users ALTER COLUMN sop_daily_mail DROP DEFAULT")


def post_init_hook(env):
    """Publish the processes that come with the addon; put new orders under them where there are none yet.

    On a database that has orders nothing starts by itself: somebody switches it on in Settings.
    """
    processes = env["sop.process"].union(*(env.ref(f"order_sop.process_{code}") for code in ("b2b", "b2c", "case")))
    processes.filtered(lambda process: process.state == "draft")._set_state("published")
    if not env["sale.order"].search_count([], limit=1):
        env["res.company"].search([]).sop_active = True


def uninstall_hook(env):
    """Leave nothing behind that Odoo itself would: the trigger functions, and what people were asked to do.

    Odoo makes To-Dos of the activities of a type that goes, and keeps a type that has archived ones; stages that orders
    are in go with their table, when it is too late for the mail templates that they name.
    """
    env.cr.execute("UPDATE sop_stage SET message_template_id = NULL")
    types = env["ir.model.data"].search([("module", "=", "order_sop"), ("model", "=", "mail.activity.type")])
    activities = env["mail.activity"].with_context(active_test=False)
    activities.search([("activity_type_id", "in", types.mapped("res_id"))]).unlink()
    env.cr.execute("DROP TRIGGER IF EXISTS order_sop_event_frozen ON sop_event")
    env.cr.execute("DROP TRIGGER IF EXISTS order_sop_event_kept ON sop_event")
    env.cr.execute("DROP FUNCTION IF EXISTS order_sop_event_frozen()")
    for source in SOURCES.values():
        remove_trigger(env.cr, source)
    remove_note(env.cr)
