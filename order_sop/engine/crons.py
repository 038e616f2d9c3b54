"""Scheduled actions of the addon, asked for by whoever leaves them something to do."""

from datetime import timedelta

from odoo import fields

LATER = timedelta(minutes=1)
"""When a cron comes back to what somebody else works on."""


def trigger(env, name, at=None):
    """Have the cron called ``name`` run soon after this transaction is committed, or at ``at`` (naive UTC).

    By what ``ir.cron._trigger`` writes, without reading the cron as that does: one that is switched off is asked for
    all the same. It runs as soon as it is switched on; after a week Odoo forgets that it was asked for.

    :raise ValueError: when there is none of that name
    """
    cron_id = env["ir.model.data"]._xmlid_to_res_id(f"order_sop.{name}", raise_if_not_found=True)  # without a query
    now = fields.Datetime.now()
    cron = env["ir.cron"].sudo().browse(cron_id)  # a cron belongs to administrators
    cron.env["ir.cron.trigger"].create({"cron_id": cron.id, "call_at": at or now})
    if not at or at <= now:
        env.cr.postcommit.add(cron._notifydb)
