from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .guard import as_engine

FINAL_STATES = ("done", "posted")


class SopEngineWaivers(models.AbstractModel):
    """Checks that are passed over: by whom, for how long, and what ends it.

    :meth:`_waive` checks the current user; what follows works in superuser mode and collects log lines in ``journal``.
    """

    _name = "sop.engine.waivers"
    _description = "SOP engine: waivers"

    # -- a person's word -----------------------------------------------------------------------------------------------

    @api.model
    def _waive(self, checks, reason, scope, expires_at):
        """Pass over ``checks`` for the current user; see ``sop.check.action_waive``."""
        if not reason:
            raise UserError(self.env._("Say why the check is passed over: the reason stays visible on the order."))
        if scope not in dict(self.env["sop.waiver"]._fields["scope"].selection):
            raise UserError(self.env._("Choose for how many rounds the check is passed over."))
        now = self.env["sop.engine.clock"]._now()
        if expires_at and expires_at <= now:
            raise UserError(self.env._("The check can be passed over until a time in the future only."))
        checks.check_access("read")
        for check in checks.sudo():  # the user can read it
            if refusal := self._get_refusal(check, self.env.user):
                raise AccessError(refusal)
        signoff = self.env["sop.engine.signoff"]
        checks = signoff._open_checks(checks, None)
        for order, batch in checks._by_flow().items():
            vals = {
                "state": "waived",
                "note": reason,
                "fingerprint": order._sop_fingerprint(),
                "facts": order._sop_facts(),
                "waiver_scope": scope,
                "waiver_expires_at": expires_at,
            }
            given = {"user_id": self.env.uid, "reason": reason, "scope": scope, "given_at": now}
            waivers = as_engine(self.env["sop.waiver"]).create(
                [
                    given
                    | {
                        order._sop_link: order.id,
                        "company_id": order.company_id.id,
                        "check_id": check.id,
                        "checkpoint_id": check.checkpoint_id.id,
                        "department_id": check.department_id.id,
                        "reason_code": check.reason_code,
                        "reason_data": check.reason_data,
                        "expires_at": expires_at,
                    }
                    for check in batch
                ]
            )
            data = {"note": reason, "fingerprint": vals["fingerprint"], "waivers": waivers.ids, "scope": scope}
            signoff._record(batch, vals, "waived", data | {"expires": expires_at and expires_at.isoformat()})
        if expires_at:
            self.env["sop.engine.holds"]._trigger(expires_at)

    @api.model
    def _get_refusal(self, check, user):
        """Return why ``user`` may not pass over the one ``check``, or None."""
        checkpoint = check.checkpoint_id
        if not (user.has_group("order_sop.group_manager") or checkpoint.waive_department_ids._has_member(user)):
            names = ", ".join(checkpoint.waive_department_ids.mapped("name"))
            if names:
                return self.env._("Only %s or an SOP manager can pass over this check.", names)
            return self.env._("Only an SOP manager can pass over a check.")
        barred = checkpoint.kind == "approval" and checkpoint.four_eyes
        if barred and user.id in self.env["sop.engine.approver"]._get_conflicts(check.flow):
            return self.env._(
                "You have made, changed or sell %s yourself: somebody else has to pass over its approval.",
                check.flow.display_name,
            )
        return None

    # -- whether it stands ---------------------------------------------------------------------------------------------

    @api.model
    def _stands(self, check):
        """Tell whether the one waived ``check`` stays so: not when its time is over, nor when what it judges of the
        content was changed since."""
        checkpoint = check.checkpoint_id
        if self._is_expired(check):
            return False
        if not checkpoint._judges_content():
            return True
        if checkpoint.kind == "auto" or not check.facts:
            return check.fingerprint == check.flow._sop_fingerprint()
        changes = self.env["sop.engine.checks"]._get_changes(check)
        return all(fact == "attachments" for fact, _before, _now in changes)  # files it was passed over without

    @api.model
    def _is_expired(self, check):
        """Tell whether the time of the one waived ``check`` is over; it has none any more on what left the house."""
        expires_at = check.waiver_expires_at
        if not expires_at or check._get_document().state in FINAL_STATES:
            return False
        return expires_at <= self.env["sop.engine.clock"]._now()

    @api.model
    def _is_open_again(self, check):
        """Tell whether the time of the one waived ``check``, of a stage left behind, is over before the gate that it
        is for was passed."""
        if check.state != "waived" or not self._is_expired(check):
            return False
        process, order = check.flow.sop_process_id, check.flow
        openers = process.stage_ids.filtered(lambda s: s.gate and not s._is_before(check.stage_id))._in_order()
        return bool(openers) and order.sop_status != "done" and not openers[0]._is_before(order.sop_stage_id)

    # -- what becomes of it --------------------------------------------------------------------------------------------

    @api.model
    def _end(self, checks, journal, outcome=None):
        """End the waivers of ``checks``: those that are over by time as ``expired``, others by ``outcome``."""
        if not checks:
            return
        waivers = checks.env["sop.waiver"].search([("check_id", "in", checks.ids), ("ended_at", "=", False)])
        now = self.env["sop.engine.clock"]._now()
        for waiver in waivers:
            expired = waiver.expires_at and waiver.expires_at <= now
            why = "expired" if expired else outcome
            as_engine(waiver).write({"ended_at": now, "outcome": why})
            data = {"waiver": waiver.id, "check": waiver.check_id.id, "outcome": why}
            journal.append((waiver.flow, "unwaived", data))

    @api.model
    def _end_all(self, documents, journal, outcome):
        """End the waivers of ``documents``, which are ``cancelled`` or ``moved`` to another process: also those that
        were to count for later rounds."""
        waived = documents.sop_check_ids.filtered(lambda check: check.state == "waived" and not check.superseded)
        self._end(waived, journal, outcome)

    @api.model
    def _carry_over(self, checks, journal):
        """Pass over those new ``checks`` whose checkpoint was passed over for later rounds of the order as well."""
        ended = checks.browse()
        for check in checks:
            if check.visit_id.cycle <= 1:
                continue
            earlier = check.flow.sop_check_ids.filtered(
                lambda other, check=check: (
                    other.superseded
                    and other.checkpoint_id == check.checkpoint_id
                    and other._get_document() == check._get_document()
                )
            ).sorted("id")[-1:]
            if earlier.state != "waived" or earlier.waiver_scope != "checkpoint":
                continue
            if not self._stands(earlier):
                ended |= earlier
                continue
            waiver = check.env["sop.waiver"].search([("check_id", "=", earlier.id), ("ended_at", "=", False)])
            if not waiver:  # it ended with the order, which is open again
                continue
            kept = ("state", "note", "done_at", "fingerprint", "facts", "waiver_scope", "waiver_expires_at")
            vals = {name: earlier[name] for name in kept}
            as_engine(check).write(vals | {"user_id": earlier.user_id.id})
            as_engine(waiver).write({"check_id": check.id})
            changed = [{"check": check.id, "state": "waived", "code": None}]
            data = {"changed": changed, "by": "waiver", "user": earlier.user_id.id, "note": earlier.note}
            journal.append((check.flow, "checks", data))
        self._end(ended, journal, "changed")

    @api.model
    def _note_gate(self, documents, gate):
        """Keep with the waivers in force on ``documents`` that these have passed ``gate``."""
        checks = documents.sop_check_ids.filtered(lambda check: check.state == "waived" and not check.superseded)
        if not checks:
            return
        now = self.env["sop.engine.clock"]._now()
        for waiver in checks.env["sop.waiver"].search([("check_id", "in", checks.ids), ("ended_at", "=", False)]):
            as_engine(waiver).write({"gates": [*(waiver.gates or ()), {"gate": gate, "at": now.isoformat()}]})

    @api.model
    def _expire(self, waivers):
        """End ``waivers`` whose time is over: their checks are open again, where they still are for something."""
        self.env["sop.engine.evaluation"]._run(waivers.flow)
        journal = []
        self._end(waivers.filtered(lambda waiver: not waiver.ended_at).check_id, journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)
