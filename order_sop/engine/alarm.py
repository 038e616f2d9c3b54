from odoo import api, models

from ..models.sop_flow_mixin import OPEN_STATUSES
from .crons import LATER, trigger
from .isolation import isolated
from .rows import write_rows
from .stopwatch import AGENDA

BATCH = 200


class SopEngineAlarm(models.AbstractModel):
    """Tells of time limits: the warning before, the breach, the escalations after; each exactly once.

    What has to be told next, and when, stands in one indexed column of the visit or check, ``next_at``. The cron reads
    what is due there, raises the alerts and writes what comes next in one transaction: killed at any point, or run
    twice at once, nothing is lost or told again.
    """

    _name = "sop.engine.alarm"
    _description = "SOP engine: warnings, breaches, escalations"

    @api.model
    def _trigger(self, at=None):
        """Have what is due told soon after this transaction is committed, or at ``at`` (naive UTC)."""
        trigger(self.env, "alarm_cron", at)

    @api.model
    def _cron_tell(self):
        """Tell all that is due, customers of delays too; one record that cannot be told of is logged and does not stop
        the others."""
        for model in ("sop.visit", "sop.check"):
            self._work_off(self.env[model])
        self.env["sop.engine.delay"]._tell_due()

    @api.model
    def _work_off(self, model):
        """Tell what is due of the records of ``model``, in batches."""
        cron, undone = self.env["ir.cron"], []
        while records := model.search([*self._get_due_domain(model), ("id", "not in", undone)], limit=BATCH):
            isolated(records, self._tell)
            undone += model.search([*self._get_due_domain(model), ("id", "in", records.ids)]).ids
            if not cron._commit_progress(len(records), remaining=int(len(records) == BATCH)):
                break

    @api.model
    def _get_due_domain(self, model):
        """Return which records of ``model`` have something to tell by now, as its partial index knows them."""
        due = [("next_at", "<=", self.env["sop.engine.clock"]._now())]
        if model._name == "sop.visit":
            return [*due, ("left_at", "=", False)]
        return [*due, ("state", "in", ("pending", "failed")), ("superseded", "=", False)]

    @api.model
    def _tell(self, records):
        """Raise what is due of ``records``, visits or checks; of orders that somebody works on it is done later."""
        clock = self.env["sop.engine.clock"]
        now, documents = clock._now(), records.flow
        free = documents.try_lock_for_update(allow_referencing=True)
        if free != documents:
            self._trigger(now + LATER)
        alerts, journal = [], []
        for record in records.filtered(lambda record: record.flow in free):
            told, next_at = record.told or 0, record.next_at
            while next_at and next_at <= now:
                if not self._matters(record):
                    next_at = False
                    break
                kind, level = AGENDA[told]
                field = f"{record._name.removeprefix('sop.')}_id"
                alerts.append({"kind": kind, "level": level, field: record.id, "due_at": record.deadline})
                told += 1
                next_at = clock._get_record_times(record, told)["next_at"]
            write_rows(record, {"told": told, "next_at": next_at})
        self.env["sop.engine.alert"]._raise(alerts, journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _matters(self, record):
        """Tell whether somebody still has to do with the one visit or check: a check that the order did not have to
        wait for is left behind with its stage."""
        order = record.flow
        if record._name == "sop.visit":
            return order.sop_visit_id == record
        return order.sop_status in OPEN_STATUSES and (record.stage_id == order.sop_stage_id or record._get_document())
