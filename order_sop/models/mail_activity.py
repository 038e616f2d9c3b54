from odoo import fields, models


class MailActivity(models.Model):
    """An approver's activity knows its approval, and ends with it; to mark it done decides nothing."""

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
