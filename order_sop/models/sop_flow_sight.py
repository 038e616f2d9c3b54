from odoo import api, fields, models
from odoo.fields import Domain

from .sop_flow_mixin import OPEN_STATUSES

OPEN_CHECKS = Domain([("superseded", "=", False), ("state", "in", ("pending", "failed"))])


class SopFlowSight(models.AbstractModel):
    """Whose work a document is: which departments it is with now, and which had a part in it."""

    _inherit = "sop.flow.mixin"  # pylint: disable=consider-merging-classes-inherited

    sop_at_work_ids = fields.Many2many(
        "sop.department",
        string="Departments at Work",
        compute="_compute_sop_at_work_ids",
        search="_search_sop_at_work_ids",
        groups="order_sop.group_user",
        help="That of the present stage, and those whose checks are still open.",
    )
    sop_my_department = fields.Boolean(
        "My Department's", compute="_compute_sop_my_department", search="_search_sop_my_department"
    )
    sop_is_for_me = fields.Boolean(
        "For My Departments",
        compute="_compute_sop_is_for_me",
        search="_search_sop_is_for_me",
        help="Has or had work for one of my departments: what its members see of the orders, see sop.engine.access.",
    )

    @api.depends("sop_revision", "sop_status", "sop_stage_id")
    def _compute_sop_at_work_ids(self):
        for document in self:
            checks = document.sop_check_ids.filtered_domain(OPEN_CHECKS)
            is_open = document.sop_status in OPEN_STATUSES
            document.sop_at_work_ids = is_open and (document.sop_stage_id.department_id | checks.department_id)

    def _search_sop_at_work_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        # "any!": whoever sees the order sees what it waits for, so its checks need not be asked once more who may
        return Domain("sop_status", "in", OPEN_STATUSES) & (
            Domain("sop_stage_id.department_id", "in", value)
            | Domain("sop_check_ids", "any!", OPEN_CHECKS & Domain("department_id", "in", value))
        )

    def _compute_sop_my_department(self):
        mine = self.env["sop.department"]._get_mine()
        for document in self:
            document.sop_my_department = document.sop_department_id in mine

    def _search_sop_my_department(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        domain = Domain("sop_at_work_ids", "in", self.env["sop.department"]._get_mine().ids)
        return domain if (operator == "in") == (True in value) else ~domain

    @api.depends_context("uid")
    @api.depends("sop_revision", "sop_process_id", "sop_stage_id")
    def _compute_sop_is_for_me(self):
        # superuser mode, still this user: it is the rule itself that asks
        orders = self.sudo().with_context(active_test=False)
        mine = orders.search([("id", "in", self._origin.ids), ("sop_is_for_me", "=", True)])
        for document in self:
            document.sop_is_for_me = document._origin.id in mine._ids

    def _sop_sight_domain(self):
        """Return which documents the current user sees as a member of his departments, as a domain."""
        raise NotImplementedError(self._name)

    def _search_sop_is_for_me(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        domain = self._sop_sight_domain()
        return domain if (operator == "in") == (True in value) else ~domain
