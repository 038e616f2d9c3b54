from collections import defaultdict

from odoo import api, models

from .guard import as_engine
from .rows import insert_rows, write_rows


class SopEngineFlow(models.AbstractModel):
    """Moves documents through their process: start, enter, leave, advance, go back.

    Methods work on flow documents in superuser mode, check nobody, and collect log lines in ``journal``, a list of
    ``(document, code, data)``, for ``sop.engine.evaluation._close_journal``.
    """

    _name = "sop.engine.flow"
    _description = "SOP engine: flow"

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
        engine, clock = self.env["sop.engine.checks"], self.env["sop.engine.clock"]
        now = clock._now()
        finishing = stages.get(None, documents.browse())
        held = finishing.filtered(lambda document: document.sop_status == "on_hold")
        users = self.env["sop.engine.routing"]._get_stage_users(
            [(document, stage) for stage, batch in stages.items() if stage for document in batch]
        )
        vals_list, order = [], []
        for stage, batch in stages.items():
            for document in batch if stage else ():
                past = document.sop_visit_ids
                earlier = past.filtered(lambda visit, stage=stage: visit.stage_id == stage)
                sends = stage.message_template_id and not earlier
                vals_list.append(
                    {
                        document._sop_link: document.id,
                        "company_id": document.company_id.id,
                        "stage_id": stage.id,
                        "department_id": stage.department_id.id,
                        "cycle": len(earlier) + 1,
                        "returned": returned,
                        "user_id": users[document, stage],
                        "entered_at": now,
                        "previous_stage_id": past[-1:].stage_id.id,
                        "begun_on": past[:1].begun_on or clock._get_date(document.company_id, now),
                        "message_state": sends and "to_send",
                    }
                    | clock._get_start_vals(now, stage, document, stage.time_limit_hours)
                )
                order.append(document)
        visits = insert_rows(self.env["sop.visit"], vals_list) if vals_list else ()
        check_vals, checked_by_item = [], documents.browse()
        for document, visit in zip(order, visits, strict=True):
            if self._checks_items(document.sop_stage_id, visit.stage_id):
                checked_by_item |= document
            self.env["sop.engine.evaluation"]._write_owned(
                document,
                {
                    "sop_stage_id": visit.stage_id.id,
                    "sop_visit_id": visit.id,
                    "sop_entered_at": now,
                    "sop_deadline": clock._get_shown_deadline(visit),
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
                        "paused": bool(visit.paused_at),
                    }
                    | clock._get_log(visit),
                )
            )
            standing = document.sop_check_ids.filtered(lambda check: not check.superseded) if visit.cycle > 1 else ()
            known = {check.checkpoint_id for check in standing}
            check_vals += [
                engine._get_check_vals(document, checkpoint)
                for checkpoint in visit.stage_id.checkpoint_ids
                if checkpoint.scope == "order" and checkpoint not in known
            ]
        check_vals += engine._get_item_check_vals(checked_by_item)
        self.env["sop.engine.routing"]._report(visits, journal)
        engine._create_checks(check_vals, journal)
        self.env["sop.engine.pace"]._follow(documents.browse([document.id for document in order]))
        if any(vals["message_state"] for vals in vals_list):
            self.env["sop.engine.notify"]._trigger()
        if finishing:
            self.env["sop.engine.evaluation"]._write_owned(
                finishing, {"sop_status": "done", "sop_visit_id": False, "sop_deadline": False, "sop_user_id": False}
            )
            finishing._sop_finish()
            self.env["sop.engine.pace"]._follow(finishing)
            journal += [(document, "finished", {}) for document in finishing]
            self.env["sop.engine.conditions"]._end(held, journal)

    @api.model
    def _checks_items(self, left, stage):
        """Tell whether ``stage``, or one passed over on the way from ``left``, checks each delivery or invoice."""
        return any(
            checkpoint.scope != "order"
            and not stage._is_before(checkpoint.stage_id)
            and (not left or left._is_before(checkpoint.stage_id) or checkpoint.stage_id == stage)
            for checkpoint in stage.process_id.stage_ids.checkpoint_ids
        )

    @api.model
    def _leave(self, documents, outcome, data, journal):
        """Close the open visits of ``documents`` with ``outcome``; ``data`` goes to the log (``reason`` is kept)."""
        visits = documents.sop_visit_id
        clock = self.env["sop.engine.clock"]
        now = clock._now()
        for visit in visits:
            past = visit.flow.sop_visit_ids
            before = past[past.ids.index(visit.id) - 1] if visit != past[:1] else visit
            took = {
                "left_on": clock._get_date(visit.company_id, now),
                "elapsed": round((now - (before.left_at or visit.entered_at)).total_seconds()),
            }
            write_rows(visit, clock._get_end_vals(visit, now) | took)
        as_engine(visits).write(
            {
                "left_at": now,
                "outcome": outcome,
                "left_by_id": self.env.uid,
                "reason": data.get("reason", False),
                "changed_checkpoint_id": data.get("changed", False),
            }
        )
        journal += [
            (document, "left", {"visit": visit.id, "outcome": outcome, "hours": visit.worked_hours} | data)
            for document in documents
            if (visit := document.sop_visit_id)
        ]

    @api.model
    def _advance(self, documents, journal):
        """Move ``documents``, whose stage is complete, to the next stage that applies, or finish them.

        :return: those that entered a stage
        """
        if not documents:
            return documents
        left = documents.sop_visit_id
        self._leave(documents, "completed", {}, journal)
        stages = self._next_stages(documents)
        self._enter(documents, stages, journal)
        # approvals that the stage did not have to wait for end with it
        self.env["sop.engine.approval"]._follow(
            documents.sop_check_ids.filtered(
                lambda check: check.checkpoint_id.kind == "approval" and check.stage_id in left.stage_id
            ),
            journal,
        )
        return documents - stages.get(None, documents.browse())

    @api.model
    def _go_back(self, documents, stage, data, journal):
        """Leave the present stage as sent back and enter the earlier ``stage`` in a new cycle.

        Checks of the stages behind it are superseded, not deleted; those of that stage itself too where a person sends
        back, with a ``reason`` in ``data``. After a mere change they stay as far as they still hold. What was fulfilled
        for a delivery or invoice that is done stays fulfilled.
        """
        self._leave(documents, "sent_back", data | {"to": stage.id}, journal)
        outdated = documents.sop_check_ids.filtered(
            lambda check: (
                not check.superseded
                and not check.stage_id._is_before(stage)
                and ("reason" in data or check.stage_id != stage)
                and not (check.state in ("passed", "waived") and check._get_document().state in ("done", "posted"))
            )
        )
        self._supersede(outdated, journal)
        for document in documents.filtered(lambda document: document.sop_status == "done"):
            status = "on_hold" if document._sop_open_holds() else "running"
            self.env["sop.engine.evaluation"]._write_owned(document, {"sop_status": status})
        self._enter(documents, {stage: documents}, journal, returned="reason" in data)

    @api.model
    def _supersede(self, checks, journal):
        as_engine(checks).write({"superseded": True})
        self.env["sop.engine.approval"]._follow(checks, journal)
        journal += [(order, "checks", {"superseded": batch.ids}) for order, batch in checks._by_flow().items()]
        waived = checks.filtered(lambda check: check.state == "waived" and check.waiver_scope != "checkpoint")
        self.env["sop.engine.waivers"]._end(waived, journal, "cycle")
