import logging

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .guard import as_engine

_logger = logging.getLogger(__name__)


class SopEngineHolds(models.AbstractModel):
    """Sets and releases holds."""

    _name = "sop.engine.holds"
    _description = "SOP engine: holds"

    @api.model
    def _set(self, documents, type_code, reasons=None, note=None):
        """Put ``documents`` on a hold of the type with ``type_code``; one that is open already is left as it is.

        :param reasons: ``{document: [gate reason…]}`` that explain it
        :return: the new holds
        """
        documents = documents.sudo()  # called by the engine, or after the caller was checked
        hold_type = self._get_type(type_code)
        self.env["sop.engine.evaluation"]._lock(documents)
        documents = documents.filtered(lambda d: hold_type not in d._sop_open_holds().type_id)
        now = self.env["sop.engine.clock"]._now()
        vals_list = [
            {
                "order_id": document.id,
                "company_id": document.company_id.id,
                "type_id": hold_type.id,
                "reason_data": (reasons or {}).get(document) or False,
                "note": note,
                "set_at": now,
                "set_by_id": self.env.uid,
            }
            for document in documents
        ]
        holds = as_engine(self.env["sop.hold"]).create(vals_list).with_env(self.env)
        running = documents.filtered(lambda document: document.sop_status in ("running", "waiting"))
        self.env["sop.engine.evaluation"]._write_owned(running, {"sop_status": "on_hold"})
        journal = [
            (document, "held", {"hold": hold.id, "type": type_code})
            for document, hold in zip(documents, holds, strict=True)
        ]
        self.env["sop.engine.clock"]._follow_holds(documents, journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)
        for document, hold in zip(documents, holds, strict=True):
            self._tell(document, hold.sudo())  # the text of the hold, for the people responsible
        return holds

    @api.model
    def _get_type(self, code):
        """Return the type of hold with ``code``, whatever became of it: what has to be held is held."""
        types = self.env["sop.hold.type"].sudo().with_context(active_test=False)  # configuration
        return types.search([("code", "=", code)], limit=1) or types.create({"name": code, "code": code})

    @api.model
    def _tell(self, document, hold):
        """Tell the people responsible of ``hold``; the hold stands whether or not that works."""
        try:
            with self.env.cr.savepoint():
                document._sop_tell_hold(hold)
        except Exception:
            _logger.exception("order_sop: nobody could be told of the hold on %s", document)

    @api.model
    def _release(self, holds, journal):
        """Release ``holds`` that are open and bring their documents' status up to date."""
        holds = holds.filtered(lambda hold: not hold.released_at)
        if not holds:
            return
        as_engine(holds).write({"released_at": self.env["sop.engine.clock"]._now(), "released_by_id": self.env.uid})
        journal += [(hold.order_id, "released", {"hold": hold.id, "type": hold.type_id.code}) for hold in holds]
        self.env["sop.engine.evaluation"]._update_status(holds.order_id)
        self.env["sop.engine.clock"]._follow_holds(holds.order_id, journal)
        holds.order_id._sop_hold_over()

    @api.model
    def _release_by_hand(self, holds):
        """Release ``holds`` for the current user, who has to be an SOP manager."""
        holds.check_access("read")
        if not self.env.user.has_group("order_sop.group_manager"):
            raise AccessError(self.env._("Only an SOP manager can release a hold."))
        holds = holds.sudo()  # the user was checked above
        if any(hold.released_at for hold in holds):
            raise UserError(self.env._("This hold has been released already."))
        self.env["sop.engine.evaluation"]._lock(holds.order_id)
        journal = []
        self._release(holds, journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)
