from odoo import fields, models


class SopVisitSumsMixin(models.AbstractModel):
    """What is added up of completed visits, by whatever: see ``VISIT_MEASURES``."""

    _name = "sop.visit.sums.mixin"
    _description = "SOP sums of visits"

    visits = fields.Integer(required=True, readonly=True)
    limited = fields.Integer(required=True, readonly=True)
    late = fields.Integer(required=True, readonly=True)
    repeated = fields.Integer(required=True, readonly=True)
    minutes = fields.Float(required=True, readonly=True)  # whole ones: more than an integer holds
    elapsed = fields.Float(required=True, readonly=True)
