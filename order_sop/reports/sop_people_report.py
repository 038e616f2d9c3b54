from odoo import SUPERUSER_ID, fields, models
from odoo.tools import SQL

from ..engine.tally_query import live_rows_by_id
from ..engine.zones import day

KINDS = [("stage", "Stages completed"), ("check", "Checks done"), ("decision", "Approvals decided")]
WIDTH = 2**42
OF_PEOPLE = SQL("user_id IN (SELECT id FROM res_users WHERE share IS NOT TRUE AND id <> %s)", SUPERUSER_ID)
"""Neither what happened by itself nor what customers did is anybody's work."""


class SopPeopleReport(models.Model):
    """What people did: stages completed, checks done, approvals decided, by day; each row opens the work it counts.

    For those who answer for it: one sees oneself, a lead his department, and SOP managers and auditors all.
    """

    _name = "sop.people.report"
    _description = "SOP Work of People"
    _auto = False
    _inherit = ["sop.ratio.mixin"]
    _order = "day desc, id desc"
    _rec_name = "user_id"
    _depends = {
        "sop.visit": ["left_at", "outcome", "counted", "worked_hours", "left_by_id"],
        "sop.check": ["state", "failed", "counted", "user_id", "done_at"],
        "sop.decision": ["user_id", "date", "check_id", "company_id", "decision", "approval_id"],
    }
    _ratios = {"hours": ("minutes", "stages", 1 / 60), "late_rate": ("late", "limited", 1)}

    day = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    department_id = fields.Many2one("sop.department", readonly=True)
    kind = fields.Selection(KINDS, "Work", readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    checkpoint_id = fields.Many2one("sop.checkpoint", readonly=True)
    counted = fields.Integer("Done", readonly=True)
    stages = fields.Integer("Stages Completed", readonly=True)
    limited = fields.Integer("With a Time Limit", readonly=True)
    late = fields.Integer(readonly=True)
    minutes = fields.Float("Working Minutes", readonly=True)
    hours = fields.Float("Working Hours a Stage", readonly=True, aggregator="avg")
    late_rate = fields.Float("Share Late", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT w.*, w.minutes / 60 / NULLIF(w.stages, 0) AS hours,
                   w.late::float8 / NULLIF(w.limited, 0) AS late_rate
              FROM (
                SELECT t.id, t.day, t.company_id, t.user_id, t.department_id, 'stage' AS kind, t.stage_id,
                       NULL::int AS checkpoint_id, t.visits AS counted, t.visits AS stages, t.limited, t.late, t.minutes
                  FROM (%(visits)s) t
                 UNION ALL
                SELECT %(width)s + t.id, t.day, t.company_id, t.user_id, t.department_id, 'check',
                       NULL, t.checkpoint_id, t.checks, 0, 0, 0, 0
                  FROM (%(checks)s) t
                 UNION ALL
                SELECT 2 * %(width)s + d.id, %(decided)s, d.company_id, d.user_id, c.department_id, 'decision',
                       NULL, c.checkpoint_id, 1, 0, 0, 0, 0
                  FROM sop_decision d JOIN sop_check c ON c.id = d.check_id
                 WHERE d.decision IN ('approve', 'reject', 'return') AND d.%(of_people)s AND NOT EXISTS (
                       SELECT FROM sop_decision e
                        WHERE e.approval_id = d.approval_id AND e.id < d.id
                          AND e.decision = 'reject' AND d.decision = 'reject')
              ) w
            """,
            visits=live_rows_by_id("sop_visit_tally", SQL("%s AND outcome = 'completed'", OF_PEOPLE)),
            checks=live_rows_by_id(
                "sop_check_tally", SQL("%s AND state IN ('passed', 'waived')", OF_PEOPLE), without=("state",)
            ),
            of_people=OF_PEOPLE,
            decided=day(self.env, SQL("d.date"), SQL("d.company_id")),
            width=WIDTH,
        )

    def action_view_work(self):
        """Open the stays, checks or decisions that the one row in ``self`` counts."""
        self.ensure_one()
        self.check_access("read")
        who = [("company_id", "=", self.company_id.id)]
        if self.kind == "stage":
            action = "sop_visit_action"
            domain = [
                ("left_on", "=", self.day),
                ("left_by_id", "=", self.user_id.id),
                ("stage_id", "=", self.stage_id.id),
                ("department_id", "=", self.department_id.id),
                ("outcome", "=", "completed"),
            ]
        elif self.kind == "check":
            action = "sop_check_action"
            domain = [
                ("made_on", "=", self.day),
                ("user_id", "=", self.user_id.id),
                ("checkpoint_id", "=", self.checkpoint_id.id),
                ("department_id", "=", self.department_id.id),
                ("state", "in", ("passed", "waived")),
            ]
        else:
            action, domain = "sop_decision_action", [("id", "=", self.id - 2 * WIDTH)]
        return self.env["ir.actions.act_window"]._for_xml_id(f"order_sop.{action}") | {
            "domain": who + domain,
            "context": {},
        }
