from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .guard import as_engine


class SopEngineFlow(models.AbstractModel):
    """Moves documents through their process: start, advance, complete, send back, cancel, reopen.

    Methods work on flow documents in superuser mode and collect log lines in ``journal``, a list of
    ``(document, code, data)``; the ones that users call (``_complete``, ``_send_back``) check the caller first.
    """

    _name = "sop.engine.flow"
    _description = "SOP engine: flow"

    # -- on a user's word ----------------------------------------------------------------------------------------------

    @api.model
    def _complete(self, documents):
        """Complete the present stage of ``documents`` for the current user; see ``action_sop_complete``."""
        self._check_may_work(documents)
        evaluation = self.env["sop.engine.evaluation"]
        documents = documents.sudo()  # the user was checked above; moving writes engine-owned records
        stages = {document: document.sop_stage_id for document in documents}
        journal = []
        evaluation._run(documents, journal=journal)
        # an automatic stage may have moved on by itself just now: then there is nothing left to complete
        waiting = documents.filtered(lambda document: document.sop_stage_id == stages[document])
        for document in waiting:
            if missing := self.env["sop.engine.gate"]._get_missing(document):
                raise UserError(
                    self.env._(
                        "Stage “%(stage)s” of %(order)s is not complete yet:",
                        stage=document.sop_stage_id.name,
                        order=document.display_name,
                    )
                    + "\n\n• "
                    + "\n• ".join(f"{text} ({who})" for text, who, _check in missing)
                )
        moved = self._advance(waiting, journal)
        evaluation._run(moved, journal=journal)
        evaluation._close_journal(journal)

    @api.model
    def _send_back(self, documents, stage, reason):
        """Send ``documents`` back to the earlier ``stage`` for the current user; see ``action_sop_send_back``."""
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the order goes back: the reason is shown to whoever gets it."))
        self._check_may_work(documents, any_department=True)
        documents = documents.sudo()  # the user was checked above
        self.env["sop.engine.evaluation"]._lock(documents)
        for document in documents:
            if document.sop_stage_id.process_id != stage.process_id or not stage._is_before(document.sop_stage_id):
                raise UserError(
                    self.env._(
                        "%(order)s cannot go back to “%(stage)s”: choose a stage of its process before the present one.",
                        order=document.display_name,
                        stage=stage.name,
                    )
                )
        journal = []
        self._go_back(documents, stage, {"reason": reason}, journal)
        self.env["sop.engine.evaluation"]._run(documents, journal=journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _check_may_work(self, documents, any_department=False):
        """Raise unless the current user may work on the present stage of each of ``documents``.

        Members of the stage's department may, and SOP managers; with ``any_department`` also members of a department
        that has an open check in the stage.
        """
        documents.check_access("read")
        user = self.env.user
        anybody = self.env.su or user.has_group("order_sop.group_manager")
        for document in documents.sudo():  # stage and department, of an order that the user may read
            departments = document.sop_stage_id.department_id
            if any_department:
                departments |= document.sop_check_ids.filtered(lambda check: check._is_unmet()).department_id
            if not document.sop_stage_id or document.sop_status not in ("running", "waiting", "on_hold"):
                raise UserError(self.env._("%s is in no open stage of an SOP.", document.display_name))
            if not anybody and not departments._has_member(user):
                raise AccessError(
                    self.env._(
                        "Only %(department)s can do this with %(order)s in stage “%(stage)s”.",
                        department=", ".join(departments.mapped("name")),
                        order=document.display_name,
                        stage=document.sop_stage_id.name,
                    )
                )

    # -- moving --------------------------------------------------------------------------------------------------------

    @api.model
    def _start_new(self, documents, journal):
        """Put those of ``documents`` under a process whose company has the switch on and that a process takes."""
        documents = documents.filtered(lambda d: d.company_id.sop_active and d._sop_state() != "cancelled")
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
            self.env.registry.clear_cache()  # from now on it is
        for matched, batch in matches.items():
            self.env["sop.engine.evaluation"]._write(batch, {"sop_process_id": matched.id, "sop_status": "running"})
            journal += [
                (document, "started", {"process": matched.id, "code": matched.code, "version": matched.version})
                for document in batch
            ]
            self._enter(batch, self._next_stages(batch), journal)
            started |= batch
        if own_journal:
            self.env["sop.engine.evaluation"]._close_journal(journal)
        return started

    @api.model
    def _next_stages(self, documents):
        """Return ``{stage: documents}``: the next stage that applies to each; key None where there is none."""
        result = defaultdict(documents.browse)
        for (process, present), batch in documents.grouped(lambda d: (d.sop_process_id, d.sop_stage_id)).items():
            rest = batch
            for stage in process.stage_ids._in_order():
                if present and not present._is_before(stage):
                    continue
                taken = stage._filter_orders(rest)
                if taken:
                    result[stage] |= taken
                    rest -= taken
            if rest:
                result[None] |= rest
        return result

    @api.model
    def _enter(self, documents, stages, journal, returned=False):
        """Enter the stages ``{stage: documents}``: visit, deadline, person and checks; None finishes the document."""
        engine = self.env["sop.engine.checks"]
        now = self.env["sop.engine.clock"]._now()
        finishing = stages.get(None, documents.browse())
        vals_list, order = [], []
        for stage, batch in stages.items():
            for document in batch if stage else ():
                earlier = document.sop_visit_ids.filtered(lambda visit, stage=stage: visit.stage_id == stage)
                sends = stage.message_template_id and not earlier
                vals_list.append(
                    {
                        "order_id": document.id,
                        "company_id": document.company_id.id,
                        "stage_id": stage.id,
                        "department_id": stage.department_id.id,
                        "cycle": len(earlier) + 1,
                        "returned": returned,
                        "user_id": self.env["sop.engine.routing"]._get_user(document, stage).id,
                        "entered_at": now,
                        "deadline": self.env["sop.engine.clock"]._get_deadline(now, stage, document.company_id),
                        "message_state": sends and "to_send",
                    }
                )
                order.append(document)
        visits = as_engine(self.env["sop.visit"]).create(vals_list).with_env(self.env) if vals_list else ()
        check_vals = []
        for document, visit in zip(order, visits, strict=True):
            self.env["sop.engine.evaluation"]._write(
                document,
                {
                    "sop_stage_id": visit.stage_id.id,
                    "sop_visit_id": visit.id,
                    "sop_entered_at": now,
                    "sop_deadline": visit.deadline,
                    "sop_user_id": visit.user_id.id,
                },
            )
            journal.append(
                (
                    document,
                    "entered",
                    {
                        "visit": visit.id,
                        "stage": visit.stage_id.id,
                        "cycle": visit.cycle,
                        "user": visit.user_id.id or None,
                        "deadline": visit.deadline and visit.deadline.isoformat() or None,
                    },
                )
            )
            check_vals += [
                engine._get_check_vals(document, checkpoint)
                for checkpoint in visit.stage_id.checkpoint_ids
                if checkpoint.scope == "order"
            ]
        engine._create_checks(check_vals, journal)
        if any(vals["message_state"] for vals in vals_list):
            self.env["sop.engine.notify"]._trigger()
        if finishing:
            self.env["sop.engine.evaluation"]._write(
                finishing, {"sop_status": "done", "sop_visit_id": False, "sop_deadline": False, "sop_user_id": False}
            )
            journal += [(document, "finished", {}) for document in finishing]

    @api.model
    def _leave(self, documents, outcome, data, journal):
        """Close the open visits of ``documents`` with ``outcome``; ``data`` goes to the log (``reason`` is kept)."""
        visits = documents.sop_visit_id
        as_engine(visits).write(
            {
                "left_at": self.env["sop.engine.clock"]._now(),
                "outcome": outcome,
                "left_by_id": self.env.uid,
                "reason": data.get("reason", False),
                "changed_checkpoint_id": data.get("changed", False),
            }
        )
        journal += [
            (document, "left", {"visit": document.sop_visit_id.id, "outcome": outcome} | data)
            for document in documents
            if document.sop_visit_id
        ]

    @api.model
    def _advance(self, documents, journal):
        """Move ``documents``, whose stage is complete, to the next stage that applies, or finish them.

        :return: those that entered a stage
        """
        if not documents:
            return documents
        self._leave(documents, "completed", {}, journal)
        stages = self._next_stages(documents)
        self._enter(documents, stages, journal)
        return documents - stages.get(None, documents.browse())

    @api.model
    def _go_back(self, documents, stage, data, journal):
        """Leave the present stage as sent back and enter the earlier ``stage`` in a new cycle.

        Checks of that stage and of those behind it are superseded, not deleted; what was fulfilled for a delivery or
        invoice that is done stays fulfilled.
        """
        self._leave(documents, "sent_back", data | {"to": stage.id}, journal)
        outdated = documents.sop_check_ids.filtered(
            lambda check: not check.superseded
            and not check.stage_id._is_before(stage)
            and not (check.state in ("passed", "waived") and check._get_document().state in ("done", "posted"))
        )
        self._supersede(outdated, journal)
        for document in documents.filtered(lambda document: document.sop_status == "done"):
            status = "on_hold" if document._sop_open_holds() else "running"
            self.env["sop.engine.evaluation"]._write(document, {"sop_status": status})
        self._enter(documents, {stage: documents}, journal, returned="reason" in data)

    @api.model
    def _supersede(self, checks, journal):
        as_engine(checks).write({"superseded": True})
        journal += [
            (order, "checks", {"superseded": batch.ids}) for order, batch in checks.grouped("order_id").items()
        ]

    @api.model
    def _reconsider(self, documents, journal):
        """Judge again what earlier stages judged of the documents' content; send back those that no longer hold."""
        checks = documents.sop_check_ids.filtered(
            lambda check: not check.superseded
            and check.checkpoint_id.scope == "order"
            and (check.stage_id._is_before(check.order_id.sop_stage_id) or check.order_id.sop_status == "done")
            and (
                check.checkpoint_id.kind == "approval"
                or check.checkpoint_id._judges_content()
                or check.state == "not_applicable"
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
            self._go_back(document, check.stage_id, {"changed": check.checkpoint_id.id}, journal)

    @api.model
    def _follow_erp_state(self, documents, journal):
        """Close the flow of documents that the ERP has cancelled.

        :return: the documents that go on
        """
        cancelled = documents.filtered(lambda document: document._sop_state() == "cancelled")
        if cancelled:
            self._leave(cancelled, "cancelled", {}, journal)
            self.env["sop.engine.evaluation"]._write(
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
        self._supersede(documents.sop_check_ids.filtered(lambda check: not check.superseded), journal)
        held = documents.filtered(lambda document: document._sop_open_holds())  # a hold outlives the cancellation
        for batch, status in ((documents - held, "running"), (held, "on_hold")):
            self.env["sop.engine.evaluation"]._write(batch, {"sop_status": status, "sop_stage_id": False})
        self._enter(documents, self._next_stages(documents), journal)
        self.env["sop.engine.evaluation"]._run(documents, journal=journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)
