from odoo import api, models
from odoo.fields import Domain

from .guard import as_engine
from .rows import write_rows

AGENDA = (("warning", 0), ("breach", 0), ("escalation", 1), ("escalation", 2))
"""Kinds and levels of ``sop.alert``, in the order in which ``told`` counts them."""


class SopEngineStopwatch(models.AbstractModel):
    """The clocks of visits and checks: set as they begin, stopped and started again by holds, set anew with the hours.

    The times of a record follow from its start, its limit and its pauses by :meth:`_get_times` and nothing else, so
    that they come out the same whenever, and however often, they are asked for.
    """

    _inherit = "sop.engine.clock"  # pylint: disable=consider-merging-classes-inherited

    # -- what is told when ---------------------------------------------------------------------------------------------

    @api.model
    def _get_agenda(self, stage, hours):
        """Return after how many working hours something is told of a limit of ``hours`` in ``stage``: the warning, the
        breach, the escalations to the lead and to the manager, in this order; nothing without a limit."""
        if not hours:
            return []
        later = stage.escalation_hours
        escalations = [hours + later, hours + 2 * later] if later else []
        return [hours * (stage.warning_percent or 100) / 100, hours, *escalations]

    @api.model
    def _get_times(self, start, stage, company, hours, pauses=(), told=0):
        """Return the times of a clock of ``hours`` that began at ``start`` (naive UTC) in ``stage``, as field values.

        :param pauses: ``[(begin, end)…]`` in which the clock stood
        :param told: how much of the agenda has been told already
        """
        agenda = self._get_agenda(stage, hours)
        calendar = self._get_calendar(stage.process_id, company)
        numbers = {0, 1, told} & set(range(len(agenda)))
        ends = {number: self._get_due(start, agenda[number], calendar, company, pauses) for number in numbers}
        return {"warn_at": ends.get(0, False), "deadline": ends.get(1, False), "next_at": ends.get(told, False)}

    @api.model
    def _get_record_times(self, record, told=None):
        """Return the times of the one visit or check ``record`` as its limit, its calendar and its pauses say now."""
        told = record.told if told is None else told
        return self._get_times(
            record._get_clock_start(),
            record.stage_id,
            record.company_id,
            record._get_limit_hours(),
            record._get_pauses(),
            told,
        )

    @api.model
    def _get_log(self, times):
        """Return ``times`` as the log says them."""
        return {
            name: times[field].isoformat() if times[field] else None
            for name, field in (("deadline", "deadline"), ("warn", "warn_at"))
        }

    # -- beginning and end ---------------------------------------------------------------------------------------------

    @api.model
    def _get_start_vals(self, start, stage, document, hours):
        """Return the values of the clock of a new visit or check of ``document`` that begins at ``start``.

        Does not ask the database: neither what holds ``document`` nor the working hours are read anew.
        """
        times = self._get_times(start, stage, document.company_id, hours)
        stopped = self._is_stopped(document)
        return times | {
            "next_at": not stopped and times["next_at"],
            "paused_at": stopped and start,
            "told": 0,
        }

    @api.model
    def _get_end_vals(self, visit, now):
        """Return the values of the clock of the one ``visit`` that ends at ``now``: the hours that it took."""
        pauses = visit._get_pauses()
        vals = {}
        if visit.paused_at:
            pauses.append((visit.paused_at, now))
            vals = {"paused_at": False, "pauses": _as_json(pauses)}
        calendar = self._get_calendar(visit.stage_id.process_id, visit.company_id)
        spans = [(visit.entered_at, now), *pauses]
        hours = [self._get_worked(begin, end, calendar, visit.company_id) for begin, end in spans]
        return vals | {"worked_hours": round(hours[0] - sum(hours[1:]), 4)}

    @api.model
    def _get_run(self, document, start, end, process):
        """Return the working hours from ``start`` to ``end`` (naive UTC), by the calendar of ``process``, in which the
        one ``document`` waited for us: no hold stopped its clock, and it was not over and yet to be taken up again.
        """
        idle, before = [], None
        for visit in document.sop_visit_ids.sorted("id"):
            idle += visit._get_pauses() + ([(visit.paused_at, end)] if visit.paused_at else [])
            if before and before.left_at and before.left_at < visit.entered_at:
                idle.append((before.left_at, visit.entered_at))
            before = visit
        if before and before.left_at:
            idle.append((before.left_at, end))
        calendar, company = self._get_calendar(process, document.company_id), document.company_id
        spans = [(start, end), *((max(begin, start), min(stop, end)) for begin, stop in idle)]
        hours = [self._get_worked(begin, stop, calendar, company) for begin, stop in spans]
        return round(hours[0] - sum(hours[1:]), 4)

    @api.model
    def _get_shown_deadline(self, visit):
        """Return the deadline that an order in the one ``visit`` shows: none while its clock stands, unless it was
        late already, so that whoever compares it with the present finds what is late and nothing else."""
        return False if visit.paused_at and not visit.late else visit.deadline

    # -- holds that stop the clock -------------------------------------------------------------------------------------

    @api.model
    def _is_stopped(self, document):
        """Tell whether a hold on the one ``document`` stops its clock."""
        return any(hold.type_id.stops_clock for hold in document._sop_open_holds())

    @api.model
    def _follow_holds(self, documents, journal):
        """Stop the clocks of ``documents`` that have come on a hold that stops them, and start those again that have
        none left; whatever runs, or stands, already is left as it is, so that nested holds count once.

        Called when holds were set or released, and the status of ``documents`` says so already.
        """
        for document in documents.sudo().filtered("sop_visit_id"):  # follows holds; their callers were checked
            visit, stopped = document.sop_visit_id, self._is_stopped(document)
            if stopped != bool(visit.paused_at):
                records = [visit, *self._get_ticking(document)]
                (self._stop if stopped else self._go_on)(document, records, journal)

    @api.model
    def _get_ticking(self, document):
        """Return the live checks of the one ``document`` that have a clock of their own."""
        return [check for check in document.sop_check_ids if check.started_at and not check.superseded]

    @api.model
    def _stop(self, document, records, journal):
        now = self._now()
        for record in records:
            write_rows(record, {"paused_at": now, "next_at": False})
        self._show(document)
        types = document._sop_open_holds().type_id.filtered("stops_clock")
        data = {"visit": records[0].id, "checks": [check.id for check in records[1:]], "types": types.mapped("code")}
        journal.append((document, "paused", data))

    @api.model
    def _go_on(self, document, records, journal):
        now = self._now()
        for record in records:
            pauses = record._get_pauses() + ([(record.paused_at, now)] if record.paused_at else [])
            write_rows(record, {"paused_at": False, "pauses": _as_json(pauses)})
        self._reset(document, records, "resumed", {}, journal)
        self.env["sop.engine.pace"]._follow(document)

    # -- other working hours -------------------------------------------------------------------------------------------

    @api.model
    def _reset(self, document, records, code, data, journal):
        """Set the times of the visit and the checks in ``records`` of the one ``document`` anew and log what changed;
        those of its approvals go along.

        :param code: of the line in the log; ``rescheduled`` is written only where something changed
        """
        changed = []
        for record in records:
            told = self._take_back(record, journal)
            times = self._get_record_times(record, told) | {"told": told}
            if any((record[name] or False) != times[name] for name in ("warn_at", "deadline")):
                changed.append({record._name.removeprefix("sop."): record.id} | self._get_log(times))
            write_rows(record, times | ({"next_at": False} if record.paused_at else {}))
        self.env["sop.engine.approval"]._reset_times(document)
        self._show(document)
        if changed or code != "rescheduled":
            journal.append((document, code, {"visit": document.sop_visit_id.id, "times": changed} | data))

    @api.model
    def _take_back(self, record, journal):
        """Close the alerts on the one ``record`` whose time has not come any more, now that its limit has moved.

        :return: how much of its agenda stays told
        """
        told, now = record.told or 0, self._now()
        while told and not ((due := self._get_record_times(record, told - 1)["next_at"]) and due <= now):
            told -= 1
        if told < (record.told or 0):
            kinds = Domain.OR(Domain("kind", "=", kind) & Domain("level", "=", level) for kind, level in AGENDA[told:])
            subject = Domain("check_id", "=", record.id)
            if record._name == "sop.visit":
                subject = Domain("visit_id", "=", record.id) & Domain("check_id", "=", False)
            alerts = self.env["sop.alert"].sudo().search(subject & kinds)  # the engine's own
            for alert in alerts:  # should the limit move back, it is told all the same
                as_engine(alert).write({"key": f"{alert.key}:{alert.id}"})
            still_open = alerts.filtered(lambda alert: alert.state != "closed")
            self.env["sop.engine.alert"]._close(still_open, dict.fromkeys(still_open, "moved"), journal)
        return told

    @api.model
    def _show(self, document):
        deadline = self._get_shown_deadline(document.sop_visit_id)
        if document.sop_deadline != deadline:
            self.env["sop.engine.evaluation"]._write_owned(document, {"sop_deadline": deadline})


def _as_json(pauses):
    return [[moment.isoformat() for moment in pause] for pause in pauses]
