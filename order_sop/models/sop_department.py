from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

TURNS = "sop_department_turn_%d"


class SopDepartment(models.Model):
    """A department that owns stages and checkpoints; its members are the users of its groups."""

    _name = "sop.department"
    _description = "SOP Department"
    _inherit = ["sop.assignment.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    group_ids = fields.Many2many(
        "res.groups",
        string="Groups",
        help="Who has one of these groups is a member of the department and does its work on orders.",
    )
    lead_id = fields.Many2one(
        "res.users", help="Gets the department's work and its alerts unless it is assigned otherwise."
    )
    assignment = fields.Selection(default="none", required=True)
    route_ids = fields.One2many("sop.route", "department_id", "Assignment Rules", copy=True)
    member_ids = fields.Many2many("res.users", string="Members", compute="_compute_member_ids")

    daily_mail_on = fields.Date("Last Daily Mail", readonly=True, copy=False, help="A day of the lead's time zone.")
    is_mine = fields.Boolean("My Department", compute="_compute_is_mine", search="_search_is_mine")

    _name_unique = models.UniqueIndex("(name)", "There is already a department of this name.")

    @api.constrains("active", "group_ids")
    def _check_in_use(self):
        for department in self:
            if department.active and department.group_ids:
                continue
            process = department._get_published_processes()[:1]
            if process:
                raise ValidationError(
                    self.env._(
                        "%(department)s has work in %(process)s: it can neither be archived nor be without a group. "
                        "Publish a version without it first.",
                        department=department.name,
                        process=process.display_name,
                    )
                )

    @api.depends("group_ids.all_user_ids")
    def _compute_member_ids(self):
        for department in self:
            # membership is no secret, but only administrators may read the groups behind it
            department.member_ids = department.sudo().group_ids.all_user_ids.filtered("active").with_env(self.env)

    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self._get_mine()
        for department in self:
            department.is_mine = department in mine

    def _search_is_mine(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        return [("id", "in" if (operator == "in") == (True in value) else "not in", self._get_mine().ids)]

    # -- CRUD: who sees which orders depends on the departments' groups ------------------------------------------------

    def init(self):
        departments = self.env.execute_query(SQL("SELECT id FROM sop_department"))
        self.browse(id_ for [id_] in departments)._make_turns()

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        departments._make_turns()
        self._forget_members()
        return departments

    def write(self, vals):
        result = super().write(vals)
        self._forget_members()
        return result

    def unlink(self):
        turns = [SQL.identifier(TURNS % department) for department in self.ids]
        result = super().unlink()
        for name in turns:
            self.env.cr.execute(SQL("DROP SEQUENCE IF EXISTS %s", name))
        self._forget_members()
        return result

    def _make_turns(self):
        """Make the counter of turns of each department in ``self``; it goes with the table."""
        for department in self.ids:
            name = SQL.identifier(TURNS % department)
            self.env.cr.execute(SQL("CREATE SEQUENCE IF NOT EXISTS %s OWNED BY sop_department.id", name))

    @api.model
    def _forget_members(self):
        self.env["sop.engine.approver"]._people_changed()  # the cached definition holds departments as well
        self.env["sale.order"].invalidate_model(["sop_is_for_me"])

    # -- business methods ----------------------------------------------------------------------------------------------

    def _get_published_processes(self):
        """Return the published processes in which the one department in ``self`` has work."""
        stages = self.env["sop.stage"].sudo()  # whatever company they are of
        used = stages.search([("process_id.state", "=", "published"), ("department_id", "=", self.id)]).process_id
        checkpoints = self.env["sop.checkpoint"].sudo()  # as above
        return (
            used
            | checkpoints.search(
                [("stage_id.process_id.state", "=", "published"), ("department_id", "=", self.id)]
            ).stage_id.process_id
        )

    def _take_turns(self, count):
        """Return the next ``count`` turns of the one department in ``self``, whole numbers that nobody else gets.

        A counter of PostgreSQL: no row is locked or written, so that nobody waits for anybody.
        """
        turns = SQL("SELECT nextval(%s) FROM generate_series(1, %s)", TURNS % self.id, count)
        return [turn for [turn] in self.env.execute_query(turns)]

    @tools.ormcache("self.id", "company_id")
    def _get_worker_ids(self, company_id):
        """Return the ids of those members of the one department in ``self`` who can do its work in a company, in
        order, as a tuple."""
        groups = next((groups for id_, groups, _lead_id in self._get_group_sets() if id_ == self.id), ())
        return self.env["sop.engine.approver"]._get_member_ids(tuple(sorted(groups)), company_id)

    @tools.ormcache("self.id")
    def _get_routes(self):
        """Return the assignment rules of the one department in ``self``: ``((domain, user id, company id), …)``."""
        routes = self.env["sop.route"].sudo().search([("department_id", "=", self.id)])  # the same for everybody
        return tuple((route.order_domain, route.user_id.id, route.company_id.id) for route in routes)

    def _has_member(self, user):
        """Tell whether ``user`` (one ``res.users``) works in one of these departments."""
        return not set(self.sudo().group_ids.ids).isdisjoint(user._get_group_ids())  # groups: administrators only

    @api.model
    def _is_worker(self, user):
        """Tell whether ``user`` works in any department or is an SOP manager."""
        return user.has_group("order_sop.group_manager") or self.sudo().search(
            [("group_ids", "!=", False)]
        )._has_member(user)  # as above

    @api.model
    def _get_mine(self):
        """Return the departments in which the current user works."""
        staffed = self.sudo().search([("group_ids", "!=", False)])  # groups: administrators only
        return staffed.filtered(lambda department: department._has_member(self.env.user)).with_env(self.env)

    @api.model
    def _get_my_ids(self):
        """Return the ids of the departments in which the current user works, or which he leads, archived ones too,
        without a query."""
        mine, uid = set(self.env.user._get_group_ids()), self.env.uid
        return tuple(
            department
            for department, groups, lead_id in self._get_group_sets()
            if lead_id == uid or not groups.isdisjoint(mine)
        )

    @api.model
    @tools.ormcache()
    def _get_group_sets(self):
        """Return ``((id of a department, ids of its groups, id of its lead), …)`` of all departments."""
        departments = (
            self.sudo().with_context(active_test=False).search([("id", ">", 0)])
        )  # groups: administrators only
        return tuple(
            (department.id, frozenset(department.group_ids.ids), department.lead_id.id) for department in departments
        )
