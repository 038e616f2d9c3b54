import logging

from odoo import api, models

from .crons import LATER, trigger
from .guard import as_engine
from .isolation import work_off

_logger = logging.getLogger(__name__)


class SopEngineHolds(models.AbstractModel):
    """Sets and releases holds. Checks nobody; for people's own holds see the other files of this model.

    Methods work in superuser mode on locked documents; log lines go to ``journal`` as in ``sop.engine.flow``.
    """

    _name = "sop.engine.holds"
    _description = "SOP engine: holds"

    @api.model
    def _set(self, documents, type_code, reasons=None, note=None):
        """Put ``documents`` on a hold of the type with ``type_code`` and tell the people responsible; one that is open
        already is left as it is.

        :param reasons: ``{document: [gate reason…]}`` that explain it
        :return: the new holds
        """
        documents = documents.sudo()  # called by the engine, or after the caller was checked
        hold_type = self.env["sop.hold.type"]._get_by_code(type_code)
        self.env["sop.engine.evaluation"]._lock(documents)
        journal = []
        holds = self._put(documents, hold_type, journal, reasons, note=note)
        self.env["sop.engine.evaluation"]._close_journal(journal)
        for hold in holds.sudo():  # the text of the hold, for the people responsible
            self._tell(hold.flow, hold)
        return holds

    @api.model
    def _put(self, documents, hold_type, journal, reasons=None, judged=None, **vals):
        """Put ``documents`` on a hold of ``hold_type``; one that is open already is left as it is.

        :param reasons: ``{document: [gate reason…]}`` that explain it
        :param judged: ``{document: hash}`` of what a hold set by itself is about
        :param vals: further values of the holds; without ``expires_at`` they end as their type says
        :return: the new holds
        """
        documents = documents.filtered(lambda d: hold_type not in d._sop_open_holds().type_id)
        if not documents:
            return self.env["sop.hold"]
        now = self.env["sop.engine.clock"]._now()
        vals_list = [
            {
                document._sop_link: document.id,
                "company_id": document.company_id.id,
                "type_id": hold_type.id,
                "reason_data": (reasons or {}).get(document) or False,
                "judged": (judged or {}).get(document) or False,
                "set_at": now,
                "set_by_id": self.env.uid,
                "expires_at": hold_type._get_expires_at(document, now),
                **vals,
            }
            for document in documents
        ]
        holds = as_engine(self.env["sop.hold"]).create(vals_list).with_env(self.env)
        running = documents.filtered(lambda document: document.sop_status in ("running", "waiting"))
        self.env["sop.engine.evaluation"]._write_owned(running, {"sop_status": "on_hold"})
        self._log_held(holds.sudo(), journal)  # what they are about
        self.env["sop.engine.clock"]._follow_holds(documents, journal)
        for expires_at in set(holds.sudo().mapped("expires_at")) - {False}:  # as above
            self._trigger(expires_at)
        return holds

    @api.model
    def _log_held(self, holds, journal):
        """Add a line for each of ``holds``: its type, why, on which lines, until when."""
        for hold in holds:
            data = {
                "hold": hold.id,
                "type": hold.type_id.code,
                "note": hold.note,
                "reasons": hold.reason_data,
                "lines": hold.line_ids.ids,
                "expires": hold.expires_at and hold.expires_at.isoformat(),
            }
            journal.append((hold.flow, "held", {key: value for key, value in data.items() if value}))

    @api.model
    def _tell(self, document, hold):
        """Tell the people responsible of ``hold``; the hold stands whether or not that works."""
        try:
            with self.env.cr.savepoint():
                document._sop_tell_hold(hold)
        except Exception:
            _logger.exception("order_sop: nobody could be told of the hold on %s", document)

    @api.model
    def _release(self, holds, outcome, journal, reason=None):
        """Release ``holds`` that are open and bring their documents' status up to date.

        :param outcome: why: an outcome of ``sop.hold``
        :param reason: what the person who releases them says
        """
        holds = holds.filtered(lambda hold: not hold.released_at)
        if not holds:
            return
        vals = {
            "released_at": self.env["sop.engine.clock"]._now(),
            "released_by_id": self.env.uid,
            "outcome": outcome,
            "release_reason": reason,
        }
        if outcome not in ("hand", "expired"):  # those are not to be set again for the same
            vals["judged"] = False
        as_engine(holds).write(vals)
        for hold in holds:
            data = {"hold": hold.id, "type": hold.type_id.code, "outcome": outcome, "note": reason}
            data["lines"] = hold.line_ids.ids
            journal.append((hold.flow, "released", {key: value for key, value in data.items() if value}))
        self.env["sop.engine.evaluation"]._update_status(holds.flow)
        self.env["sop.engine.clock"]._follow_holds(holds.flow, journal)
        holds.flow._sop_hold_over()

    # -- time ----------------------------------------------------------------------------------------------------------

    @api.model
    def _release_answered(self, documents):
        """Release the holds on ``documents``, whose customers have written, that only waited for that."""
        holds = documents._sop_open_holds().filtered(lambda hold: hold.type_id.code == "case_customer")
        if holds:
            self.env["sop.engine.evaluation"]._lock(documents)
            journal = []
            self._release(holds, "answered", journal)
            self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _trigger(self, at=None):
        """Have what is due ended at ``at`` (naive UTC), or soon after this transaction is committed."""
        trigger(self.env, "due_cron", at)

    @api.model
    def _cron_due(self):
        """End the holds and the waivers whose time is over; costs what is due.

        One that cannot be ended is logged and does not stop the others; what somebody works on comes soon.
        """
        now = self.env["sop.engine.clock"]._now()
        due = [("expires_at", "<=", now)]
        holds = self.env["sop.hold"].search([*due, ("released_at", "=", False)], order="id")
        waivers = self.env["sop.waiver"].search([*due, ("ended_at", "=", False)], order="id")
        for records, expire in ((holds, self._expire), (waivers, self.env["sop.engine.waivers"]._expire)):
            work_off(records, expire, lambda: self._trigger(now + LATER))

    @api.model
    def _expire(self, holds):
        """Release ``holds`` whose time is over."""
        journal = []
        self._release(holds, "expired", journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)
