from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..models.sop_duty_pair import DUTIES

# Whoever has one of these groups can do the duty; checks and approvals are the departments'.
GROUPS = {
    "made": "sales_team.group_sale_salesman",
    "sold": "sales_team.group_sale_salesman",
    "waived": "order_sop.group_manager",
    "confirmed": "sales_team.group_sale_salesman",
    "shipped": "stock.group_stock_user",
    "invoiced": "account.group_account_invoice",
    "closed": "sales_team.group_sale_salesman",
    "settled": "order_sop.group_finance",
}
KINDS = {"checked": "manual", "approved": "approval"}


class SopDutyRole(models.Model):
    """One line for each user whose groups let him do both duties of a pair: who could, not who did."""

    _name = "sop.duty.role"
    _description = "SOP Conflicting Role"
    _auto = False
    _order = "user_id, pair_id"
    _rec_name = "user_id"
    _depends = {
        "res.users": ["active", "share", "group_ids"],
        "res.groups": ["implied_ids"],
        "sop.checkpoint": ["kind", "department_id"],
        "sop.department": ["group_ids"],
        "sop.duty.pair": ["first_duty", "second_duty", "active"],
        "sop.process": ["state"],
        "sop.stage": ["department_id"],
    }

    pair_id = fields.Many2one("sop.duty.pair", "Duties", readonly=True)
    first_duty = fields.Selection(DUTIES, readonly=True)
    second_duty = fields.Selection(DUTIES, readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            "SELECT u.id * 1048576::bigint + p.id AS id, p.id AS pair_id, p.first_duty, p.second_duty, u.id AS user_id"
            " FROM sop_duty_pair p JOIN (%(able)s) a ON a.duty = p.first_duty"
            " JOIN (%(able)s) b ON b.duty = p.second_duty AND b.user_id = a.user_id"
            " JOIN res_users u ON u.id = a.user_id AND u.active AND NOT u.share AND u.id <> %(system)s"
            " WHERE p.active",
            able=SQL(" UNION ALL ").join(
                SQL(
                    "SELECT DISTINCT %s::varchar AS duty, uid AS user_id FROM res_groups_users_rel WHERE gid IN %s",
                    duty,
                    tuple(groups._ids) or (0,),
                )
                for duty, groups in self._get_able_groups().items()
            ),
            system=SUPERUSER_ID,
        )

    @api.model
    def _get_able_groups(self):
        """Return ``{duty: res.groups that let a user do it}``, those that imply one of them included."""
        groups = {duty: self.env.ref(group).sudo() for duty, group in GROUPS.items()}  # groups: administrators only
        # all that is asked of anybody
        checkpoints = self.env["sop.checkpoint"].sudo().search([("stage_id.process_id.state", "=", "published")])
        for duty, kind in KINDS.items():
            asked = checkpoints.filtered(lambda checkpoint, kind=kind: checkpoint.kind == kind)
            departments = self.env["sop.department"].sudo().union(*(c._get_department() for c in asked))  # as above
            groups[duty] = departments.group_ids
        return {duty: able.all_implied_by_ids for duty, able in groups.items()}
