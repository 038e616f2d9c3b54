from odoo import api, fields, models

OPERATIONS = [("refuse", "Refuse"), ("cancel", "Cancel the Case"), ("reopen", "Reopen")]


class SopCaseDialog(models.TransientModel):
    """Asks why cases are refused, cancelled or taken up again; forwards to their actions as the current user."""

    _name = "sop.case.dialog"
    _description = "SOP Case Dialog"

    operation = fields.Selection(OPERATIONS, required=True, readonly=True)
    case_ids = fields.Many2many("sop.case", string="Cases", readonly=True)
    reason = fields.Text()

    @api.model
    def _open(self, operation, cases):
        """Return the action that opens a new dialog for ``operation`` on ``cases``."""
        cases.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_case_dialog_action")
        name = dict(self._fields["operation"]._description_selection(self.env))[operation]
        context = {"default_operation": operation, "default_case_ids": cases.ids}
        return action | {"name": f"{name} – {', '.join(cases.mapped('name'))}", "context": context}

    def action_confirm(self):
        """Do what the dialog asks for."""
        self.ensure_one()
        self.check_access("write")
        do = {"refuse": "action_refuse", "cancel": "action_cancel", "reopen": "action_reopen"}[self.operation]
        getattr(self.case_ids, do)(self.reason or "")
        return {"type": "ir.actions.act_window_close"}
