from odoo import fields, models


class SopVisitProfileDayTally(models.Model):
    """Sums of completed visits by day, as ``sop.visit.tally`` has them, and the profile of their order."""

    _name = "sop.visit.profile.day.tally"
    _description = "SOP sums: stages by day and by what is known of orders"
    _inherit = "sop.visit.tally"
    _log_access = False

    profile = fields.Char(readonly=True)
