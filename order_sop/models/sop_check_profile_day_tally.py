from odoo import fields, models


class SopCheckProfileDayTally(models.Model):
    """Sums of checks that were judged by day, as ``sop.check.tally`` has them, and the profile of their order."""

    _name = "sop.check.profile.day.tally"
    _description = "SOP sums: checks by day and by what is known of orders"
    _inherit = "sop.check.tally"
    _log_access = False

    profile = fields.Char(readonly=True)
