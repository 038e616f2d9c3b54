from collections import defaultdict

from odoo import api, models

from .guard import as_engine
from .reading import linked_ids


class SopEngineApprovalPeople(models.AbstractModel):
    """Who may decide an approval, and how many have to: as accounts, absences, votes and hand-overs have it now."""

    _inherit = "sop.engine.approval"

    @api.model
    def _refresh_people(self, approvals):
        """Find anew who may decide the open ``approvals``; those that change alike are written together."""
        alike = defaultdict(list)
        for approval in approvals:
            vals = self._get_people_vals(approval)
            if len(vals) > 1:
                alike[repr(vals)].append((approval.id, vals))
        for group in alike.values():
            as_engine(approvals.browse(id_ for id_, _vals in group)).write(group[0][1])
            self.env["sop.engine.teller"]._trigger()

    @api.model
    def _get_delegate_ids(self, check, user_ids):
        """Return the ids of those who stand in for ``user_ids`` today and may decide on the one ``check``."""
        approver = self.env["sop.engine.approver"]
        delegates = {one for ids in approver._get_delegates(user_ids).values() for one in ids}
        if not delegates:
            return []
        barred = self._get_live(check)._get_voter_ids()
        barred |= set(approver._get_conflicts(check.flow)) if check.checkpoint_id.four_eyes else set()
        return sorted(delegates - barred)

    @api.model
    def _get_people_vals(self, approval):
        """Return who may decide the one ``approval`` now, as values: accounts, absences and conflicts change."""
        user_ids = self._get_people_ids(approval)
        vals = {"to_tell": True}
        # what stays is not written: a list of people costs queries of its own
        for name, ids in (
            ("user_ids", user_ids),
            ("delegate_ids", self._get_delegate_ids(approval.check_id, user_ids)),
        ):
            if set(ids) != set(linked_ids(approval, name)):
                vals[name] = [(6, 0, ids)]
        needed = self._get_needed(approval, user_ids)
        return vals if needed == approval.needed else vals | {"needed": needed}

    @api.model
    def _get_needed(self, approval, user_ids):
        """Return how many have to approve the one ``approval``, where ``user_ids`` may.

        Of “all”, who has approved and left counts on; the lead whom an escalation brought in is not one more.
        """
        if not approval.step_id:
            return 1
        gone, taken = self._get_handed_over(approval)
        escalated = set(linked_ids(approval, "guest_ids")) - taken
        spoken = {(vote.on_behalf_of_id or vote.user_id).id for vote in approval._get_votes()}
        people = (set(user_ids) - escalated) | spoken
        return self.env["sop.engine.approver"]._get_needed(approval.check_id, approval.step_id, people, gone)

    @api.model
    def _get_handed_over(self, approval):
        """Return the ids of who has handed the one ``approval`` over and not got it back, and of who has taken it."""
        gone, taken = set(), set()
        for word in approval.decision_ids.sorted("id"):
            if word.decision == "transfer":
                giver = (word.on_behalf_of_id or word.user_id).id
                gone.add(giver)
                taken.discard(giver)
                gone.discard(word.target_id.id)
                taken.add(word.target_id.id)
        return gone, taken

    @api.model
    def _get_people_ids(self, approval):
        """Return the ids of those who may decide the one ``approval`` now: conflicts and votes considered."""
        check, approver = approval.check_id, self.env["sop.engine.approver"]
        guests = self.env["res.users"].browse(linked_ids(approval, "guest_ids"))
        guests = [user.id for user in guests if approver._may_approve(user, approval.company_id)]
        voted = (self._get_live(check) - approval)._get_voter_ids()
        gone, _taken = self._get_handed_over(approval)
        user_ids = approver._get_candidates(check, approval.step_id, guests, gone, voted)
        return [user_id for user_id in user_ids if user_id in guests] if approval.added_by_id else user_ids
