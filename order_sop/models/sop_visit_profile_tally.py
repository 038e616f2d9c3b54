from odoo import fields, models

from .sop_visit import OUTCOMES


class SopVisitProfileTally(models.Model):
    """Sums of completed visits by month and the profile of their order; kept by ``sop.engine.tally``."""

    _name = "sop.visit.profile.tally"
    _description = "SOP sums: stages by month and by what is known of orders"
    _inherit = ["sop.guard.mixin", "sop.visit.sums.mixin"]
    _log_access = False

    month = fields.Date(readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    department_id = fields.Many2one("sop.department", readonly=True)
    user_id = fields.Integer("Person", readonly=True)  # no key: see ``install_trigger``
    outcome = fields.Selection(OUTCOMES, readonly=True)
    profile = fields.Char(readonly=True)
