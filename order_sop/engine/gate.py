from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from .reading import stored
from .subset import pick

SCOPES = {"stock.picking": ("delivery", "picking_id"), "account.move": ("invoice", "invoice_id")}


class SopEngineGate(models.AbstractModel):
    """Opens or closes the gates ``confirm``, ``ship``, ``invoice`` and ``close``.

    A gate is unlocked by the stage that names it: it is open once that stage is complete. What was found out since
    the gate before is asked again at that very moment. The banner, the button and the server all use
    :meth:`_gate_reasons`. A reason is JSON: ``{"code", "check", "stage", "hold", "data", …}``, see ``_reason_text``.
    """

    _name = "sop.engine.gate"
    _description = "SOP engine: gates"

    @api.model
    def _gate_reasons(self, documents, gate, items=None, judged=(), moves=None):
        """Return why ``gate`` is closed: ``{document: [reason…]}``, documents with an open gate left out.

        Nothing is written or raised. Documents without a process never have a reason.

        :param documents: flow documents, as evaluated last
        :param gate: ``confirm``, ``ship``, ``invoice`` or ``close``
        :param items: ``{document: deliveries or invoices}`` that want to pass; None: each document as a whole
        :param judged: ids of checks that were judged just now and need not be asked again
        :param moves: ``{document: stock moves}`` of these deliveries that are to be done; None: all of them
        """
        documents = documents.sudo().filtered("sop_process_id")  # gates hold for everybody, whatever he may read
        reasons = defaultdict(list)
        to_judge = {}
        for document in documents:
            for hold in document._sop_open_holds():
                if hold.type_id._closes(gate) and hold._stops(items and items[document], moves and moves[document]):
                    reasons[document].append({"code": "hold", "hold": hold.id})
            opener = document.sop_process_id._get_gate_stage(gate)
            if opener:
                to_judge[document] = self._get_gate_checks(document, opener, items and items[document])
        states = {}
        for company, batch in documents.grouped("company_id").items():
            checks = self.env["sop.check"].sudo().union(*(to_judge[d] for d in batch if d in to_judge))  # as above
            again = checks.filtered(lambda check: check.id not in judged and not check._holds_on()).with_company(
                company
            )
            states |= self.env["sop.engine.checks"]._get_states(again)
        for document, checks in to_judge.items():
            present = document.sop_stage_id
            opener = document.sop_process_id._get_gate_stage(gate)
            unmet = []
            for check in checks:
                state, code, data = states.get(check, (check.state, check.reason_code, check.reason_data))
                if state in ("pending", "failed") and check.checkpoint_id.blocking:
                    unmet.append({"code": "check", "check": check.id, "reason": code or None, "data": data or None})
            if items is not None:
                unmet += self._get_unchecked(document, opener, items[document])
            if document.sop_status == "cancelled":
                if gate == "confirm" or present._is_before(opener):
                    unmet = [{"code": "cancelled"}]
            elif document.sop_status != "done" and present._is_before(opener):
                if not unmet:
                    awaited = self.env["sop.engine.evaluation"]._get_awaited(document)
                    unmet.append({"code": "awaited" if awaited else "complete", "stage": present.id})
                unmet.append({"code": "later", "stage": present.id, "opener": opener.id, "gate": gate})
            elif present == opener and document.sop_visit_id.returned and not unmet:
                unmet.append({"code": "complete", "stage": present.id})
            reasons[document] += unmet
        return {document: texts for document, texts in reasons.items() if texts}

    @api.model
    def _get_gate_checks(self, document, opener, items):
        """Return the checks of ``document`` that count for the gate of stage ``opener``.

        Checks of the stages after the previous gate, up to the opener (or the present stage, when that is earlier);
        where certain deliveries or invoices want to pass, those of others are left out.
        """
        stages = self._get_window(opener) | document.sop_stage_id
        stage_ids = {stage.id for stage in stages if not opener._is_before(stage)}
        checks = document.sop_check_ids
        found = stored(checks, "superseded", "stage_id")
        live = pick(checks, [id_ for id_, superseded, stage_id in found if not superseded and stage_id in stage_ids])
        if items is None:
            return live
        return live.filtered(
            lambda check: not (item := check._get_document()) or item._name != items._name or item in items
        )

    @api.model
    def _get_window(self, opener):
        """Return the stages behind the gate before the one that stage ``opener`` unlocks, up to that."""
        process = opener.process_id
        previous = process._get_previous_gate_stage(opener)
        return process.stage_ids.filtered(
            lambda stage: not opener._is_before(stage) and (not previous or previous._is_before(stage))
        )

    @api.model
    def _get_unchecked(self, document, opener, items):
        """Return reasons for those of ``items`` that nobody could check yet, though the stage was reached.

        Goods that leave without a delivery, and deliveries or invoices that appeared after the document was finished.
        """
        scope, field = SCOPES[items._name]
        present = document.sop_stage_id
        checkpoints = self._get_window(opener).checkpoint_ids.filtered(
            lambda checkpoint: (
                checkpoint.scope == scope
                and checkpoint.blocking
                and not present._is_before(checkpoint.stage_id)
                and checkpoint._filter_orders(document)
            )
        )
        if not checkpoints:
            return []
        if not items:
            return [{"code": "loose", "checkpoint": checkpoints[0].id}]
        known = {
            (check.checkpoint_id, check[field])
            for check in document.sop_check_ids
            if not check.superseded or check.state in ("passed", "waived")
        }
        return [
            {"code": "unchecked", "checkpoint": checkpoint.id, "model": items._name, "item": item.id}
            for item in items
            for checkpoint in checkpoints
            if (checkpoint, item) not in known
        ]

    @api.model
    def _enforce(self, documents, gate, items=None, moves=None):
        """Let ``documents`` pass ``gate`` or raise; the one place behind every path.

        :param items: as for :meth:`_gate_reasons`
        :param moves: as for :meth:`_gate_reasons`
        :raise UserError: naming all that is missing on all of them, and who can do it; the reasons themselves are in
            its attribute ``sop_reasons``
        """
        documents = documents.sudo()  # as _gate_reasons
        judged = self._evaluate(documents, items, gate)
        documents = documents.filtered("sop_process_id")
        if not documents:
            return
        journal = []
        reasons = self._gate_reasons(documents, gate, items, judged, moves)
        if reasons:
            # no subclass: the web client shows those that it does not know as a crash
            error = UserError(self._get_message(reasons, gate))
            error.sop_reasons = reasons
            raise error
        for document in documents:
            data = {"gate": gate}
            if items is not None:
                data["items"] = items[document].ids
            journal.append((document, "passed_gate", data))
        self._release_waiting_holds(documents, gate, journal)
        self.env["sop.engine.waivers"]._note_gate(documents, gate)
        if items is None:
            at_gate = documents.filtered(
                lambda d: d.sop_visit_id and d.sop_stage_id == d.sop_process_id._get_gate_stage(gate)
            )
            self.env["sop.engine.flow"]._advance(at_gate, journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _evaluate(self, documents, items, gate):
        """Bring ``documents`` up to date; those made in this very transaction are put under their process as well.

        :param items: as for :meth:`_gate_reasons`
        :return: ids of the checks that were judged
        """
        evaluation = self.env["sop.engine.evaluation"]
        documents.sop_process_id._warm_up()
        if gate == "confirm":  # what came by mail has marked nothing, see sop.document.mixin
            watching = documents.filtered(lambda d: d.sop_process_id.stage_ids.checkpoint_ids.watch_ids._minds_files())
            evaluation._mark(watching, "files")
        evaluation._mark(documents, SCOPES[next(iter(items.values()))._name][0] if items else None)
        return evaluation._flush()

    @api.model
    def _release_waiting_holds(self, documents, gate, journal):
        """Release the holds of ``documents`` that only waited for ``gate`` to be passed."""
        holds = documents._sop_open_holds().filtered(lambda hold: hold.type_id._waits_for(gate))
        self.env["sop.engine.holds"]._release(holds, "gate", journal)

    # -- paths without a person ----------------------------------------------------------------------------------------

    @api.model
    def _hold_closed(self, documents, gate, type_code, items=None):
        """Put documents whose ``gate`` is closed on an explaining hold; never raise because of a gate.

        :param items: as for :meth:`_gate_reasons`
        :param type_code: code of the ``sop.hold.type``
        :return: the documents that may not pass
        """
        judged = self._evaluate(documents, items, gate)
        reasons = self._gate_reasons(documents, gate, items, judged)
        closed = documents.filtered(lambda document: document.sudo() in reasons)  # as its keys are
        if closed:
            self.env["sop.engine.holds"]._set(closed, type_code, reasons)
        return closed

    @api.model
    def _confirm_or_hold(self, documents, type_code, confirm):
        """Confirm ``documents`` one by one by ``confirm(document)``; those whose gate is closed are held instead.

        What is found out only while confirming undoes that document's confirmation, nothing else.

        :return: the documents that were confirmed
        """
        confirmed = documents - self._hold_closed(documents, "confirm", type_code)
        for document in confirmed:
            try:
                with self.env.cr.savepoint():
                    confirm(document)
            except UserError as error:
                reasons = getattr(error, "sop_reasons", None)
                if not reasons:
                    raise
                confirmed -= document
                self.env["sop.engine.holds"]._set(document, type_code, reasons)
        return confirmed
