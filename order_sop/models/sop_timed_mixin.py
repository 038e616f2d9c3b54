from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class SopTimedMixin(models.AbstractModel):
    """What has a limit in working hours, and tells when that comes near and when it is over: a visit, a check.

    Kept by the engine: ``sop.engine.clock`` sets the times, ``sop.engine.alarm`` tells of them, once each.
    """

    _name = "sop.timed.mixin"
    _description = "Has a time limit"

    deadline = fields.Datetime(readonly=True)
    warn_at = fields.Datetime("Warning", readonly=True, help="So much of the limit is used up that a warning is due.")
    next_at = fields.Datetime(readonly=True, help="When there is something to tell next; empty while the clock stands.")
    told = fields.Integer(
        readonly=True, help="What was told: 1 the warning, 2 the breach, 3 the lead was told, 4 the manager."
    )
    paused_at = fields.Datetime("Clock Stopped Since", readonly=True)
    pauses = fields.Json(readonly=True, help="When the clock stood: begin and end (UTC) of each time that is over.")
    late = fields.Boolean(compute="_compute_late", search="_search_late")

    @api.depends("deadline", "paused_at")
    def _compute_late(self):
        now = self.env["sop.engine.clock"]._now()
        for record in self:
            end = record._get_clock_end() or record.paused_at or now
            record.late = bool(record.deadline and record.deadline < end)

    def _search_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        now = self.env["sop.engine.clock"]._now()
        end = self._clock_end_field

        def to_sql(_model, alias, _query):
            return SQL(
                "(%(deadline)s < COALESCE(%(end)s, %(paused)s, %(now)s)%(flush)s)",
                deadline=SQL.identifier(alias, "deadline"),
                end=SQL.identifier(alias, end),
                paused=SQL.identifier(alias, "paused_at"),
                now=now,
                flush=SQL("", to_flush=tuple(self._fields[name] for name in ("deadline", end, "paused_at"))),
            )

        domain = Domain.custom(to_sql=to_sql, predicate=lambda record: record.late)
        # the comparison by itself would find no index
        late = Domain("deadline", "!=", False) & domain
        return late if (operator == "in") == (True in value) else ~late

    # -- what the clock asks -------------------------------------------------------------------------------------------

    _clock_end_field = None
    """Name of the field that says when the one record was done with."""

    def _get_clock_end(self):
        """Return when the one record in ``self`` was done with, or False while its clock counts."""
        return self[self._clock_end_field]

    def _get_clock_start(self):
        """Return when the clock of the one record in ``self`` began to count (naive UTC)."""
        raise NotImplementedError(self._name)

    def _get_limit_hours(self):
        """Return the limit of the one record in ``self`` in working hours; 0 for none."""
        raise NotImplementedError(self._name)

    def _get_pauses(self):
        """Return when the clock of the one record in ``self`` stood: ``[(begin, end)…]``, naive UTC."""
        return [tuple(datetime.fromisoformat(moment) for moment in pause) for pause in self.pauses or ()]
