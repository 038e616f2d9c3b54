from odoo import models

from ..engine.arguments import existing, plain, text


class SopApprovalActions(models.Model):
    """What people do with approvals: public API, each action checks who calls."""

    _inherit = "sop.approval"  # pylint: disable=consider-merging-classes-inherited

    def action_decide(self, decision, comment=None, stage_id=None, seen=None):
        """Decide the approvals in ``self``, each independently: what cannot be decided does not stop the rest.

        :param str decision: ``approve``, ``reject`` or ``return`` (the order goes back to stage ``stage_id``)
        :param str comment: required to reject or return
        :param dict seen: ``{approval id: fingerprint}`` of what the user looked at (see ``action_open_dialog``); what
            was changed meanwhile is not decided
        :return: ``[{"id", "name", "reason"}…]``, one for each: ``reason`` False where the decision stands, ``name``
            False for what the user cannot see
        """
        approvals = plain(self)._read_ahead()
        stage = existing(self.env["sop.stage"], stage_id)
        names, refused, comment = approvals._get_visible_names(), {}, text(self.env, comment)
        for part in approvals._by_model() or [approvals]:
            refused |= self.env["sop.engine.decide"]._decide(part, decision, comment, stage, seen)
        return [approval._get_result(names, refused) for approval in approvals]

    def action_transfer(self, user_id, comment=None):
        """Hand the approvals in ``self`` to the colleague ``user_id``, each independently; for approvers, their
        department's lead, and SOP managers.

        A manager who comments can also hand it to somebody who was written on the order as its salesperson once: that
        counts no more, and the log keeps why.

        :return: as :meth:`action_decide`
        """
        approvals, user = plain(self)._read_ahead(), existing(self.env["res.users"], user_id)
        names, refused = approvals._get_visible_names(), {}
        for part in approvals._by_model() or [approvals]:
            refused |= self.env["sop.engine.handover"]._transfer(part, user, text(self.env, comment))
        return [approval._get_result(names, refused) for approval in approvals]

    def action_add_approver(self, user_id, where="before", comment=None):
        """Have ``user_id`` approve as well, ``before`` or ``after`` oneself; for approvers of the ones in ``self``."""
        user = existing(self.env["res.users"], user_id)
        for part in plain(self)._by_model():
            self.env["sop.engine.handover"]._add_approver(part, user, where, text(self.env, comment))
        return True

    def action_recall(self, comment=None):
        """Take the request back that the approvals in ``self`` belong to; for who asked, and SOP managers."""
        for part in plain(self)._by_model():
            self.env["sop.engine.handover"]._recall(part.check_id, text(self.env, comment))
        return True

    def action_open_dialog(self):
        """Open the dialog for what the user wants to do with the approvals in ``self`` (``sop_operation`` in the
        context): it shows what they are about and, for several, what became of each. ``sop_seen`` is the fingerprint of
        what the one order said when the user read it, else what it says now counts."""
        operation = text(self.env, self.env.context.get("sop_operation")) or "approve"
        seen = text(self.env, self.env.context.get("sop_seen"))
        dialog = self.env["sop.approval.dialog"]._open(plain(self), operation, seen)
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_approval_dialog_action")
        return action | {"res_id": dialog.id, "name": dialog._get_title()}
