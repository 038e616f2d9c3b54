"""Runs in Odoo's shell on a database where the addon is: uses its types of activities, then uninstalls it.

Arguments: the module.
"""

import sys

MODULE = sys.argv[1]

order = env["sale.order"].search([], limit=1)  # noqa: F821
names = env["ir.model.data"].search([("module", "=", MODULE), ("model", "=", "mail.activity.type")])  # noqa: F821
for name in names:
    for done in (False, True):
        activity = order.activity_schedule(name.complete_name, user_id=env.ref("base.user_admin").id)  # noqa: F821
        activity.active = not done
env.cr.commit()  # noqa: F821
env["ir.module.module"].search([("name", "=", MODULE)]).button_immediate_uninstall()  # noqa: F821
