from odoo import api, models

from ..engine.reaction import OPEN_STATES
from .sop_flow_mixin import OPEN_STATUSES


class SopPanel(models.AbstractModel):
    """Builds what the SOP panel on an order, delivery or invoice shows; the same answer that the engine gives."""

    _name = "sop.panel"
    _description = "SOP panel"

    @api.model
    def _get_missing(self, orders):
        """Return what keeps ``orders`` in their present stage: ``{order: [(text, department name)…]}``.

        From the stored states of the checks: nothing is evaluated, the number of queries does not depend on
        ``len(orders)``.
        """
        orders.sudo().sop_process_id._warm_up()  # the definition is the same for everybody
        return {
            order.with_env(orders.env): [(text, who) for text, who, _check in self._get_missing_items(order)]
            for order in orders.sudo()  # whoever sees the order may see what it waits for
            if order.sop_status in OPEN_STATUSES
        }

    @api.model
    def _get_missing_items(self, order):
        """Return what keeps the one open ``order`` in its stage: ``[(text, department or False, check or None)]``."""
        items = self.env["sop.engine.gate"]._get_missing(order)
        if order.sop_status == "on_hold":
            items = [(hold.type_id.name, False, None) for hold in order._sop_open_holds()] + items
        stage = order.sop_stage_id
        if not items and not self.env["sop.engine.evaluation"]._moves_by_itself(order):
            items.append((self.env._("“%s” can be completed.", stage.name), stage.department_id.name, None))
        return items

    @api.model
    def _get_panels(self, documents):
        """Return ``{document: panel}`` for orders, deliveries or invoices in ``documents``; False without an SOP.

        A delivery or invoice shows its first order under a process, and of its checks those that are about the
        document or the order as a whole.

        The panel is JSON::

            {"order": {"id", "name", "model"}, "process": {"id", "name"}, "status": "running"…, "status_label",
             "stages": [{"id", "name", "state": "done" | "skipped" | "current" | "todo",
                         "gate": label of what it unlocks | False}],
             "stage": {"id", "name", "department", "instruction" (html), "user"},
             "deadline": "2026-01-31 16:00:00" (UTC) | False, "entered_at": … (UTC), "late": bool, "warn_at": … (UTC),
             "stopped": since when and by what the clock stands | False,
             "promise": {"state", "label", "promised_at", "finish_at" (UTC), "reason"} | False,
             "sent_back": who sent it back and why | False,
             "missing": [{"text", "who"}] (what is in neither holds nor checks, such as another delivery's checks),
             "holds": [{"id", "type", "reason", "lines": [names], "by": name | False (set by itself), "set_at" (UTC),
                        "expires_at" (UTC) | False, "stops_clock": bool, "can_release": bool}],
             "checks": [{"id", "name", "kind", "state", "state_label", "reason", "changed": bool, "who", "blocking",
                         "document": name | False, "document_model", "document_id", "note", "by", "done_at" (UTC),
                         "evidence_required", "deadline": its own limit (UTC) | False, "late": bool, "instruction",
                         "until" (UTC, of a waiver) | False, "files": [{"id", "name"}],
                         "approval": id of the approval that the actions are about | False,
                         "chain": see ``_get_chain`` | False, "seen": fingerprint of what an approver sees | False,
                         "actions": ["pass" | "reset" | "approve" | "reject" | "return" | "transfer" | "add" | "ask"
                                     | "recall" | "waive"…]}],
             "actions": ["complete" | "send_back" | "check_again" | "hold"
                         | "preview_approvals"…]}
        """
        panels = {}
        for document in documents:
            orders = document._get_flow_documents().sudo().filtered("sop_process_id")  # the viewer sees the document
            panels[document] = self._get_panel(orders[:1], document) if orders else False
        return panels

    @api.model
    def _get_panel(self, order, document):
        user = self.env.user
        manager = user.has_group("order_sop.group_manager")
        stage, process = order.sop_stage_id, order.sop_process_id
        is_open = order.sop_status in OPEN_STATUSES
        member = stage.department_id._has_member(user)
        items = document if document._name != order._name else None
        checks = order.sop_check_ids.filtered(
            lambda check: (
                not check.superseded
                and (check.stage_id == stage or check._get_document())
                # as checks name it
                and (items is None or not check._get_document() or check._get_document() == items.sudo())
                and not (check.stage_id != stage and check.state not in OPEN_STATES)
            )
        ).sorted(lambda check: (check.stage_id.sequence, check.checkpoint_id.sequence, check.id))
        missing = [
            {"text": text, "who": who}
            for text, who, check in (self._get_missing_items(order) if is_open else ())
            if (check not in checks if check else not order._sop_open_holds())
        ]
        evaluation = self.env["sop.engine.evaluation"]
        works_here = is_open and (
            member or manager or (evaluation._get_unmet(order) & checks).department_id._has_member(user)
        )
        actions = []
        if is_open and (member or manager) and not evaluation._moves_by_itself(order):
            actions.append("complete")
        if works_here and any(other._is_before(stage) for other in process.stage_ids):
            actions.append("send_back")
        if is_open and self.env["sop.department"]._is_worker(user):
            actions.append("check_again")
        if is_open and self.env["sop.hold.type"]._get_settable(user):
            actions.append("hold")
        if is_open and "approval" in process.stage_ids.checkpoint_ids.mapped("kind"):
            actions.append("preview_approvals")
        visit = order.sop_visit_id
        return {
            "order": {"id": order.id, "name": order.name, "model": order._name},
            "process": {"id": process.id, "name": process.display_name},
            "status": order.sop_status,
            "status_label": dict(order._fields["sop_status"]._description_selection(self.env)).get(order.sop_status),
            "stages": [
                {
                    "id": other.id,
                    "name": other.name,
                    "state": self._get_stage_state(order, other),
                    "gate": other.gate and other._gate_label(other.gate),
                }
                for other in process.stage_ids._in_order()
            ],
            "stage": {
                "id": stage.id,
                "name": stage.name,
                "department": stage.department_id.name,
                "instruction": stage.instruction or False,
                "user": order.sop_user_id.name or False,
            },
            "entered_at": order.sop_entered_at and str(order.sop_entered_at),
            "deadline": order.sop_deadline and str(order.sop_deadline),
            "warn_at": order.sop_deadline and str(visit.warn_at or order.sop_deadline),
            "late": order.sop_late,
            "stopped": is_open and order.sop_clock_text,
            "promise": self._get_promise(order) if is_open else False,
            "sent_back": self._get_sent_back(order),
            "missing": missing,
            "holds": [
                {
                    "id": hold.id,
                    "type": hold.type_id.name,
                    "reason": hold.reason,
                    "lines": hold.line_ids.mapped("product_id.display_name"),
                    "by": not hold.automatic and hold.set_by_id.name,
                    "set_at": str(hold.set_at),
                    "expires_at": hold.expires_at and str(hold.expires_at),
                    "stops_clock": hold.stops_clock,
                    "can_release": hold.type_id._may_release(user),
                }
                for hold in order._sop_open_holds()
            ],
            "checks": [self._get_check(check, user, manager, is_open) for check in checks],
            "actions": actions,
        }

    @api.model
    def _get_promise(self, order):
        """Return how the promised date of the one ``order`` stands; False where nothing is promised or it is done."""
        return order.sop_jeopardy and {
            "state": order.sop_jeopardy,
            "label": dict(order._fields["sop_jeopardy"]._description_selection(self.env))[order.sop_jeopardy],
            "promised_at": str(order.sop_promised_at),
            "finish_at": order.sop_expected_finish and str(order.sop_expected_finish),
            "reason": order.sop_jeopardy_reason,
        }

    @api.model
    def _get_stage_state(self, order, stage):
        """Return how ``stage`` stands on the one ``order``; skipped when the order never was in it."""
        if order.sop_status == "done" or stage._is_before(order.sop_stage_id):
            return "done" if stage in order.sop_visit_ids.stage_id else "skipped"
        return "current" if stage == order.sop_stage_id else "todo"

    @api.model
    def _get_sent_back(self, order):
        """Return who sent the one ``order`` back last and why, in words, until the stage that it came from is over."""
        left = order.sop_visit_ids.filtered(
            lambda visit: visit.outcome == "sent_back" and visit.process_id == order.sop_process_id
        ).sorted("id")[-1:]
        if not left or left.stage_id._is_before(order.sop_stage_id):
            return False
        changed = left.changed_checkpoint_id
        waived = order.sop_check_ids.filtered(lambda c: c.checkpoint_id == changed and c.waiver_expires_at)[-1:]
        if waived and waived.waiver_expires_at <= left.left_at:
            return self.env._(
                "Back from “%(stage)s”: the time is over for which “%(check)s” was passed over.",
                stage=left.stage_id.name,
                check=changed.name,
            )
        if changed:
            return self.env._(
                "Back from “%(stage)s”: %(user)s changed the order after the check “%(check)s”.",
                stage=left.stage_id.name,
                user=left.left_by_id.name,
                check=left.changed_checkpoint_id.name,
            )
        return self.env._(
            "Sent back from “%(stage)s” by %(user)s: %(reason)s",
            stage=left.stage_id.name,
            user=left.left_by_id.name,
            reason=left.reason,
        )

    @api.model
    def _get_changed_text(self, check):
        """Return that, and how, the order was changed since somebody gave his word on the one ``check``."""
        text = self.env._("The order was changed since: it has to be looked at again.")
        return f"{text} {self.env['sop.engine.watch']._get_text(check.flow, check.reason_data or [])}"

    @api.model
    def _get_check(self, check, user, manager, is_open):
        kind = check.checkpoint_id.kind
        member = check.department_id._has_member(user)
        document = check._get_document()
        unmet = check.state in OPEN_STATES
        changed = unmet and check.reason_code == "changed"
        actions, approval = [], False
        if kind == "manual" and member:
            actions += ["pass"] if unmet else ["reset"] if check.state == "passed" else []
        if kind == "approval" and unmet:
            actions, approval = self._get_approval_actions(check, user, manager)
        if unmet and not self.env["sop.engine.waivers"]._get_refusal(check, user):
            actions.append("waive")
        return {
            "id": check.id,
            "name": check.checkpoint_id.name,
            "kind": kind,
            "state": check.state,
            "state_label": dict(check._fields["state"]._description_selection(self.env))[check.state],
            "reason": self._get_changed_text(check) if changed else unmet and check.reason,
            "approval": approval,
            "chain": kind == "approval" and self._get_chain(check),
            "seen": kind == "approval" and unmet and check.flow._sop_seen(),
            "changed": changed,
            "who": check.department_id.name,
            "blocking": check.checkpoint_id.blocking,
            "document": document.display_name or False,
            "document_model": document._name,
            "document_id": document.id,
            "instruction": check.checkpoint_id.instruction or False,
            "evidence_required": check.checkpoint_id.evidence_required,
            "deadline": unmet and is_open and check.deadline and str(check.deadline),
            "late": unmet and is_open and check.late,
            "note": check.note or False,
            "until": check.state == "waived" and check.waiver_expires_at and str(check.waiver_expires_at),
            "by": check.user_id.name or False,
            "done_at": check.done_at and str(check.done_at),
            "files": [{"id": file.id, "name": file.name} for file in check.attachment_ids],
            "actions": actions if is_open else [],
        }
