from odoo import fields, models

from .sop_visit import OUTCOMES


class SopArrowTally(models.Model):
    """Sums of completed visits by the stage that came before and the day on which the order was put under the SOP."""

    _name = "sop.arrow.tally"
    _description = "SOP sums: ways between stages"
    _inherit = ["sop.guard.mixin", "sop.visit.sums.mixin"]
    _log_access = False

    day = fields.Date(readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True)
    previous_stage_id = fields.Many2one("sop.stage", readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
