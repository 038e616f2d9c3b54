from odoo import api, models

from .guard import as_engine

BATCH = 100


class SopEngineNotify(models.AbstractModel):
    """Sends the customer messages of stages: once each, after the commit, by a cron."""

    _name = "sop.engine.notify"
    _description = "SOP engine: customer messages"

    @api.model
    def _trigger(self):
        """Have the messages of this transaction sent soon after it is committed."""
        self.env.ref("order_sop.notify_cron").sudo()._trigger()  # a cron belongs to administrators

    @api.model
    def _cron_send(self):
        """Send what waits, oldest first. A message that cannot be sent is marked and does not stop the others."""
        cron = self.env["ir.cron"]
        visits = self.env["sop.visit"].search([("message_state", "=", "to_send")], order="id", limit=BATCH * 10)
        cron._commit_progress(remaining=len(visits))
        for visit in visits:
            visit = visit[0]
            if visit.try_lock_for_update() and visit.message_state == "to_send":
                as_engine(visit).write({"message_state": "sent" if self._send(visit) else "failed"})
                self.env["sop.engine.evaluation"]._mark(visit.order_id)
            if not cron._commit_progress(1):
                break

    @api.model
    def _send(self, visit):
        """Send the stage's message to the customer of the one ``visit``; False when he cannot be reached."""
        order = visit.order_id
        if not order.partner_id.email:
            return False
        order.with_context(lang=order.partner_id.lang).message_post_with_source(
            visit.stage_id.message_template_id,
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            subtype_xmlid="mail.mt_comment",
            partner_ids=order.partner_id.ids,
        )
        self.env["sop.engine.log"]._append([(order, "informed", {"visit": visit.id})])
        return True
