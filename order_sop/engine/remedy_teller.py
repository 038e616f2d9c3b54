from odoo import api, models

from .guard import as_engine
from .isolation import isolated

BATCH = 200
TEMPLATES = ("order_sop.mail_template_remedy", "order_sop.mail_template_remedy_reminder")


class SopEngineRemedyTeller(models.AbstractModel):
    """Asks customers, reminds them once, and raises an alert when they stay silent; after the commit, by a cron."""

    _name = "sop.engine.remedy.teller"
    _description = "SOP engine: questions to customers"

    @api.model
    def _cron_tell(self):
        """Withdraw open questions whose line is not short or late any more, and send what is due of the others; one
        that cannot be sent is logged and does not stop the others."""
        cron, asked = self.env["ir.cron"], self.env["sop.remedy"].search([("state", "=", "asked")], order="id")
        cron._commit_progress(remaining=len(asked))
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            free = batch.order_id.try_lock_for_update(allow_referencing=True)  # who works on the others comes first
            isolated(batch.filtered(lambda remedy, free=free: remedy.order_id in free), self._tell)
            if not cron._commit_progress(min(BATCH, len(asked) - start)):
                break

    @api.model
    def _tell(self, remedies):
        """Send what is due of each of ``remedies``: the question, the reminder, or the alert to who decided. Those
        about which nothing is left to decide are withdrawn instead."""
        now, journal = self.env["sop.engine.clock"]._now(), []
        remedies = remedies.filtered(lambda remedy: remedy.state == "asked")
        remedies -= self.env["sop.engine.remedy"]._withdraw_over(remedies)
        for remedy in remedies.filtered(lambda remedy: remedy.next_at and remedy.next_at <= now):
            vals = {"told": remedy.told + 1, "next_at": False}
            if remedy.told < len(TEMPLATES):
                self._send(remedy, TEMPLATES[remedy.told])
                vals["next_at"] = self._get_next(remedy, now)
                if remedy.told:
                    vals["reminded_at"] = now
                journal.append((remedy.order_id, "informed", {"remedy": remedy.id, "reminder": bool(remedy.told)}))
            else:
                self._raise(remedy)
            as_engine(remedy).write(vals)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _get_next(self, remedy, now):
        """Return when the next message on the one ``remedy`` is due: its company's hours later, of working time."""
        order, clock = remedy.order_id, self.env["sop.engine.clock"]
        calendar = clock._get_calendar(order.sop_process_id, order.company_id)
        return clock._plan(now, order.company_id.sop_ask_hours or 8, calendar, order.company_id)

    @api.model
    def _send(self, remedy, template_xmlid):
        """Send the customer of the one ``remedy`` a message of his order, from its template's sender."""
        order = remedy.order_id
        template = self.env.ref(template_xmlid).with_context(lang=order.partner_id.lang)
        sender, subject, body = (
            template._render_field(name, remedy.ids, compute_lang=True)[remedy.id]
            for name in ("email_from", "subject", "body_html")
        )
        order.with_context(lang=order.partner_id.lang).message_post(
            email_from=sender or None,
            subject=subject,
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=order.partner_id.ids,
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
        )

    @api.model
    def _raise(self, remedy):
        """Raise an alert on the one ``remedy``, whose customer does not answer, for who decided so."""
        decider, order = remedy.decided_by_id, remedy.order_id
        here = decider and self.env["sop.engine.approver"]._may_approve(decider, order.company_id)
        self.env["sop.engine.alert"]._raise(
            [
                {
                    "kind": "unanswered",
                    "order_id": order.id,
                    "remedy_id": remedy.id,
                    "due_at": remedy.asked_at,
                    "user_id": decider.id if here else None,
                }
            ]
        )
