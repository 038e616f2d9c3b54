from odoo import api, models
from odoo.tools import plaintext2html

from .crons import trigger
from .guard import as_engine
from .isolation import work_off


class SopEngineAlertTeller(models.AbstractModel):
    """Tells owners of alerts, after the commit, by a cron: an activity each, a mail for an escalation; ends the
    activities of what is closed or somebody else's by now."""

    _name = "sop.engine.alert.teller"
    _description = "SOP engine: telling of alerts"

    @api.model
    def _trigger(self):
        """Have owners told soon after this transaction is committed; once a transaction."""
        data = self.env.cr.precommit.data
        if not data.get("order_sop.alerts_told"):
            data["order_sop.alerts_told"] = True
            trigger(self.env, "alert_cron")

    @api.model
    def _cron_tell(self):
        """Tell of all there is to tell; an alert that cannot be told of is logged and does not stop the others."""
        work_off(self.env["sop.alert"].search([("to_tell", "=", True)], order="id"), self._tell)

    @api.model
    def _tell(self, alerts):
        """Make the activities of ``alerts`` agree with who has to act; a new owner of an escalation gets a mail."""
        activities = self.env["mail.activity"].sudo().search([("sop_alert_id", "in", alerts.ids)])  # everybody's
        by_alert, over = activities.grouped("sop_alert_id"), activities.browse()
        for alert in alerts:
            mine = by_alert.get(alert.sudo(), activities.browse())  # as its keys are
            owner = alert.user_id if alert.state != "closed" else alert.user_id.browse()
            over |= mine.filtered(lambda activity, owner=owner: activity.user_id != owner)
            if owner.active and owner not in mine.user_id:
                self._schedule(alert, owner)
                took_it_himself = owner == alert.acknowledged_by_id
                if alert.kind == "escalation" and owner.email and not took_it_himself:
                    self._mail(alert, owner)
        over.unlink()
        as_engine(alerts).write({"to_tell": False})

    @api.model
    def _schedule(self, alert, owner):
        """Make the activity of ``owner`` for the one ``alert`` on its order, where he may see that."""
        order = alert.flow
        if not order.with_user(owner).has_access("read"):
            return
        localized = alert.with_context(lang=owner.lang, tz=owner.tz)
        order.with_context(mail_activity_quick_update=True).activity_schedule(
            "order_sop.mail_activity_alert",
            user_id=owner.id,
            summary=localized.display_name,
            note=plaintext2html(localized.message or ""),
            sop_alert_id=alert.id,
        )

    @api.model
    def _mail(self, alert, owner):
        """Queue a mail on the one ``alert`` to ``owner``, in his language."""
        template = self.env.ref("order_sop.mail_template_alert").with_context(lang=owner.lang, tz=owner.tz)
        template.send_mail(
            alert.id,
            email_values={"recipient_ids": [(4, owner.partner_id.id)]},
            email_layout_xmlid="mail.mail_notification_light",
        )
