"""Scheduled actions of the addon, asked for by whoever leaves them something to do."""

from datetime import timedelta

LATER = timedelta(minutes=1)
"""When a cron comes back to what somebody else works on."""


def trigger(env, name, at=None):
    """Have the cron called ``name`` run soon after this transaction is committed, or at ``at`` (naive UTC).

    :raise ValueError: when there is none of that name
    """
    cron_id = env["ir.model.data"]._xmlid_to_res_id(f"order_sop.{name}", raise_if_not_found=True)  # without a query
    env["ir.cron"].sudo().browse(cron_id)._trigger(at)  # a cron belongs to administrators
