from odoo import api, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from .crons import LATER, trigger
from .guard import as_engine
from .isolation import work_off


class SopEngineTeller(models.AbstractModel):
    """Tells people of approvals, after the commit, by a cron: an activity and a mail for each approver, reminders,
    escalations; ends the activities of what is decided."""

    _name = "sop.engine.teller"
    _description = "SOP engine: telling of approvals"

    @api.model
    def _trigger(self, at=None):
        """Have people told soon after this transaction is committed, or at ``at`` (naive UTC); once a transaction."""
        data = self.env.cr.precommit.data
        if at or not data.get("order_sop.told"):
            data["order_sop.told"] = True
            trigger(self.env, "approval_cron", at)

    @api.model
    def _cron_tell(self):
        """Do all of it; one approval that cannot be told of is logged and does not stop the others."""
        now = self.env["sop.engine.clock"]._now()
        stopped = Domain("sop_visit_id.paused_at", "!=", False)  # while the clock stands nobody is pressed
        running = ~(Domain("order_id", "any!", stopped) | Domain("case_id", "any!", stopped))
        steps = (
            (Domain("remind_at", "<=", now) & running, self._remind),
            (Domain("escalate_at", "<=", now) & running, self._escalate),
            ([("to_tell", "=", True)], self._tell),
        )
        for domain, do in steps:
            self._each(self.env["sop.approval"].search(domain, order="id"), do)

    @api.model
    def _each(self, approvals, do):
        """Call ``do`` with batches of ``approvals``; those that somebody works on come later."""
        work_off(approvals, do, lambda: self._trigger(self.env["sop.engine.clock"]._now() + LATER))

    @api.model
    def _cron_refresh_people(self):
        """Find anew who may decide what is open: accounts, groups and absences have changed, or a day has begun."""
        self._each(self.env["sop.approval"].search([("state", "=", "open")], order="id"), self._refresh)
        self._trigger()

    @api.model
    def _refresh(self, approvals):
        self.env["sop.engine.approval"]._refresh_people(approvals)
        self.env["sop.engine.decide"]._settle(approvals)

    # -- activities and mails ------------------------------------------------------------------------------------------

    @api.model
    def _tell(self, approvals):
        """Make the activities of ``approvals`` agree with who has to decide; mail goes to whoever is new to it."""
        activities = self._get_activities(approvals)
        over, by_approval = activities.browse(), activities.grouped("sop_approval_id")
        for approval in approvals:
            mine = by_approval.get(approval.sudo(), activities.browse())  # as its keys are
            wanted, lead = self._get_to_tell(approval), self._get_told_lead(approval)
            over |= mine.filtered(lambda activity, told=wanted | lead: activity.user_id not in told)
            for user in wanted - mine.user_id:
                self._schedule(approval, user, approval.with_context(lang=user.lang)._get_step_name())
                self._mail(approval, user, "order_sop.mail_template_approval")
            if lead - wanted - mine.user_id:
                self._schedule(approval, lead, self._get_trouble(approval.with_context(lang=lead.lang)))
        over.unlink()
        as_engine(approvals).write({"to_tell": False})

    @api.model
    def _get_activities(self, approvals):
        return self.env["mail.activity"].sudo().search([("sop_approval_id", "in", approvals.ids)])  # everybody's

    @api.model
    def _get_to_tell(self, approval):
        """Return the users who have to decide the one ``approval`` and have not yet."""
        if approval.state != "open" or approval.check_state != "pending":
            return approval.user_ids.browse()
        votes = approval._get_votes()
        return (approval.user_ids | approval.delegate_ids) - votes.user_id - votes.on_behalf_of_id

    @api.model
    def _schedule(self, approval, user, summary):
        """Make the activity of ``user`` for the one ``approval`` on its order."""
        order = approval.flow.with_context(mail_activity_quick_update=True)  # the mail below tells more
        order.activity_schedule(
            "order_sop.mail_activity_approval",
            user_id=user.id,
            summary=summary,
            note=plaintext2html(approval.with_context(lang=user.lang).changes or ""),
            sop_approval_id=approval.id,
        )

    @api.model
    def _mail(self, approval, user, template):
        """Queue a mail on the one ``approval`` to ``user``, in his language."""
        if user.email:
            self.env.ref(template).with_context(lang=user.lang).send_mail(
                approval.id,
                email_values={"recipient_ids": [(4, user.partner_id.id)]},
                email_layout_xmlid="mail.mail_notification_light",
            )

    @api.model
    def _get_told_lead(self, approval):
        """Return who is told what is wrong with the one ``approval``: the lead of its department, else, or where he has
        a part in the order himself, the administrator; empty where nothing is."""
        leads = approval.department_id.lead_id | self.env.ref("base.user_admin", raise_if_not_found=False)
        if not self._get_trouble(approval):
            return leads.browse()
        conflicts = self.env["sop.engine.approver"]._get_conflicts(approval.flow)
        return leads.filtered(lambda user: user.active and user.id not in conflicts)[:1] or leads[:1]

    @api.model
    def _get_trouble(self, approval):
        """Return why the people who are to decide the one ``approval`` cannot, in the reader's language, or False."""
        if approval.state != "open" or approval.check_state != "pending":
            return False
        engine, step = self.env["sop.engine.approver"], approval._get_step_name()
        gone, _taken = self.env["sop.engine.approval"]._get_handed_over(approval)
        if left_out := engine._get_left_out(approval.check_id, approval.step_id, gone):
            names = ", ".join(approval.user_ids.browse(left_out).mapped("name"))
            return approval.env._("Cannot decide, since written on the order as salesperson: %s", f"{names} ({step})")
        if len(approval.user_ids) < approval.needed:
            return approval.env._("Nobody can decide: %s", step)
        return False

    # -- time ----------------------------------------------------------------------------------------------------------

    @api.model
    def _remind(self, approvals):
        """Remind those who have not decided yet; once each."""
        for approval in approvals:
            for user in self._get_to_tell(approval):
                self._mail(approval, user, "order_sop.mail_template_approval_reminder")
        as_engine(approvals).write({"remind_at": False, "reminded": True})

    @api.model
    def _escalate(self, approvals):
        """Bring in the leads of the departments of ``approvals`` that were not decided in time; once each."""
        engine = self.env["sop.engine.approval"]
        as_engine(approvals).write({"escalate_at": False, "escalated": True})
        journal = []
        for approval in approvals.filtered(lambda approval: approval.state == "open"):
            lead = approval.department_id.lead_id
            if lead and lead not in approval.user_ids:
                as_engine(approval).write({"guest_ids": [(4, lead.id)]})
            as_engine(approval).write(engine._get_people_vals(approval))
            if lead:  # who may not decide himself can hand it to somebody who may
                self._mail(approval, lead, "order_sop.mail_template_approval_escalation")
            engine._log_asked(approval, journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)
