from odoo import api, models

from .reading import read_lines
from .rows import write_rows
from .subset import subset

DECIDED = ("approved", "rejected")
PRESSED = {"remind_at": "reminded", "escalate_at": "escalated"}
"""When people are pressed for an approval, and whether they have been."""


class SopEngineApprovalTurns(models.AbstractModel):
    """Opens approvals as their turn comes and closes them: since when, when people are pressed, how long it took."""

    _inherit = "sop.engine.approval"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_open_vals(self, check):
        """Return what an approval of ``check`` gets as it can be decided: since when, and when to remind of it."""
        now = self.env["sop.engine.clock"]._now()
        vals = {"state": "open", "opened_at": now, "closed_at": False, "to_tell": True}
        vals |= {"decided_at": False, "worked_hours": 0.0}
        return vals | dict.fromkeys(PRESSED.values(), False) | self._get_times(check, now)

    @api.model
    def _get_times(self, check, opened_at, pauses=()):
        """Return when to remind of an approval of the one ``check`` that is open since ``opened_at`` (naive UTC), and
        when to escalate it, as field values.

        :param pauses: ``[(begin, end)…]`` in which the clock of its order stood
        """
        checkpoint, company, clock = check.checkpoint_id, check.company_id, self.env["sop.engine.clock"]
        limits = {"remind_at": checkpoint.remind_hours, "escalate_at": checkpoint.escalate_hours}
        if not any(limits.values()):  # and the calendar need not be read
            return dict.fromkeys(limits, False)
        calendar = clock._get_calendar(checkpoint.stage_id.process_id, company)
        return {
            name: bool(hours) and clock._get_due(opened_at, hours, calendar, company, pauses)
            for name, hours in limits.items()
        }

    @api.model
    def _reset_times(self, document):
        """Set anew when to remind of what is open of the one ``document``, and when to escalate it, after its clock
        stood or its working hours were changed; what was told is not told again."""
        approvals = subset(document.sop_check_ids.approval_ids, lambda approval: approval.state == "open")
        pauses = sorted(pause for visit in document.sop_visit_ids for pause in visit._get_pauses()) if approvals else ()
        for approval in approvals:
            times = self._get_times(approval.check_id, approval.opened_at, pauses)
            write_rows(approval, {name: not approval[PRESSED[name]] and at for name, at in times.items()})

    @api.model
    def _open(self, approval):
        """Let the one ``approval`` be decided from now on, by who may as things are now."""
        write_rows(approval, self._get_open_vals(approval.check_id))
        self._refresh_people(approval)
        self.env["sop.engine.teller"]._trigger()

    @api.model
    def _close(self, approvals, state):
        """Close ``approvals`` with ``state``: nobody is reminded any more, and activities end."""
        clock = self.env["sop.engine.clock"]
        now = clock._now()
        vals = {"state": state, "closed_at": now, "to_tell": True}
        for part in approvals._by_model() if state in DECIDED else ():
            read_lines(part.flow, "sop_visit_ids")
        for approval in approvals:  # the same columns as of those that open now: one statement for both
            kept = {name: approval[name] for name in ("opened_at", "decided_at", "worked_hours", *PRESSED.values())}
            if state in DECIDED:  # what was decided once stays so, whatever becomes of it later
                process = approval.check_id.stage_id.process_id
                kept["decided_at"] = now
                kept["worked_hours"] = clock._get_run(approval.flow, approval.opened_at or now, now, process)
            write_rows(approval, vals | kept | dict.fromkeys(PRESSED, False))
        if approvals:
            self.env["sop.engine.teller"]._trigger()

    @api.model
    def _open_next(self, approvals):
        """Open those waiting approvals of the checks of ``approvals`` before which nothing is left to decide."""
        for check in approvals.check_id:
            for approval in subset(check.approval_ids, lambda a: a.state == "waiting" and not a._get_before()):
                self._open(approval)
