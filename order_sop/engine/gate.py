from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from .guard import as_engine


class SopEngineGate(models.AbstractModel):
    """Opens or closes the gates ``confirm``, ``ship``, ``invoice`` and ``close``.

    A gate is unlocked by the stage that names it: it is open once that stage is complete. What was found out since
    the gate before is asked again at that very moment. The banner, the button and the server all use
    :meth:`_gate_reasons`. A reason is JSON: ``{"code", "check", "stage", "hold", "data", …}``, see ``_reason_text``.
    """

    _name = "sop.engine.gate"
    _description = "SOP engine: gates"

    @api.model
    def _gate_reasons(self, documents, gate, items=None, judged=()):
        """Return why ``gate`` is closed: ``{document: [reason…]}``, documents with an open gate left out.

        Nothing is written or raised. Documents without a process never have a reason.

        :param documents: flow documents, as evaluated last
        :param gate: ``confirm``, ``ship``, ``invoice`` or ``close``
        :param items: the deliveries or invoices that want to pass; None: the document as a whole
        :param judged: ids of checks that were judged just now and need not be asked again
        """
        documents = documents.sudo().filtered("sop_process_id")  # gates hold for everybody, whatever he may read
        reasons = defaultdict(list)
        to_judge = {}
        for document in documents:
            for hold in document._sop_open_holds():
                if hold.type_id._closes(gate):
                    reasons[document].append({"code": "hold", "hold": hold.id})
            opener = document.sop_process_id._get_gate_stage(gate)
            if opener:
                to_judge[document] = self._get_gate_checks(document, opener, items)
        states = {}
        for company, batch in documents.grouped("company_id").items():
            checks = self.env["sop.check"].sudo().union(*(to_judge[d] for d in batch if d in to_judge))  # as above
            again = checks.filtered(lambda check: check.id not in judged).with_company(company)
            states |= self.env["sop.engine.checks"]._get_states(again)
        for document, checks in to_judge.items():
            present = document.sop_stage_id
            opener = document.sop_process_id._get_gate_stage(gate)
            unmet = []
            for check in checks:
                state, code, data = states.get(check, (check.state, check.reason_code, check.reason_data))
                if state in ("pending", "failed") and check.checkpoint_id.blocking:
                    unmet.append({"code": "check", "check": check.id, "reason": code or None, "data": data or None})
            if document.sop_status not in ("done", "cancelled") and present._is_before(opener):
                if not unmet:
                    awaited = self.env["sop.engine.evaluation"]._get_awaited(document)
                    unmet.append({"code": "awaited" if awaited else "complete", "stage": present.id})
                unmet.append({"code": "later", "stage": present.id, "opener": opener.id, "gate": gate})
            reasons[document] += unmet
        return {document: texts for document, texts in reasons.items() if texts}

    @api.model
    def _get_gate_checks(self, document, opener, items):
        """Return the checks of ``document`` that count for the gate of stage ``opener``.

        Checks of the stages after the previous gate, up to the opener (or the present stage, when that is earlier);
        where certain deliveries or invoices want to pass, those of others are left out.
        """
        previous = document.sop_process_id._get_previous_gate_stage(opener)
        present = document.sop_stage_id
        return document.sop_check_ids.filtered(
            lambda check: not check.superseded
            and not opener._is_before(check.stage_id)
            and (not previous or previous._is_before(check.stage_id) or check.stage_id == present)
            and (items is None or not (item := check._get_document()) or item in items or item._name != items._name)
        )

    @api.model
    def _enforce(self, documents, gate, items=None):
        """Let ``documents`` pass ``gate`` or raise; the one place behind every path.

        :raise UserError: naming all that is missing on all of them, and who can do it
        """
        documents = documents.sudo().filtered("sop_process_id")  # as _gate_reasons
        if not documents:
            return
        evaluation = self.env["sop.engine.evaluation"]
        journal = []
        judged = evaluation._run(documents, journal=journal)
        reasons = self._gate_reasons(documents, gate, items, judged)
        if reasons:
            raise UserError(self._get_message(reasons, gate))
        for document in documents:
            data = {"gate": gate}
            if items:
                data["items"] = items.ids
            journal.append((document, "passed_gate", data))
        self._release_waiting_holds(documents, gate, journal)
        if items is None:
            at_gate = documents.filtered(
                lambda d: d.sop_visit_id and d.sop_stage_id == d.sop_process_id._get_gate_stage(gate)
            )
            self.env["sop.engine.flow"]._advance(at_gate, journal)
        evaluation._close_journal(journal)

    @api.model
    def _release_waiting_holds(self, documents, gate, journal):
        if gate == "confirm":
            holds = documents.filtered(lambda d: d.sop_status == "on_hold")._sop_open_holds()
            self.env["sop.engine.holds"]._release(holds.filtered("type_id.release_on_confirm"), journal)

    @api.model
    def _hold_closed(self, documents, gate, type_code):
        """For paths without a person: put documents whose ``gate`` is closed on an explaining hold, never raise.

        :return: the documents that may not pass
        """
        self.env["sop.engine.evaluation"]._flush()
        reasons = self._gate_reasons(documents, gate)
        closed = documents.filtered(lambda document: document.sudo() in reasons)
        if closed:
            self.env["sop.engine.holds"]._set(closed, type_code, reasons)
        return closed

    # -- texts ---------------------------------------------------------------------------------------------------------

    @api.model
    def _get_message(self, reasons, gate):
        """Return the text of ``{document: [reason…]}`` for a user, each document with its reasons."""
        label = self.env["sop.stage"]._gate_label(gate)
        parts = [self.env._("“%s” is not possible yet.", label)]
        for document, items in reasons.items():
            parts.append(f"{document.display_name}:\n• " + "\n• ".join(self._reason_text(item) for item in items))
        return "\n\n".join(parts)

    @api.model
    def _reason_text(self, reason):
        """Return the text of one reason of :meth:`_gate_reasons` in the reader's language."""
        env = self.env
        stage = env["sop.stage"].sudo().browse(reason.get("stage") or ())  # names of the definition, no secret
        if reason["code"] == "check":
            check = env["sop.check"].sudo().browse(reason["check"])  # its text is meant for whoever is stopped by it
            return self._check_text(check, reason.get("reason"), reason.get("data")) if check.exists() else ""
        if reason["code"] == "hold":
            hold = env["sop.hold"].sudo().browse(reason["hold"])  # as above
            return env._("On hold: %(type)s. An SOP manager can release it.", type=hold.type_id.name)
        if reason["code"] == "awaited":
            return env._("Stage “%s” waits for the first delivery or invoice to be there.", stage.name)
        if reason["code"] == "complete":
            return env._(
                "Stage “%(stage)s” has to be completed (%(department)s).",
                stage=stage.name,
                department=stage.department_id.name,
            )
        opener = env["sop.stage"].sudo().browse(reason["opener"])  # as above
        return env._(
            "The order is in stage “%(stage)s”; “%(gate)s” is unlocked by stage “%(opener)s”.",
            stage=stage.name,
            opener=opener.name,
            gate=stage._gate_label(reason["gate"]),
        )

    @api.model
    def _check_text(self, check, code=None, data=None):
        """Return what is missing for ``check`` and who can do it, on its document where it has one."""
        return "%s (%s)" % self._check_missing(check, code, data)

    @api.model
    def _check_missing(self, check, code=None, data=None):
        """Return what is missing for ``check``, as ``(text, name of the department that can do it)``."""
        text = check._get_reason_text(code or check.reason_code, data if code else check.reason_data)
        document = check._get_document()
        if document and document.display_name not in text:
            text = f"{document.display_name}: {text}"
        return text, check.department_id.name

    @api.model
    def _get_missing(self, document):
        """Return what keeps the one ``document`` in its present stage: ``[(text, department name, check or None)…]``.

        From the checks' stored states; nothing is asked again.
        """
        evaluation = self.env["sop.engine.evaluation"]
        missing = [(*self._check_missing(check), check) for check in evaluation._get_unmet(document)]
        department = document.sop_stage_id.department_id.name
        awaited = evaluation._get_awaited(document)
        if awaited == "delivery":
            missing.append((self.env._("%s has no delivery yet.", document.display_name), department, None))
        elif awaited:
            missing.append((self.env._("%s has no invoice yet.", document.display_name), department, None))
        return missing
