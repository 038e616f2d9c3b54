from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .guard import as_engine
from .rows import insert_rows

DECISIONS = {"approve": "approved", "reject": "rejected", "return": "rejected"}


class SopEngineDecide(models.AbstractModel):
    """People's word on approvals: approve, reject, return. Checks the user. For the rest: ``sop.engine.handover``."""

    _name = "sop.engine.decide"
    _description = "SOP engine: decisions"

    @api.model
    def _decide(self, approvals, decision, comment, stage=None, seen=None):
        """Record the current user's ``decision`` on those of ``approvals`` that he may decide; the rest is left alone.

        :param decision: ``approve``, ``reject`` or ``return``
        :param stage: the ``sop.stage`` to return to
        :param seen: ``{approval id: fingerprint}`` of what the user looked at, or None
        :return: ``{approval: why not}`` of those that he could not decide
        :raise UserError: when the decision itself is incomplete
        """
        if decision not in DECISIONS:
            raise UserError(self.env._("Choose whether to approve, to reject or to return."))
        if decision != "approve" and not comment:
            raise UserError(self.env._("Say why you reject it: the comment is shown to whoever has to mend it."))
        if decision == "return" and not stage:
            raise UserError(self.env._("Choose the stage to go back to."))
        user = self.env.user
        locked, refused = self._take(approvals)
        principals, checks = {}, set()
        for approval in locked:
            reason = self._get_refusal(approval, seen) or self._get_stage_refusal(approval, decision, stage)
            if not reason and approval.check_id in checks:  # nobody decides two steps, in one call neither
                reason = self.env._("You decide another step of it just now.")
            principal = not reason and self._get_principal(approval, user)
            if principal:
                principals[approval] = principal
                checks.add(approval.check_id)
            else:
                refused[approval.with_env(approvals.env)] = reason or self._get_not_yours(approval, user)
        failed = self._record_all(principals, decision, comment, stage)
        return refused | {approval.with_env(approvals.env): reason for approval, reason in failed.items()}

    @api.model
    def _record_all(self, principals, decision, comment, stage):
        """Record the decision on ``{approval: principal}``: all at once, or each by itself where that fails.

        :return: ``{approval: why not}`` of those that failed
        """
        if len(principals) <= 1:
            if principals:
                self._record(principals, decision, comment, stage)
            return {}
        try:
            with self.env.cr.savepoint():
                self._record(principals, decision, comment, stage)
        except UserError:
            failed = {}
            for approval, principal in principals.items():
                try:
                    with self.env.cr.savepoint():
                        self._record({approval: principal}, decision, comment, stage)
                except UserError as error:
                    failed[approval] = str(error)
            return failed
        return {}

    @api.model
    def _decide_checks(self, checks, decision, comment):
        """Decide those approvals of ``checks`` that are the current user's; see ``sop.check.action_approve``.

        :raise UserError: when one of them cannot be decided; AccessError when it is somebody else's to decide
        """
        checks.check_access("read")
        checks.sudo().approval_ids._read_ahead()  # read access was checked
        approvals = self.env["sop.approval"]
        for check in checks.sudo():  # read access was checked
            if check.checkpoint_id.kind != "approval":
                raise UserError(self.env._("“%s” cannot be handled this way.", check.display_name))
            live = self.env["sop.engine.approval"]._get_live(check)
            ready = live.filtered(lambda approval: not self._get_refusal(approval))
            mine = ready.filtered(lambda approval: self._get_principal(approval, self.env.user))
            if not ready:
                text = self.env._("“%(check)s” of %(order)s is not open (any more). Reload to see how it stands.")
                raise UserError(text % {"check": check.display_name, "order": check.flow.display_name})
            approvals |= (mine or ready)[:1].sudo(False)
        for approval, reason in self._decide(approvals.with_env(self.env), decision, comment).items():
            raise (UserError if self._get_refusal(approval.sudo()) else AccessError)(reason)  # which of the two it is

    @api.model
    def _take(self, approvals):
        """Return those of ``approvals`` that the current user may read and nobody else works on, in superuser mode with
        their orders locked, and ``{approval: why not}`` of the others."""
        readable = approvals._filtered_access("read")
        refused = {approval: self.env._("This approval is not for you.") for approval in approvals - readable}
        self.env["sop.engine.evaluation"]._flush()  # what was changed in this very transaction counts as well
        locked = self._lock(readable.sudo())  # read access is checked, what follows writes engine-owned records
        busy = self.env._("Somebody else is working on this order at the moment. Try again.")
        refused |= {approval: busy for approval in readable if approval.sudo() not in locked}  # as above
        return locked, refused

    @api.model
    def _lock(self, approvals):
        """Lock the orders of ``approvals``; return the approvals of those that nobody else works on.

        One alone waits its turn, as every request does.
        """
        orders = approvals.flow
        if len(approvals) == 1:
            self.env["sop.engine.evaluation"]._lock(orders)
            return approvals
        free = orders.try_lock_for_update(allow_referencing=True)
        return approvals if free == orders else approvals.filtered(lambda approval: approval.flow in free)

    # -- what follows --------------------------------------------------------------------------------------------------

    @api.model
    def _record(self, principals, decision, comment, stage):
        """Write the decision on ``{approval: principal}`` and let the orders move on."""
        approvals = self.env["sop.approval"].sudo().union(*principals)  # checked by the caller
        user, orders = self.env.user, approvals.flow
        self.env["sop.engine.evaluation"]._note_locked(orders)  # by the caller, before a savepoint
        basis = self.env["sop.engine.approver"]._get_basis(orders)
        for order in orders:
            facts = order._sop_facts()
            basis[order] |= {"facts": facts, "fingerprint": order._sop_fingerprint(facts)}
        words = self._write_decisions(
            [
                {
                    "approval_id": approval.id,
                    "user_id": user.id,
                    "on_behalf_of_id": principal.id if principal != user else False,
                    "decision": decision,
                    "comment": comment,
                    "stage_id": stage.id if stage else False,
                    **basis[approval.flow],
                }
                for approval, principal in principals.items()
            ]
        )
        engine, finished = self.env["sop.engine.approval"], approvals.browse()
        rejected = approvals.filtered(lambda approval: approval.state == "rejected")
        kept = engine._begin_round(rejected) if decision == "approve" else {}
        for approval in approvals:
            if decision != "approve" and approval in rejected:
                continue  # said once more: it was decided by the first word
            if decision != "approve" or len(approval._get_votes()) >= approval.needed:
                finished |= approval
            elif approval.state == "rejected":
                engine._open(approval)
            else:
                as_engine(approval).write({"to_tell": True})
                self.env["sop.engine.teller"]._trigger()
        engine._close(finished, DECISIONS[decision])
        if decision == "approve":
            engine._open_next(finished)
        journal = []
        self._judge_checks(words, kept, journal)
        if decision == "return":
            self.env["sop.engine.flow"]._go_back(orders, stage, {"reason": comment}, journal)
        evaluation = self.env["sop.engine.evaluation"]
        evaluation._run(orders, journal=journal)
        evaluation._close_journal(journal)

    @api.model
    def _settle(self, approvals):
        """Close those open ``approvals`` that have all the votes that they need by now: somebody has left, say."""
        enough = approvals.filtered(lambda a: a.state == "open" and a._get_votes() and len(a._get_votes()) >= a.needed)
        if enough:
            self.env["sop.engine.approval"]._close(enough, "approved")
            self.env["sop.engine.approval"]._open_next(enough)
            self.env["sop.engine.evaluation"]._run(enough.flow)

    @api.model
    def _judge_checks(self, words, kept, journal):
        """Write the state that the checks have by now that ``words``, the decisions just given, are about, and log
        these, a line an order; ``kept``: see ``_begin_round``."""
        engine = self.env["sop.engine.approval"]
        for order, batch in words._by_flow().items():
            word, changed = batch[0], []
            for check in batch.check_id:
                state, code, data = engine._get_state(check)
                if state != check.state:
                    done = state == "passed"
                    vals = {"state": state, "reason_code": code, "reason_data": data, "done_at": done and word.date}
                    vals |= {"user_id": word.user_id.id, "note": word.comment}
                    vals |= {"fingerprint": word.fingerprint, "facts": word.facts} if done else {}
                    as_engine(check).write(vals)
                    changed.append({"check": check.id, "state": state, "code": code or None})
            data = {"changed": changed, "by": "person", "approvals": batch.approval_id.ids, "decision": word.decision}
            data |= {"fingerprint": word.fingerprint, "amount": word.amount_total}
            data |= {"note": word.comment} if word.comment else {}
            absent = {other.approval_id.id: other.on_behalf_of_id.id for other in batch if other.on_behalf_of_id}
            data |= {"for": absent} if absent else {}
            rounds = {id_: kept[id_] for id_ in batch.approval_id.ids if id_ in kept}
            data |= {"kept": rounds} if rounds else {}
            journal.append((order, "decided", data))

    @api.model
    def _write_decisions(self, vals_list):
        """Record decisions, given now; check, order, amount, company and currency follow from the approval of each."""
        approvals = (
            self.env["sop.approval"].sudo().browse([vals["approval_id"] for vals in vals_list])
        )  # whose they are
        for vals, approval in zip(vals_list, approvals, strict=True):
            amount, currency = approval.flow._sop_amount()
            vals |= {
                "check_id": approval.check_id.id,
                approval.flow._sop_link: approval.flow.id,
                "company_id": approval.company_id.id,
                "currency_id": currency.id,
                "amount_total": amount,
                "date": self.env["sop.engine.clock"]._now(),
            }
        return insert_rows(self.env["sop.decision"].sudo(), vals_list)  # the engine's own
