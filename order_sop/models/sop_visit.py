from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.tally_sources import SOURCES
from ..engine.tally_trigger import install_trigger

OUTCOMES = [
    ("completed", "Completed"),
    ("sent_back", "Sent back"),
    ("cancelled", "Cancelled"),
    ("moved", "Moved to another process"),
]


class SopVisit(models.Model):
    """One stay of one order in one stage. Written by ``sop.engine.flow`` alone."""

    _name = "sop.visit"
    _description = "SOP Visit"
    _inherit = ["sop.record.mixin", "sop.timed.mixin", "sop.guard.mixin"]
    _clock_end_field = "left_at"
    _order = "id"
    _rec_name = "stage_id"

    company_id = fields.Many2one("res.company", readonly=True, required=True, index=True)
    stage_id = fields.Many2one("sop.stage", required=True, readonly=True, ondelete="restrict", index=True)
    process_id = fields.Many2one(related="stage_id.process_id", store=False)
    phase = fields.Selection(related="stage_id.phase")
    department_id = fields.Many2one("sop.department", readonly=True, ondelete="restrict")
    cycle = fields.Integer(readonly=True, help="1 the first time; one more with each time that it was sent back.")
    returned = fields.Boolean(
        readonly=True, help="A person sent the order back here: it stays until somebody completes the stage."
    )
    user_id = fields.Many2one("res.users", "Assigned To", readonly=True, ondelete="set null")
    entered_at = fields.Datetime(readonly=True, required=True)
    left_at = fields.Datetime(readonly=True)
    worked_hours = fields.Float(
        "Hours Taken",
        readonly=True,
        aggregator="avg",
        help="Working hours between entering and leaving, without those in which the clock stood.",
    )
    outcome = fields.Selection(OUTCOMES, readonly=True)
    left_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    reason = fields.Char(readonly=True, help="Why it was sent back.")
    changed_checkpoint_id = fields.Many2one(
        "sop.checkpoint",
        "Changed After Check",
        readonly=True,
        ondelete="restrict",
        help="What no longer held after the order was changed, so that the system itself sent it back.",
    )
    previous_stage_id = fields.Many2one("sop.stage", "Came From", readonly=True, ondelete="restrict")
    next_stage_id = fields.Many2one(
        "sop.stage", "Went To", compute="_compute_next_stage_id", search="_search_next_stage_id", compute_sudo=True
    )
    begun_on = fields.Date(
        readonly=True, help="Day on which the order was put under the SOP, where the company is: it never changes."
    )
    left_on = fields.Date(readonly=True, help="Day on which the stage was left, where the company is.")
    elapsed = fields.Integer(
        "Elapsed Seconds", readonly=True, help="Since the stage before was left, or the order was put under the SOP."
    )
    counted = fields.Boolean(readonly=True, help="It is part of the sums that reports add up.")
    profile = fields.Char(readonly=True, help="That of the order as it was counted: see PROFILE in tally_sources.")
    departments = fields.Char(
        readonly=True, help="Ids of the departments that the order was with, as it was counted; none while it is open."
    )
    message_state = fields.Selection(
        [("to_send", "To send"), ("sent", "Sent"), ("failed", "Not sent")], "Customer Message", readonly=True
    )

    _user_idx = models.Index("(user_id) WHERE left_at IS NULL")
    _open_idx = models.Index("(deadline) WHERE left_at IS NULL")
    _next_idx = models.Index("(next_at) WHERE left_at IS NULL AND next_at IS NOT NULL")
    _moved_idx = models.Index("(order_id) WHERE outcome = 'moved'")
    _message_idx = models.Index("(id) WHERE message_state = 'to_send'")
    _uncounted_idx = models.Index(f"(id) WHERE {SOURCES['sop.visit'].uncounted}")
    _left_idx = models.Index("(left_on, stage_id) WHERE left_at IS NOT NULL")
    _begun_idx = models.Index("(begun_on, stage_id) WHERE left_at IS NOT NULL")

    def init(self):
        install_trigger(self.env.cr, SOURCES[self._name])

    def _compute_next_stage_id(self):
        for visits in self._by_model():
            for visit in visits:
                later = visit.flow.sop_visit_ids.filtered(lambda other, visit=visit: other.id > visit.id)
                visit.next_stage_id = later.sorted("id")[:1].stage_id

    @api.model
    def _search_next_stage_id(self, operator, value):
        """Find visits by the stage of the next visit of the same document; False: there is none."""
        if operator != "in":
            return NotImplemented
        ids, none = [id_ for id_ in value if id_], not all(value)

        def to_sql(model, alias, query):
            columns = {name: SQL.identifier(alias, name) for name in ("id", "order_id", "case_id")}
            of_order, of_case = (
                SQL(
                    "(SELECT n.stage_id FROM sop_visit n WHERE n.%(link)s = %(mine)s AND n.id > %(id)s"
                    " ORDER BY n.id LIMIT 1)",
                    link=SQL.identifier(link),
                    mine=columns[link],
                    id=columns["id"],
                )
                for link in ("order_id", "case_id")
            )
            following = SQL("CASE WHEN %s IS NULL THEN %s ELSE %s END", columns["order_id"], of_case, of_order)
            found = SQL("%s = ANY(%s)", following, ids)
            return SQL("(%s IS NULL OR %s)", following, found) if none else SQL("COALESCE(%s, FALSE)", found)

        return Domain.custom(to_sql=to_sql)

    def _get_clock_start(self):
        return self.entered_at

    def _get_limit_hours(self):
        return self.stage_id.time_limit_hours
