from odoo import api, models

from .guard import as_engine
from .reading import linked_ids
from .subset import subset

GAP = 1000
"""Between the ranks of two steps: what is added before or after one finds its place there."""


class SopEngineApproval(models.AbstractModel):
    """Asks for approvals, keeps them in line with their orders, and tells how an approval check stands.

    Methods work in superuser mode and check nobody; log lines go to ``journal`` as in ``sop.engine.flow``.
    """

    _name = "sop.engine.approval"
    _description = "SOP engine: approvals"

    @api.model
    def _get_steps(self, check):
        """Return the steps of the one approval ``check`` that apply to its order, in order, as a list.

        One empty step stands for a checkpoint without steps: any member of the department.
        """
        steps = check.checkpoint_id.step_ids
        if not steps:
            return [steps]
        return [step for step in steps._in_order() if step._filter_orders(check.flow)]

    @api.model
    def _get_state(self, check):
        """Return what the state of the one approval ``check`` ought to be: ``(state, code, data)``; writes nothing.

        ``changed`` with the changes as data: what was approved, or rejected, is not what the order says now.
        """
        if changes := self._get_changes(check):
            return "pending", "changed", changes
        steps = self._get_steps(check)
        if not steps:
            return "not_applicable", False, False
        live = [approval for approval in self._get_live(check) if self._applies(approval, steps)]
        if any(approval.state == "rejected" for approval in live):
            return "failed", False, False
        if self._get_missing_steps(steps, live) or any(approval.state != "approved" for approval in live):
            # what was changed since the last word of an earlier round is shown as long as it is open
            last = check.approval_ids.decision_ids.filtered("facts").sorted("id")[-1:]
            counts = last.approval_id in live  # and is compared already
            changes = [] if counts else self._get_changes(check, last)
            return ("pending", "changed", changes) if changes else ("pending", False, False)
        return "passed", False, False

    @api.model
    def _applies(self, approval, steps):
        """Tell whether the one ``approval`` is still needed, where ``steps`` are those that apply to its order."""
        return bool(approval.added_by_id) or approval.step_id in steps

    @api.model
    def _get_live(self, check):
        """Return the approvals of the one ``check`` that count."""
        return subset(check.approval_ids, lambda approval: approval.state != "void")

    @api.model
    def _get_changes(self, check, decisions=None):
        """Return what was changed since somebody decided on the one ``check``; see ``sop.engine.watch``.

        :param decisions: those that count; None: those on its live approvals
        """
        words = self._get_live(check).decision_ids if decisions is None else decisions
        spoken = [word.facts for word in words if word.facts]
        now = check.flow._sop_facts() if spoken else None
        for before in spoken:
            if changes := self.env["sop.engine.watch"]._get_changes(check.checkpoint_id, before, now):
                return changes
        return []

    @api.model
    def _get_missing_steps(self, steps, live):
        """Return those of ``steps`` for which none of the approvals ``live`` was asked."""
        asked = {approval.step_id for approval in live if not approval.added_by_id}
        return [step for step in steps if step not in asked]

    # -- keeping them in line ------------------------------------------------------------------------------------------

    @api.model
    def _follow(self, checks, journal):
        """Bring the approvals of ``checks`` into line with these: end what is over, ask what is to be asked."""
        checks = subset(checks, lambda check: check.checkpoint_id.kind == "approval")
        over, to_ask = self.env["sop.approval"], []
        for check in checks:
            live = self._get_live(check)
            if check.superseded or self._get_changes(check):
                over |= live
                live = live.browse()
            elif not self._is_open(check):
                over |= subset(live, lambda approval: approval.state in ("waiting", "open"))
            else:
                steps = self._get_steps(check)
                over |= subset(live, lambda approval, steps=steps: not self._applies(approval, steps))
            if self._is_open(check) and check.state == "pending" and (live or self._asks_by_itself(check)):
                to_ask += [(check, step) for step in self._get_missing_steps(self._get_steps(check), live)]
        self._end(over, journal)
        self._ask(to_ask, journal)
        self._open_next(over)
        self._refresh_people(subset(checks.approval_ids, lambda approval: approval.state == "open"))

    @api.model
    def _is_open(self, check):
        """Tell whether the one ``check`` can be decided: now, in the stage where its order is."""
        order = check.flow
        return (
            check.state in ("pending", "failed")
            and not check.superseded
            and order.sop_status not in ("cancelled", "done")
            and bool(check._get_document() or check.stage_id == order.sop_stage_id)
        )

    @api.model
    def _asks_by_itself(self, check):
        return not check.recalled and (check.checkpoint_id.ask == "entry" or bool(check.asked_at))

    @api.model
    def _ask(self, pairs, journal):
        """Ask for the approval of ``[(check, step)…]``; the first of each lane can be decided at once."""
        if not pairs:
            return
        vals_list = []
        ranks = {}  # of what is still to be decided, by check and lane
        for check, step in pairs:
            place = check.checkpoint_id.step_ids._in_order().ids.index(step.id) + 1 if step else 1
            lane, rank = (0, place * GAP) if check.checkpoint_id.approval_order == "sequence" else (place, 0)
            undecided = ranks.setdefault(
                (check, lane), [a.rank for a in check.approval_ids if a.lane == lane and a.state in ("waiting", "open")]
            )
            first = all(other > rank for other in undecided)
            undecided.append(rank)
            vals = self._get_vals(check, step, lane, rank)
            vals_list.append(vals | (self._get_open_vals(check) if first else {"state": "waiting"}))
        approvals = as_engine(self.env["sop.approval"]).create(vals_list).with_env(self.env)
        checks = self.env["sop.check"].union(*(check for check, _step in pairs))
        news = checks.filtered(lambda check: not check.asked_at)
        if news:
            now = self.env["sop.engine.clock"]._now()
            as_engine(news).write({"asked_at": now, "asked_by_id": self.env.uid, "recalled": False})
        self._log_asked(approvals, journal)
        self.env["sop.engine.teller"]._trigger()

    @api.model
    def _log_asked(self, approvals, journal):
        """Add a line a check to ``journal``: whom ``approvals`` ask."""
        for check, batch in approvals.grouped("check_id").items():
            asked = [
                {
                    "approval": approval.id,
                    "step": approval.step_id.id or None,
                    "users": list(linked_ids(approval, "user_ids")),
                }
                for approval in batch
            ]
            journal.append((check.flow, "asked", {"check": check.id, "approvals": asked}))

    @api.model
    def _get_vals(self, check, step, lane, rank, guests=()):
        """Return the values of a new approval of ``check`` by ``step``, or by ``guests`` (user ids) alone."""
        approver = self.env["sop.engine.approver"]
        user_ids = list(guests) or approver._get_candidates(check, step)
        return {
            "check_id": check.id,
            "checkpoint_id": check.checkpoint_id.id,
            check.flow._sop_link: check.flow.id,
            "company_id": check.company_id.id,
            "department_id": check.department_id.id,
            "step_id": step.id,
            "lane": lane,
            "rank": rank,
            "needed": approver._get_needed(check, step, user_ids),
            "user_ids": [(6, 0, user_ids)],
            "guest_ids": [(6, 0, list(guests))],
            "delegate_ids": [(6, 0, self._get_delegate_ids(check, user_ids))],
            "to_tell": True,
        }

    @api.model
    def _end(self, approvals, journal):
        """End ``approvals``: what was decided on them is kept, and counts no more."""
        if not approvals:
            return
        self._close(approvals, "void")
        for check, batch in approvals.grouped("check_id").items():
            journal.append((check.flow, "ended", {"check": check.id, "approvals": batch.ids}))
