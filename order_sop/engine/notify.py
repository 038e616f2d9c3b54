import logging

from odoo import api, models

from .crons import LATER, trigger
from .guard import as_engine
from .isolation import BUSY

BATCH = 100

_logger = logging.getLogger(__name__)


class SopEngineNotify(models.AbstractModel):
    """Sends the customer messages of stages: once each, after the commit, by a cron."""

    _name = "sop.engine.notify"
    _description = "SOP engine: customer messages"

    @api.model
    def _trigger(self, at=None):
        """Have the messages of this transaction sent soon after it is committed, or at ``at`` (naive UTC)."""
        trigger(self.env, "notify_cron", at)

    @api.model
    def _cron_send(self):
        """Send what waits, oldest first. A message that cannot be sent is marked and does not stop the others."""
        cron, waiting = self.env["ir.cron"], [("message_state", "=", "to_send")]
        visits = self.env["sop.visit"].search(waiting, order="id", limit=BATCH * 10)
        cron._commit_progress(remaining=visits.search_count(waiting))
        for visit in visits:
            self._send_once(visit[0])
            if not cron._commit_progress(1):
                break

    @api.model
    def _send_once(self, visit):
        """Send the message of the one ``visit``; later, when another session works on its order."""
        if not visit.try_lock_for_update() or visit.message_state != "to_send":
            return
        order = visit.flow
        if not order.try_lock_for_update(allow_referencing=True):
            self._trigger(self.env["sop.engine.clock"]._now() + LATER)
            return
        sent = self._try_post(order, visit.stage_id.message_template_id)
        if sent is None:
            self._trigger(self.env["sop.engine.clock"]._now() + LATER)
            return
        as_engine(visit).write({"message_state": "sent" if sent else "failed"})
        evaluation = self.env["sop.engine.evaluation"]
        if sent:
            evaluation._close_journal([(order, "informed", {"visit": visit.id})])
        evaluation._mark(order)

    @api.model
    def _try_post(self, order, template):
        """Send ``template`` to the customer of the one ``order``, or nothing at all.

        :param template: the template, or its XML id, of which there may be none any more
        :return: True; False when he cannot be reached, or when it fails, which is logged; None when somebody else works
            on the same: later
        """
        try:
            with self.env.cr.savepoint():
                return self._post(order, template)
        except BUSY:
            return None
        except Exception:
            _logger.exception("order_sop: %s cannot be sent to the customer of %s", template, order)
            return False

    @api.model
    def _post(self, order, template):
        """Send ``template`` to the customer of the one ``order``, in his language; False when he cannot be reached."""
        if not order.partner_id.email:
            return False
        template = self.env.ref(template) if isinstance(template, str) else template
        order.with_context(lang=order.partner_id.lang).message_post_with_source(
            template,
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            subtype_xmlid="mail.mt_comment",
            partner_ids=order.partner_id.ids,
        )
        return True
