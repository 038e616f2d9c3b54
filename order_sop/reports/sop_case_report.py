from odoo import fields, models
from odoo.tools import SQL

from ..engine.zones import day
from ..models.sop_case import CHANNELS, KINDS, STATES
from ..models.sop_flow_mixin import STATUSES


class SopCaseReport(models.Model):
    """After-sales cases: how long the first answer and the solution took, and what customers thought of it."""

    _name = "sop.case.report"
    _description = "SOP Case Analysis"
    _auto = False
    _order = "opened_on desc, id desc"
    _rec_name = "case_id"
    _depends = {
        "sop.case": [
            *("kind", "state", "channel", "order_id", "partner_id", "company_id"),
            *("sop_process_id", "sop_stage_id", "sop_status", "answered_at", "closed_at", "promised_at"),
            *("answer_worked_hours", "solution_worked_hours"),
        ],
        "rating.rating": ["res_model", "res_id", "rating", "consumed"],
    }

    case_id = fields.Many2one("sop.case", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    categ_id = fields.Many2one(
        "product.category", readonly=True, help="That of the line of goods of its order that comes to most."
    )
    process_id = fields.Many2one("sop.process", readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    state = fields.Selection(STATES, readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    opened_on = fields.Date(readonly=True)
    answered_on = fields.Date("First Answered On", readonly=True)
    closed_on = fields.Date(readonly=True)
    counted = fields.Integer("Cases", readonly=True)
    answer_worked_hours = fields.Float("Working Hours to the First Answer", readonly=True, aggregator="avg")
    answer_hours = fields.Float("Elapsed Hours to the First Answer", readonly=True, aggregator="avg")
    solution_worked_hours = fields.Float("Working Hours to the Solution", readonly=True, aggregator="avg")
    solution_hours = fields.Float("Elapsed Hours to the Solution", readonly=True, aggregator="avg")
    late = fields.Integer("Solved Later Than Promised", readonly=True)
    rating = fields.Float(readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        company = SQL("c.company_id")
        return SQL(
            """
            SELECT c.id, c.id AS case_id, c.order_id, c.company_id, p.commercial_partner_id AS partner_id,
                   p.country_id, o.team_id, f.categ_id, c.sop_process_id AS process_id, c.sop_stage_id AS stage_id,
                   c.kind, c.state, c.sop_status AS status, c.channel, 1 AS counted,
                   %(opened)s AS opened_on, %(answered)s AS answered_on, %(closed)s AS closed_on,
                   CASE WHEN c.answered_at IS NOT NULL THEN c.answer_worked_hours END AS answer_worked_hours,
                   CASE WHEN c.closed_at IS NOT NULL THEN c.solution_worked_hours END AS solution_worked_hours,
                   EXTRACT(EPOCH FROM c.answered_at - c.create_date)::float8 / 3600 AS answer_hours,
                   EXTRACT(EPOCH FROM c.closed_at - c.create_date)::float8 / 3600 AS solution_hours,
                   (c.promised_at < COALESCE(c.closed_at, now() AT TIME ZONE 'UTC')
                    AND c.state IN ('open', 'closed'))::int AS late,
                   (SELECT r.rating FROM rating_rating r
                     WHERE r.res_model = 'sop.case' AND r.res_id = c.id AND r.consumed
                     ORDER BY r.id DESC LIMIT 1)::float8 AS rating
              FROM sop_case c
              JOIN res_partner p ON p.id = c.partner_id
         LEFT JOIN sale_order o ON o.id = c.order_id
         LEFT JOIN (%(facts)s) f ON f.order_id = c.order_id
            """,
            opened=day(self.env, SQL("c.create_date"), company),
            answered=day(self.env, SQL("c.answered_at"), company),
            closed=day(self.env, SQL("c.closed_at"), company),
            facts=self.env["sop.engine.fact"]._get_rows(),
        )
