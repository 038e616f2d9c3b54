from odoo import api, fields, models

APPROVER_FIELDS = {"active", "group_ids", "company_ids", "share"}


class ResUsers(models.Model):
    """Who may approve follows from accounts: a change finds the approvers of what is open anew."""

    _inherit = "res.users"

    sop_daily_mail = fields.Boolean(
        "Daily Mail on Orders",
        default=True,
        help="As the lead of a department: a mail each working day with what is late, what will be, and open alerts.",
    )

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802 the name is Odoo's
        return [*super().SELF_READABLE_FIELDS, "sop_daily_mail"]

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802 as above
        return [*super().SELF_WRITEABLE_FIELDS, "sop_daily_mail"]

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        if not all(user.share for user in users):
            self.env["sop.engine.approver"]._people_changed()
        return users

    def write(self, vals):
        touched = not APPROVER_FIELDS.isdisjoint(vals)
        internal = touched and not all(user.share for user in self)  # a portal user is nobody's approver
        result = super().write(vals)
        if touched and (internal or not all(user.share for user in self)):
            self.env["sop.engine.approver"]._people_changed()
        return result
