from odoo import api, models


class SopEngineDecideRights(models.AbstractModel):
    """Who may decide an approval, in whose name, and what he is told when he may not."""

    _inherit = "sop.engine.decide"

    @api.model
    def _get_refusal(self, approval, seen=None):
        """Return why nobody can decide the one ``approval`` now, or None."""
        check = approval.check_id
        if approval.state not in ("open", "rejected") or not self.env["sop.engine.approval"]._is_open(check):
            return self.env._("It is not open (any more). Reload to see how it stands.")
        if check.state == "failed" and approval.state != "rejected":
            return self.env._("It was rejected in another step.")
        if seen is not None and seen.get(str(approval.id), seen.get(approval.id)) != approval.flow._sop_seen():
            return self.env._("The order was changed while you were looking at it: look again.")
        return None

    @api.model
    def _get_stage_refusal(self, approval, decision, stage):
        present = approval.flow.sop_stage_id
        if decision == "return" and (stage.process_id != present.process_id or not stage._is_before(present)):
            return self.env._(
                "It cannot go back to “%s”: choose a stage of its process before the present.", stage.name
            )
        return None

    @api.model
    def _get_principal(self, approval, user):
        """Return in whose name ``user`` may decide the one ``approval``: his own, or that of an absent approver; empty
        when he may not, or has had his say on this check already."""
        approver = self.env["sop.engine.approver"]
        if self._get_bar(approval, user) or not self._may_reconsider(approval, user):
            return user.browse()
        live = self.env["sop.engine.approval"]._get_live(approval.check_id)
        spoken = live._get_voter_ids()
        candidate_ids = self.env["sop.engine.approval"]._get_people_ids(approval)
        candidate_ids = [user_id for user_id in candidate_ids if user_id not in spoken]
        if user.id in candidate_ids:
            return user
        delegates = approver._get_delegates(candidate_ids)
        for candidate_id in candidate_ids:
            if user.id in delegates[candidate_id] and approver._may_approve(user, approval.company_id):
                return user.browse(candidate_id)
        return user.browse()

    @api.model
    def _may_reconsider(self, approval, user):
        """Tell whether ``user`` may decide the one ``approval`` as far as its rejection goes: only who gave it may."""
        if approval.state != "rejected":
            return True
        rejection = approval.decision_ids.filtered(lambda word: word.decision == "reject").sorted("id")[-1:]
        return user.id in rejection._get_people()

    @api.model
    def _get_bar(self, approval, user):
        """Return a code of what keeps ``user`` himself from deciding ``approval``: ``made``, ``sells``, ``put``,
        ``changed`` or ``voted``; None when nothing does."""
        if approval.checkpoint_id.four_eyes:
            conflict = self.env["sop.engine.approver"]._get_conflicts(approval.flow).get(user.id)
            if conflict:
                return conflict
        return "voted" if self._has_voted(approval, user) else None

    @api.model
    def _has_voted(self, approval, user):
        """Tell whether ``user`` has approved the check of the one ``approval`` in this round, himself or by another."""
        return user.id in self.env["sop.engine.approval"]._get_live(approval.check_id)._get_voter_ids()

    @api.model
    def _get_not_yours(self, approval, user):
        """Return why ``user`` may not decide the one ``approval``, and who may, in his language."""
        names = {"order": approval.flow.display_name, "who": self._get_names(approval)}
        bar = self._get_bar(approval, user)
        if bar == "voted":
            return self.env._("You have approved %(order)s in this round already: %(who)s.", **names)
        if bar == "changed":
            return self.env._("You have changed %(order)s yourself: somebody else has to decide (%(who)s).", **names)
        if bar == "put":
            return self.env._(
                "You were written on %(order)s as its salesperson: somebody else has to decide (%(who)s).", **names
            )
        if bar:
            return self.env._(
                "You have made or sell %(order)s yourself: somebody else has to decide (%(who)s).", **names
            )
        return self.env._(
            "“%(check)s” is for %(department)s to do (%(who)s).",
            check=approval._get_step_name(),
            department=approval.department_id.name,
            **names,
        )

    @api.model
    def _get_names(self, approval):
        """Return who may decide the one ``approval``, as text."""
        users = approval.user_ids.browse(self.env["sop.engine.approval"]._get_people_ids(approval))
        return ", ".join(users.mapped("name")) or approval.department_id.name
