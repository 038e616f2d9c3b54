from odoo import fields, models

from .sop_visit import OUTCOMES


class SopVisitTally(models.Model):
    """Sums of completed visits by the day on which they were left; kept by ``sop.engine.tally``."""

    _name = "sop.visit.tally"
    _description = "SOP sums: stages by the day they were left"
    _inherit = ["sop.guard.mixin", "sop.visit.sums.mixin"]
    _log_access = False

    day = fields.Date(readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    department_id = fields.Many2one("sop.department", readonly=True)
    user_id = fields.Integer("Person", readonly=True)  # no key: see ``install_trigger``
    outcome = fields.Selection(OUTCOMES, readonly=True)
