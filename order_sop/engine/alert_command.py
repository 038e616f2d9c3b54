from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .guard import as_engine


class SopEngineAlertCommand(models.AbstractModel):
    """What people do with alerts, and who may: see the ``action_*`` methods of ``sop.alert``."""

    _inherit = "sop.engine.alert"

    @api.model
    def _acknowledge(self, alerts):
        """See ``sop.alert.action_acknowledge``."""
        alerts = self._to_act_on(alerts).filtered(lambda alert: alert.state == "open")
        as_engine(alerts).write(self._get_acknowledged())
        self._finish(alerts, {"how": "acknowledged"})

    @api.model
    def _take(self, alerts):
        """See ``sop.alert.action_take``."""
        alerts = self._to_act_on(alerts)
        taken = alerts.filtered(lambda alert: alert.user_id != self.env.user)
        as_engine(alerts.filtered(lambda alert: alert.state == "open")).write(self._get_acknowledged())
        as_engine(taken).write({"user_id": self.env.uid, "to_tell": True})
        self._finish(alerts, {"how": "taken", "to": self.env.uid})

    @api.model
    def _reassign(self, alerts, user, note):
        """See ``sop.alert.action_reassign``; what was acknowledged is open again: the new owner has not seen it."""
        alerts = self._to_act_on(alerts)
        orders = alerts.flow.with_user(user[:1] or self.env.user)
        for company in alerts.company_id:
            if len(user) != 1 or not self.env["sop.engine.approver"]._may_approve(user, company):
                raise UserError(
                    self.env._("Choose an active colleague who works by the Order SOP in the same company.")
                )
        for order in orders - orders._filtered_access("read"):
            raise UserError(
                self.env._(
                    "%(user)s cannot see %(order)s: choose somebody whose department has work on it.",
                    user=user.sudo().name,  # of the house, as was checked
                    order=order.sudo().name,  # whose alert the current user sees
                )
            )
        vals = {"user_id": user.id, "state": "open", "acknowledged_at": False, "acknowledged_by_id": False}
        as_engine(alerts).write(vals | {"to_tell": True})
        self._finish(alerts, {"how": "handed_over", "to": user.id} | ({"note": note} if note else {}))

    @api.model
    def _close_by_hand(self, alerts, resolution):
        """See ``sop.alert.action_close``."""
        alerts = self._to_act_on(alerts)
        if not resolution:
            raise UserError(self.env._("Say what was done about it: others learn from that."))
        journal = []
        self._close(alerts, dict.fromkeys(alerts, "hand"), journal, resolution)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _may_act(self, alert):
        """Tell whether the current user may act on the one ``alert``: its owner, members and lead of its department, or
        SOP managers."""
        user = self.env.user
        return (
            user in (alert.user_id, alert.department_id.lead_id)
            or user.has_group("order_sop.group_manager")
            or alert.department_id.id in self.env["sop.department"]._get_my_ids()
        )

    @api.model
    def _to_act_on(self, alerts):
        """Return ``alerts`` in superuser mode, their orders locked, after checking that the user may act on each and
        none is closed.

        :raise AccessError: for other people's; UserError for closed ones
        """
        alerts.check_access("read")
        alerts = alerts.sudo()  # the user is checked here
        self.env["sop.engine.evaluation"]._lock(alerts.flow)
        for alert in alerts:
            if not self._may_act(alert):
                raise AccessError(
                    self.env._(
                        "“%(alert)s” is for its owner (%(user)s), for %(department)s and for SOP managers to act on.",
                        alert=alert.display_name,
                        user=alert.user_id.name or "–",
                        department=alert.department_id.name or "–",
                    )
                )
            if alert.state == "closed":
                raise UserError(self.env._("“%s” was closed already. Reload to see how.", alert.display_name))
        return alerts

    @api.model
    def _get_acknowledged(self):
        now = self.env["sop.engine.clock"]._now()
        return {"state": "acknowledged", "acknowledged_at": now, "acknowledged_by_id": self.env.uid}

    @api.model
    def _finish(self, alerts, data):
        """Log what was done with ``alerts`` and have the people told."""
        journal = []
        self._log(alerts, data, journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)
        self.env["sop.engine.alert.teller"]._trigger()
