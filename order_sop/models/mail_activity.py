from odoo import fields, models


class MailActivity(models.Model):
    """An activity of the SOP knows its approval or alert, and ends with it; to mark it done decides nothing."""

    _inherit = "mail.activity"

    sop_approval_id = fields.Many2one(
        "sop.approval",
        "SOP Approval",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        groups="base.group_system",  # written by the teller alone
    )
    sop_alert_id = fields.Many2one(
        "sop.alert",
        "SOP Alert",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        groups="base.group_system",  # written by the teller alone
    )
