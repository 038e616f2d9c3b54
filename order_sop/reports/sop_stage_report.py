from odoo import fields, models
from odoo.tools import SQL

from ..engine.tally_query import live_rows_by_id
from ..models.sop_stage import PHASES
from ..models.sop_visit import OUTCOMES


class SopStageReport(models.Model):
    """How many stages were left, when, by whom, how long they took and how many were late; exact at any instant."""

    _name = "sop.stage.report"
    _description = "SOP Stage Analysis"
    _auto = False
    _inherit = ["sop.by.order.mixin", "sop.ratio.mixin"]
    _tally = "sop_visit_tally"
    _profile_tally = "sop_visit_profile_tally"
    _profile_day_tally = "sop_visit_profile_day_tally"
    _row_field = "visit_id"
    _count_field = "visits"
    _order = "day desc, id desc"
    _rec_name = "stage_id"
    _depends = {
        "sop.visit": ["left_at", "outcome", "counted", "worked_hours", "left_by_id", "order_id", "case_id"],
        "sop.case": ["order_id", "partner_id"],
    }
    _ratios = {
        "hours": ("minutes", "visits", 1 / 60),
        "elapsed_hours": ("elapsed", "visits", 1 / 3600),
        "late_rate": ("late", "limited", 1),
    }

    visit_id = fields.Many2one("sop.visit", readonly=True)
    day = fields.Date("Left On", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    process_id = fields.Many2one("sop.process", readonly=True)
    process_code = fields.Char(readonly=True)
    version = fields.Integer(readonly=True, aggregator=None)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    phase = fields.Selection(PHASES, readonly=True)
    department_id = fields.Many2one("sop.department", readonly=True)
    user_id = fields.Many2one("res.users", "Completed By", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    visits = fields.Integer("Stages Left", readonly=True)
    limited = fields.Integer("With a Time Limit", readonly=True)
    late = fields.Integer("Left Late", readonly=True)
    repeated = fields.Integer(readonly=True)
    minutes = fields.Float("Working Minutes", readonly=True)
    elapsed = fields.Float("Elapsed Seconds", readonly=True)
    hours = fields.Float("Working Hours", readonly=True, aggregator="avg")
    elapsed_hours = fields.Float(readonly=True, aggregator="avg")
    late_rate = fields.Float("Share Late", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        # LEFT, though there always is one: what nobody asks for, PostgreSQL does not join
        return SQL(
            "SELECT t.*, s.process_id, s.phase, p.code AS process_code, p.version,"
            " t.minutes / 60 / NULLIF(t.visits, 0) AS hours, t.elapsed / 3600 / NULLIF(t.visits, 0) AS elapsed_hours,"
            " t.late::float8 / NULLIF(t.limited, 0) AS late_rate"
            " FROM (%s) t LEFT JOIN sop_stage s ON s.id = t.stage_id LEFT JOIN sop_process p ON p.id = s.process_id",
            self._get_parts(live_rows_by_id(self._tally)),
        )

    def action_view_visits(self):
        """Open the stays that the one row in ``self`` counts."""
        self.ensure_one()
        self.check_access("read")
        names = ("stage_id", "company_id", "department_id")
        domain = [("left_on", "=", self.day), ("outcome", "=", self.outcome), ("left_by_id", "=", self.user_id.id)]
        domain += [("id", "=", self.visit_id.id)] if self.visit_id else []
        return self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_visit_action") | {
            "domain": domain + [(name, "=", self[name].id) for name in names],
            "context": {},
        }
