from odoo import api, models

FINAL_STATES = ("done", "posted", "cancel")


class SopEngineReaction(models.AbstractModel):
    """What the flow does by itself when the ERP's document changes: its content, its state, what follows its end."""

    _name = "sop.engine.reaction"
    _description = "SOP engine: reactions to the ERP"

    @api.model
    def _reconsider(self, documents, journal):
        """Judge again what earlier stages judged of the documents' content; send back those that no longer hold."""
        checks = documents.sop_check_ids.filtered(
            lambda check: (
                not check.superseded
                and check.checkpoint_id.scope == "order"
                and (check.stage_id._is_before(check.order_id.sop_stage_id) or check.order_id.sop_status == "done")
                and (
                    check.checkpoint_id.kind == "approval"
                    or check.checkpoint_id._judges_content()
                    or check.state == "not_applicable"
                )
            )
        )
        back = {}
        states = self.env["sop.engine.checks"]._get_states(checks)
        for check, (state, _code, _data) in states.items():
            if state in ("pending", "failed") and check.checkpoint_id.blocking:
                earliest = back.setdefault(check.order_id, check)
                if check.stage_id._is_before(earliest.stage_id):
                    back[check.order_id] = check
        for document, check in back.items():
            self.env["sop.engine.flow"]._go_back(document, check.stage_id, {"changed": check.checkpoint_id.id}, journal)

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
