from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SopApprovalStep(models.Model):
    """One step of an approval checkpoint: who may decide it, and how many of them have to."""

    _name = "sop.approval.step"
    _description = "SOP Approval Step"
    _inherit = ["sop.definition.mixin"]
    _order = "sequence, id"

    checkpoint_id = fields.Many2one("sop.checkpoint", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="checkpoint_id.company_id")
    applies_to = fields.Selection(related="checkpoint_id.applies_to")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    approver_kind = fields.Selection(
        [
            ("department", "Members of the department"),
            ("lead", "The department's lead"),
            ("group", "Members of a group"),
            ("users", "These people"),
            ("field", "Somebody named on the order"),
        ],
        "Who",
        required=True,
        default="department",
    )
    user_ids = fields.Many2many("res.users", string="People", domain=[("share", "=", False)])
    group_id = fields.Many2one("res.groups", ondelete="restrict")
    user_field = fields.Char("Field", help="The way from the order to a user, such as team_id.user_id.")
    quorum = fields.Selection(
        [("any", "Any one of them"), ("count", "At least so many"), ("all", "All of them")],
        "How Many",
        required=True,
        default="any",
    )
    minimum = fields.Integer("At Least", default=2)

    _minimum_positive = models.Constraint("CHECK(minimum >= 1)", "At least one person has to approve.")
    _who_is_named = models.Constraint(
        "CHECK((approver_kind != 'group' OR group_id IS NOT NULL)"
        " AND (approver_kind != 'field' OR user_field IS NOT NULL))",
        "Name the group, or the field of the order, that says who approves.",
    )

    @api.constrains("user_field", "approver_kind")
    def _check_user_field(self):
        for step in self.filtered(lambda step: step.approver_kind == "field"):
            model = self.env[step._get_document_model()]
            for name in (step.user_field or "").split("."):
                field = model._fields.get(name) if model is not None else None
                model = self.env[field.comodel_name] if field and field.type == "many2one" else None
            if model is None or model._name != "res.users":
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s”: “%(field)s” does not lead from an order to a user. A way that does: "
                        "team_id.user_id.",
                        step=step.name,
                        field=step.user_field,
                    )
                )

    def _get_processes(self):
        return self.checkpoint_id.stage_id.process_id

    def _in_order(self):
        """Return the steps in the order in which they are asked."""
        return self.sorted(lambda step: (step.sequence, step.id))

    def _get_needed(self, candidates):
        """Return how many of so many ``candidates`` have to approve the one step in ``self``."""
        return {"any": 1, "count": self.minimum, "all": max(candidates, 1)}[self.quorum]

    def _get_faults(self, checkpoint):
        """Return what is wrong with the one step in ``self`` of ``checkpoint``, as translated sentences.

        A new record stands for a checkpoint without steps: any member of its department.
        """
        company = checkpoint.company_id or self.env.company
        people = self.env["sop.engine.approver"]._get_people(checkpoint, self, company)
        needed = self._get_needed(len(people)) if self.id else 1
        if self.approver_kind == "field" or len(people) >= needed:
            return []
        where = {"stage": checkpoint.stage_id.name, "checkpoint": checkpoint.name}
        if not self.id:
            return [
                self.env._(
                    "Stage “%(stage)s”: nobody can do “%(checkpoint)s”, because %(department)s has no member.",
                    department=checkpoint._get_department().name,
                    **where,
                )
            ]
        fault = self.env._(
            "Stage “%(stage)s”: step “%(step)s” of “%(checkpoint)s” needs %(needed)s people who may approve, and "
            "there are %(there)s.",
            step=self.name,
            needed=needed,
            there=len(people),
            **where,
        )
        named = {"users": self.user_ids, "lead": checkpoint._get_department().lead_id}.get(self.approver_kind, people)
        if unable := named.sudo() - people:  # their names, for who sets up the process
            fault += " " + self.env._(
                "%(users)s cannot see such orders: an approver needs an active account in the company, and a "
                "department or the group Approver.",
                users=", ".join(unable.mapped("name")),
            )
        return [fault]
