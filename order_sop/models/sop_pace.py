from odoo import fields, models


class SopPace(models.Model):
    """How long orders of a company usually stay in a stage; found anew each night by ``sop.engine.pace``.

    The process's code and the stage's ``pace_key`` stay the same over all versions of a process, also when the stage is
    renamed or moved, so that history outlives a new version.
    """

    _name = "sop.pace"
    _description = "SOP Usual Time"
    _inherit = ["sop.guard.mixin"]
    _order = "stage_id, company_id"
    _rec_name = "stage_id"
    _log_access = False

    process_code = fields.Char(required=True, readonly=True)
    stage_key = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    stage_id = fields.Many2one("sop.stage", required=True, readonly=True, ondelete="cascade", index=True)
    process_id = fields.Many2one(related="stage_id.process_id")
    phase = fields.Selection(related="stage_id.phase")
    department_id = fields.Many2one(related="stage_id.department_id")
    time_limit_hours = fields.Float(related="stage_id.time_limit_hours", string="Time Limit (h)")
    visit_count = fields.Integer("Visits", readonly=True, help="Completed visits of the last 180 days.")
    median_hours = fields.Float(
        "Median (h)", readonly=True, aggregator=None, help="Half of the visits took no more working hours than this."
    )
    p80_hours = fields.Float(
        "80th Percentile (h)",
        readonly=True,
        aggregator=None,
        help="Four of five visits took no more working hours than this.",
    )
    computed_at = fields.Datetime("As Of", readonly=True)

    _key_unique = models.UniqueIndex(
        "(process_code, stage_key, company_id)", "The usual time of a stage is kept once a company."
    )
