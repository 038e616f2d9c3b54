from odoo import fields, models
from odoo.tools import SQL

from ..engine.tally_query import live_rows_by_id
from ..models.sop_check import STATES


class SopCheckReport(models.Model):
    """How many checks were judged, and how many of them failed at least once; exact at any instant."""

    _name = "sop.check.report"
    _description = "SOP Check Analysis"
    _auto = False
    _inherit = ["sop.by.order.mixin", "sop.ratio.mixin"]
    _tally = "sop_check_tally"
    _profile_tally = "sop_check_profile_tally"
    _profile_day_tally = "sop_check_profile_day_tally"
    _row_field = "check_id"
    _count_field = "checks"
    _order = "day desc, id desc"
    _rec_name = "checkpoint_id"
    _depends = {
        "sop.check": ["state", "failed", "counted", "user_id", "done_at", "order_id", "case_id"],
        "sop.case": ["order_id", "partner_id"],
    }
    _ratios = {"failure_rate": ("failed", "checks", 1)}

    check_id = fields.Many2one("sop.check", readonly=True)
    day = fields.Date("First Asked For", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    process_id = fields.Many2one("sop.process", readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    checkpoint_id = fields.Many2one("sop.checkpoint", readonly=True)
    kind = fields.Selection(related="checkpoint_id.kind", store=True)
    rule = fields.Char(readonly=True)
    department_id = fields.Many2one("sop.department", readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    checks = fields.Integer("Checks Judged", readonly=True)
    failed = fields.Integer("Failed Once", readonly=True)
    failure_rate = fields.Float(readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        # LEFT, though there always is one: what nobody asks for, PostgreSQL does not join
        return SQL(
            "SELECT t.*, c.stage_id, c.kind, c.rule, s.process_id, t.failed::float8 / NULLIF(t.checks, 0)"
            " AS failure_rate FROM (%s) t LEFT JOIN sop_checkpoint c ON c.id = t.checkpoint_id"
            " LEFT JOIN sop_stage s ON s.id = c.stage_id",
            self._get_parts(live_rows_by_id(self._tally)),
        )

    def action_view_checks(self):
        """Open the checks that the one row in ``self`` counts."""
        self.ensure_one()
        self.check_access("read")
        domain = [("made_on", "=", self.day), ("state", "=", self.state), ("user_id", "=", self.user_id.id)]
        domain += [(name, "=", self[name].id) for name in ("checkpoint_id", "company_id", "department_id")]
        domain += [("id", "=", self.check_id.id)] if self.check_id else []
        domain += ["|", ("failed", "=", True), ("state", "in", ("passed", "waived"))]
        return self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_check_action") | {
            "domain": domain,
            "context": {},
        }
