from odoo import api, models

FINAL_STATES = ("done", "posted", "cancel")


class SopEngineResume(models.AbstractModel):
    """Takes up finished documents again: what comes after the end passes the same stages as what came before."""

    _inherit = "sop.engine.flow"

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
                self._go_back(document, stages._in_order()[0], {}, journal)
