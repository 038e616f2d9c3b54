from odoo import api, models

from .reading import stored
from .subset import pick

FINAL_STATES = ("done", "posted", "cancel")
OPEN_STATES = ("pending", "failed")


class SopEngineReaction(models.AbstractModel):
    """What the flow does by itself when the ERP's document changes: its content, its state, what follows its end."""

    _name = "sop.engine.reaction"
    _description = "SOP engine: reactions to the ERP"

    @api.model
    def _reconsider(self, documents, changed, journal, refiled=()):
        """Send ``documents`` back to the earliest stage behind them that they would not pass any more.

        Because what it judged of the content no longer holds, for the ``changed`` ones, or of the files attached, for
        the ``refiled`` ones; because it was skipped, or one of its checks did not apply, and now it does, or was passed
        over for a time that is over, for all.
        """
        back, waivers = self._get_skipped(documents), self.env["sop.engine.waivers"]
        every = documents.sop_check_ids
        if not changed and not refiled:  # which leaves few
            states = ("not_applicable", "waived")
            every = pick(every, [id_ for id_, state in stored(every, "state") if state in states])
        checks = every.filtered(
            lambda check: (
                (
                    check.state == "not_applicable"
                    or (changed and check.flow in changed and check.checkpoint_id._judges_content())
                    or (refiled and check.flow in refiled and check.checkpoint_id.watch_ids._minds_files())
                    or waivers._is_open_again(check)
                )
                and not check.superseded
                and check.checkpoint_id.scope == "order"
                and self._is_behind(check.stage_id, check.flow)
            )
        )
        for check, (state, _code, _data) in self.env["sop.engine.checks"]._get_states(checks).items():
            if state in OPEN_STATES and check.checkpoint_id.blocking:
                stage, _checkpoint = back.get(check.flow, (None, None))
                if not stage or check.stage_id._is_before(stage):
                    back[check.flow] = (check.stage_id, check.checkpoint_id)
        for document, (stage, checkpoint) in back.items():
            data = {"changed": checkpoint.id} if checkpoint else {}
            self.env["sop.engine.flow"]._go_back(document, stage, data, journal)

    @api.model
    def _is_behind(self, stage, document):
        """Tell whether ``document`` has left ``stage`` behind."""
        return stage._is_before(document.sop_stage_id) or document.sop_status == "done"

    @api.model
    def _get_skipped(self, documents):
        """Return ``{document: (stage, its first checkpoint)}``: the earliest stage that ``documents`` were too small,
        say, to enter when they came by, and that applies to them now."""
        skipped = {}
        for process, batch in documents.grouped("sop_process_id").items():
            for stage in process.stage_ids.filtered("order_domain")._in_order():
                by_then = batch.filtered(lambda document, stage=stage: self._is_behind(stage, document))
                for document in stage._filter_orders(by_then):
                    visits = document.sop_visit_ids.filtered(
                        lambda v, stage=stage: v.process_id == stage.process_id and not stage._is_before(v.stage_id)
                    )
                    if visits.sorted("id")[-1:].stage_id != stage:
                        skipped.setdefault(document, (stage, stage.checkpoint_ids[:1]))
        return skipped

    @api.model
    def _follow_erp_state(self, documents, journal):
        """Close the flow of documents that the ERP has cancelled.

        :return: the documents that go on
        """
        cancelled = documents.filtered(lambda document: document._sop_state() == "cancelled")
        if cancelled:
            self.env["sop.engine.flow"]._leave(cancelled, "cancelled", {}, journal)
            self.env["sop.engine.evaluation"]._write_owned(
                cancelled,
                {"sop_status": "cancelled", "sop_visit_id": False, "sop_deadline": False, "sop_user_id": False},
            )
            self.env["sop.engine.pace"]._follow(cancelled)
            self.env["sop.engine.approval"]._follow(cancelled.sop_check_ids, journal)
            self.env["sop.engine.conditions"]._end(cancelled, journal)
            self.env["sop.engine.waivers"]._end_all(cancelled, journal, "cancelled")
            if cancelled._sop_link == "order_id":
                self.env["sop.engine.remedy"]._end(cancelled, journal)
            journal += [(document, "cancelled", {}) for document in cancelled]
        return documents - cancelled

    @api.model
    def _reopen(self, documents):
        """Start ``documents`` that were cancelled again, at the first stage, in a new cycle of the same version."""
        documents = documents.sudo().filtered(lambda d: d.sop_status == "cancelled")  # follows the order's own state
        if not documents:
            return
        self.env["sop.engine.evaluation"]._lock(documents)
        journal = [(document, "reopened", {}) for document in documents]
        live = documents.sop_check_ids.filtered(lambda check: not check.superseded)
        self.env["sop.engine.flow"]._supersede(live, journal)
        held = documents.filtered(lambda document: document._sop_open_holds())  # a hold outlives the cancellation
        for batch, status in ((documents - held, "running"), (held, "on_hold")):
            self.env["sop.engine.evaluation"]._write_owned(batch, {"sop_status": status, "sop_stage_id": False})
        self.env["sop.engine.flow"]._enter(documents, self.env["sop.engine.flow"]._next_stages(documents), journal)
        self.env["sop.engine.evaluation"]._run(documents, journal=journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _resume(self, documents, journal):
        """Send finished ``documents`` for which a delivery or invoice appeared, that nobody has checked, to the stage
        that checks it; a new cycle begins there."""
        for document in documents:
            checks = document.sop_check_ids
            known = {(check.checkpoint_id, check._get_document()) for check in checks if not check.superseded}
            stages = document.sop_stage_id.browse()
            for scope, items in (
                ("delivery", document._sop_deliveries().get(document, ())),
                ("invoice", document._sop_invoices().get(document, ())),
            ):
                for checkpoint in document.sop_process_id.stage_ids.checkpoint_ids:
                    if checkpoint.scope == scope and checkpoint.blocking and checkpoint._filter_orders(document):
                        fresh = [item for item in items if item.state not in FINAL_STATES]
                        if any((checkpoint, item) not in known for item in fresh):
                            stages |= checkpoint.stage_id
            if stages:
                self.env["sop.engine.flow"]._go_back(document, stages._in_order()[0], {}, journal)
