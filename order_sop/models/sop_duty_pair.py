from odoo import api, fields, models

DUTIES = [
    ("made", "Enters the order"),
    ("sold", "Sells the order"),
    ("checked", "Passes a check"),
    ("approved", "Approves the order"),
    ("waived", "Passes over a check"),
    ("confirmed", "Confirms the order"),
    ("shipped", "Ships a delivery"),
    ("invoiced", "Posts an invoice"),
    ("closed", "Locks the order"),
    ("settled", "Settles the order"),
]


class SopDutyPair(models.Model):
    """Two duties that one person should not both do on one order.

    It forbids nothing: *Segregation of Duties* shows where somebody did both, *Conflicting Roles* who could.
    """

    _name = "sop.duty.pair"
    _description = "SOP Duty Pair"
    _order = "sequence, id"
    _rec_names_search = ["risk"]

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    first_duty = fields.Selection(DUTIES, required=True)
    second_duty = fields.Selection(DUTIES, required=True)
    risk = fields.Char(translate=True, help="What could go wrong when one person does both.")

    _duties_differ = models.Constraint("CHECK(first_duty <> second_duty)", "A pair consists of two different duties.")
    _duties_unique = models.UniqueIndex(
        "(LEAST(first_duty, second_duty), GREATEST(first_duty, second_duty))",
        "There is already a pair of these duties.",
    )

    @api.depends_context("lang")
    @api.depends("first_duty", "second_duty")
    def _compute_display_name(self):
        names = dict(self._fields["first_duty"]._description_selection(self.env))
        for pair in self:
            pair.display_name = f"{names.get(pair.first_duty)} + {names.get(pair.second_duty)}"
