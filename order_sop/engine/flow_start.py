from odoo import api, models


class SopEngineFlowStart(models.AbstractModel):
    """Puts documents under a process, and under another one that takes them by now."""

    _inherit = "sop.engine.flow"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _start_new(self, documents, journal):
        """Put those of ``documents`` under a process whose company has the switch on and that a process takes.

        Cancelled ones too: they would come back to life without one.
        """
        documents = documents.filtered(lambda d: d.company_id.sop_active)
        if documents:
            self._start(documents, journal=journal)

    @api.model
    def _start(self, documents, process=None, journal=None):
        """Put ``documents`` under ``process``, or under the published process that each matches, and enter its first
        stage. Documents that have a process already, or match none, are left alone.

        :return: the documents that were started
        """
        documents = documents.sudo().filtered(lambda d: not d.sop_process_id)  # the caller has checked the user
        matches = {process: documents} if process else self.env["sop.process"].sudo()._match(documents)  # config
        own_journal = journal is None
        journal, started = [] if own_journal else journal, documents.browse()
        if not self.env["sop.process"]._is_in_use():
            self.env["sop.process"]._forget()  # from now on it is
        for matched, batch in matches.items():
            self._put_under(batch, matched, "started", journal)
            started |= batch
        if own_journal:
            self.env["sop.engine.evaluation"]._close_journal(journal)
        return started

    @api.model
    def _put_under(self, documents, process, code, journal):
        """Pin ``documents`` to ``process``, log that with ``code``, and enter its first stage."""
        vals = {"sop_process_id": process.id, "sop_stage_id": False}
        if code == "started":
            vals["sop_status"] = "running"
        self.env["sop.engine.evaluation"]._write_owned(documents, vals)
        data = {"process": process.id, "code": process.code, "version": process.version}
        journal += [(document, code, data) for document in documents]
        self._enter(documents, self._next_stages(documents), journal)

    @api.model
    def _rematch(self, documents, journal):
        """Move those unconfirmed ``documents`` that would start under another process by now, since the customer was
        changed, say, to that one. A newer version of their own is no other; one that no process takes stays where it
        is: nobody leaves the SOP by an edit.
        """
        candidates = documents.filtered(
            lambda d: d._sop_state() == "open" and d.sop_status != "done" and d.company_id.sop_active
        )
        for process, batch in self.env["sop.process"].sudo()._match(candidates).items():  # config
            moving = batch.filtered(lambda d, process=process: d.sop_process_id.code != process.code)
            if moving:
                self._leave(moving, "moved", {}, journal)
                self.env["sop.engine.waivers"]._end_all(moving, journal, "moved")
                self._supersede(moving.sop_check_ids.filtered(lambda check: not check.superseded), journal)
                self._put_under(moving, process, "moved", journal)
