from odoo import fields, models

from .sop_check import STATES


class SopCheckTally(models.Model):
    """Sums of checks that were judged by the day on which they were made; kept by ``sop.engine.tally``."""

    _name = "sop.check.tally"
    _description = "SOP sums: checks"
    _inherit = ["sop.guard.mixin"]
    _log_access = False

    day = fields.Date(readonly=True, index=True)
    company_id = fields.Many2one("res.company", readonly=True)
    checkpoint_id = fields.Many2one("sop.checkpoint", readonly=True)
    department_id = fields.Many2one("sop.department", readonly=True)
    user_id = fields.Integer("Person", readonly=True)  # no key: see ``install_trigger``
    state = fields.Selection(STATES, readonly=True)
    checks = fields.Integer(required=True, readonly=True)
    failed = fields.Integer(required=True, readonly=True)
