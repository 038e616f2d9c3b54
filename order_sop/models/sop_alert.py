from odoo import api, fields, models
from odoo.tools import format_datetime

from ..engine.arguments import existing, plain, text

KINDS = [
    ("warning", "Time is running out"),
    ("breach", "Late"),
    ("escalation", "Escalated"),
    ("unassigned", "Nobody to do it"),
    ("held", "On hold"),
    ("unanswered", "Customer does not answer"),
    ("undelivered", "Delivery failed"),
]
STATES = [("open", "Open"), ("acknowledged", "Acknowledged"), ("closed", "Closed")]
ENDINGS = [
    ("hand", "Closed by hand"),
    ("left", "The stage was left"),
    ("checked", "The check is done"),
    ("breached", "The limit has passed: another alert tells"),
    ("assigned", "Somebody was found"),
    ("released", "The hold was released"),
    ("moved", "The limit was moved"),
    ("replied", "The customer has answered"),
    ("withdrawn", "The question was withdrawn"),
    ("delivered", "It was delivered after all"),
    ("cancelled", "The order is done or cancelled"),
]


class SopAlert(models.Model):
    """Trouble with one order that somebody has to act on: who, until when, and what was done about it.

    Raised and closed by ``sop.engine.alert`` alone; people act through the ``action_*`` methods.
    """

    _name = "sop.alert"
    _description = "SOP Alert"
    _inherit = ["sop.record.mixin", "sop.guard.mixin"]
    _order = "id desc"

    kind = fields.Selection(KINDS, required=True, readonly=True)
    level = fields.Integer(readonly=True, help="Of an escalation: 1 to the department's lead, 2 to a manager.")
    key = fields.Char(required=True, readonly=True, help="What it is about: there is no second alert with the same.")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    visit_id = fields.Many2one("sop.visit", readonly=True, ondelete="cascade", index="btree_not_null")
    check_id = fields.Many2one("sop.check", readonly=True, ondelete="cascade", index="btree_not_null")
    hold_id = fields.Many2one("sop.hold", readonly=True, ondelete="cascade", index="btree_not_null")
    remedy_id = fields.Many2one("sop.remedy", readonly=True, ondelete="cascade", index="btree_not_null")
    picking_id = fields.Many2one(
        "stock.picking", "Delivery", readonly=True, ondelete="set null", index="btree_not_null"
    )
    stage_id = fields.Many2one("sop.stage", readonly=True, ondelete="restrict")
    department_id = fields.Many2one("sop.department", readonly=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", "Owner", readonly=True, ondelete="set null", help="Who has to act.")
    raised_at = fields.Datetime("Raised", required=True, readonly=True)
    due_at = fields.Datetime("Limit", readonly=True, help="The moment that it is about: the end of a time limit.")
    state = fields.Selection(STATES, required=True, readonly=True)
    acknowledged_at = fields.Datetime("Acknowledged On", readonly=True)
    acknowledged_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    closed_at = fields.Datetime("Closed On", readonly=True)
    closed_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    ending = fields.Selection(ENDINGS, "How It Ended", readonly=True)
    resolution = fields.Text("What Was Done", readonly=True)
    to_tell = fields.Boolean(readonly=True, help="Who has to act has changed: his activity follows.")

    message = fields.Char("What Happened", compute="_compute_message", compute_sudo=True)
    may_act = fields.Boolean(compute="_compute_may_act")

    _key_unique = models.UniqueIndex("(key)", "There is already an alert on this.")
    _open_idx = models.Index("(department_id, kind, state) WHERE state != 'closed'")
    _owner_idx = models.Index("(user_id) WHERE state != 'closed'")
    _tell_idx = models.Index("(id) WHERE to_tell")

    @api.depends_context("lang")
    @api.depends("order_id", "case_id", "kind", "check_id", "hold_id", "stage_id", "remedy_id", "picking_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for alert in self.sudo():  # who sees an alert may know what it is on, though he may not open that
            alert.display_name = f"{alert.flow.name}: {alert._get_subject()} ({kinds.get(alert.kind)})"

    @api.depends_context("lang", "tz")
    @api.depends("kind", "due_at", "check_id", "hold_id", "stage_id", "remedy_id", "picking_id")
    def _compute_message(self):
        for alert in self:
            values = {
                "what": alert._get_subject(),
                "due": alert.due_at and format_datetime(self.env, alert.due_at, dt_format="short"),
                "department": alert.department_id.name,
            }
            alert.message = {
                "warning": self.env._("“%(what)s” has to be done by %(due)s.", **values),
                "breach": self.env._("“%(what)s” had to be done by %(due)s and is not.", **values),
                "escalation": self.env._("“%(what)s” is still not done: it had to be by %(due)s.", **values),
                "unassigned": self.env._("“%(what)s” found nobody in %(department)s to do it.", **values),
                "held": self.env._("The order is on hold until somebody releases it: %(what)s.", **values),
                "unanswered": self.env._("The customer was asked on %(due)s and has not answered: %(what)s.", **values),
                "undelivered": self.env._("%(what)s could not be delivered to the customer on %(due)s.", **values),
            }.get(alert.kind)

    @api.depends_context("uid")
    @api.depends("state", "user_id", "department_id")
    def _compute_may_act(self):
        engine = self.env["sop.engine.alert"]
        for alert in self:
            alert.may_act = alert.state != "closed" and engine._may_act(alert)

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_acknowledge(self):
        """Say that one knows of the alerts in ``self`` and acts; for their owner, members of their department, its lead
        and SOP managers. What was acknowledged before stays so.

        :raise UserError: for one that is closed; AccessError for everybody else
        """
        for alerts in plain(self)._by_model():
            self.env["sop.engine.alert"]._acknowledge(alerts)
        return True

    def action_take(self):
        """Become the owner of the alerts in ``self`` and acknowledge them; for the same people."""
        for alerts in plain(self)._by_model():
            self.env["sop.engine.alert"]._take(alerts)
        return True

    def action_reassign(self, user_id, note=None):
        """Hand the alerts in ``self`` to the colleague ``user_id``; for the same people.

        :param str note: why, optional; it is kept in the log
        """
        user = existing(self.env["res.users"], user_id)
        for alerts in plain(self)._by_model():
            self.env["sop.engine.alert"]._reassign(alerts, user, text(self.env, note))
        return True

    def action_close(self, resolution=None):
        """Close the alerts in ``self``; for the same people.

        :param str resolution: what was done about it, required
        """
        for alerts in plain(self)._by_model():
            self.env["sop.engine.alert"]._close_by_hand(alerts, text(self.env, resolution))
        return True

    def action_open_dialog(self):
        """Open the dialog that asks what was done, or to whom to hand over (``sop_operation`` in the context: ``close``
        or ``reassign``)."""
        operation = "reassign" if self.env.context.get("sop_operation") == "reassign" else "close"
        alerts = plain(self)
        alerts.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_alert_dialog_action")
        return action | {
            "name": self.env._("Hand Over") if operation == "reassign" else self.env._("Close"),
            "context": {"default_alert_ids": alerts.ids, "default_operation": operation},
        }

    # -- business methods ----------------------------------------------------------------------------------------------

    def _get_subject(self):
        """Return what the one alert in ``self`` is about: its hold, remedy, check or delivery, else its stage."""
        subject = self.hold_id.type_id.name or self.remedy_id.display_name or self.check_id.display_name
        return subject or self.picking_id.name or self.stage_id.name or self.flow.name
