from odoo import fields, models

ASSIGNMENTS = [
    ("none", "Nobody: shared"),
    ("lead", "The department's lead"),
    ("salesperson", "The order's salesperson"),
    ("user", "One person"),
    ("round_robin", "In turn"),
    ("least_loaded", "Whoever has least to do"),
    ("rules", "By the department's rules"),
]


class SopAssignmentMixin(models.AbstractModel):
    """Who gets the work: a department says it for all its work, a stage or checkpoint may say otherwise.

    What a mode means is for ``sop.engine.routing`` to know.
    """

    _name = "sop.assignment.mixin"
    _description = "How work is assigned"

    assignment = fields.Selection(
        ASSIGNMENTS,
        "Work Goes To",
        help="Who gets it as an order comes in. Whoever is absent, archived, of another company or not of the "
        "department is passed over; where nobody is left the department's lead gets it.",
    )
    assignment_user_id = fields.Many2one("res.users", "Person", ondelete="restrict")

    _assignment_user = models.Constraint(
        "CHECK(assignment IS DISTINCT FROM 'user' OR assignment_user_id IS NOT NULL)",
        "Say which person gets the work.",
    )

    def _get_assignment_faults(self, where, department):
        """Return what is wrong with how the one record in ``self`` gives its work to somebody, as sentences.

        :param where: what the sentences call it
        """
        user = self.assignment_user_id
        if self.assignment == "user" and not (user.active and department._has_member(user)):
            return [
                self.env._(
                    "%(where)s: %(user)s, who is to get the work, does not work in %(department)s.",
                    where=where,
                    user=user.name,
                    department=department.name,
                )
            ]
        if self.assignment == "rules" and not department.route_ids:
            return [
                self.env._(
                    "%(where)s goes by the rules of %(department)s, which has none.",
                    where=where,
                    department=department.name,
                )
            ]
        return []
