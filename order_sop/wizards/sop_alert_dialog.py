from odoo import api, fields, models


class SopAlertDialog(models.TransientModel):
    """Asks what was done before alerts are closed, or to whom they are handed over.

    It only forwards to the alerts' own actions, as the current user: they decide whether he may.
    """

    _name = "sop.alert.dialog"
    _description = "SOP Alert Dialog"

    alert_ids = fields.Many2many("sop.alert", required=True, readonly=True)
    operation = fields.Selection([("close", "Close"), ("reassign", "Hand Over")], required=True, readonly=True)
    summary = fields.Text(compute="_compute_summary")
    user_id = fields.Many2one("res.users", "Hand Over To", domain=[("share", "=", False)])
    note = fields.Text("What Was Done")

    @api.depends_context("lang", "tz")
    @api.depends("alert_ids")
    def _compute_summary(self):
        for dialog in self:
            alerts = dialog.alert_ids._filtered_access("read").sudo()  # who sees an alert may know what it is on
            dialog.summary = "\n".join(f"{alert.flow.name}: {alert.message}" for alert in alerts)

    def action_confirm(self):
        """Do the chosen operation on the alerts."""
        self.ensure_one()
        if self.operation == "close":
            self.alert_ids.action_close(self.note)
        else:
            self.alert_ids.action_reassign(self.user_id.id, self.note)
        return {"type": "ir.actions.act_window_close"}
