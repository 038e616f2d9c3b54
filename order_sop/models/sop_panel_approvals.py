from odoo import api, models


class SopPanelApprovals(models.AbstractModel):
    """What the SOP panel shows of an approval check: the chain of its steps, and what the viewer may do."""

    _inherit = "sop.panel"

    @api.model
    def _get_chain(self, check):
        """Return how the steps of the one approval ``check`` stand: ``[{"id", "name", "state", "state_label", "who",
        "votes" (e.g. 1/2, or False)}…]``, in the order in which they are decided."""
        approvals = self.env["sop.engine.approval"]._get_live(check).sorted(lambda a: (a.lane, a.rank, a.id))
        labels = dict(approvals._fields["state"]._description_selection(self.env))
        return [
            {
                "id": approval.id,
                "name": approval._get_step_name(),
                "state": approval.state,
                "state_label": labels[approval.state],
                "who": self._get_who(approval),
                "votes": approval.needed > 1 and f"{len(approval._get_votes())}/{approval.needed}",
            }
            for approval in approvals
        ]

    @api.model
    def _get_who(self, approval):
        """Return who decided the one ``approval``, or who may, as text."""
        words = approval.decision_ids.filtered(lambda d: d.decision in ("approve", "reject")).sorted("id")
        if approval.state in ("approved", "rejected") and words:
            return ", ".join(
                self.env._("%(user)s for %(absent)s", user=word.user_id.name, absent=word.on_behalf_of_id.name)
                if word.on_behalf_of_id
                else word.user_id.name
                for word in words
            )
        return ", ".join(approval.user_ids.mapped("name")) or self.env._("nobody who may")

    @api.model
    def _get_approval_actions(self, check, user, manager):
        """Return what ``user`` may do with the one open approval ``check``, and the approval's id, as a pair."""
        engine, decide = self.env["sop.engine.approval"], self.env["sop.engine.decide"]
        live = engine._get_live(check)
        if not engine._is_open(check):
            return [], False
        if not live:
            order = check.flow
            member = (order.sop_stage_id.department_id | check.department_id)._has_member(user)
            return (["ask"] if member or manager or user == order.user_id else []), False
        ready = live.filtered(lambda approval: not decide._get_refusal(approval))
        mine = ready.filtered(lambda approval: decide._get_principal(approval, user))[:1]
        actions = ["approve", "reject", "return"] if mine else []
        if mine.state == "open":
            actions += ["transfer", "add"]
        elif ready.filtered(lambda a: a.state == "open") and (manager or user == check.department_id.lead_id):
            actions.append("transfer")
        if check.asked_by_id == user or manager:
            actions.append("recall")
        return actions, (mine or ready or live)[:1].id
