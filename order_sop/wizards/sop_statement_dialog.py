from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import date_utils

from ..engine.arguments import existing, plain, text

SOURCES = {"res.partner": "commercial_partner_id", "sop.tie.out": "partner_id", "sop.settlement.order": "partner_id"}


class SopStatementDialog(models.TransientModel):
    """Makes and sends the statements of chosen customers for a period, and tells what became of each."""

    _name = "sop.statement.dialog"
    _description = "Send Customer Statements"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    date_from = fields.Date("From", required=True, default=lambda self: self._get_last_month()[0])
    date_to = fields.Date("To", required=True, default=lambda self: self._get_last_month()[1])
    partner_ids = fields.Many2many("res.partner", string="Customers", default=lambda self: self._get_chosen())
    again = fields.Boolean("Once More", help="Also to customers who have got one for this period.")
    again_reason = fields.Text("Why Once More")
    line_ids = fields.One2many("sop.statement.dialog.line", "dialog_id", "What Became of Each", readonly=True)

    @api.model
    def _get_last_month(self):
        end = fields.Date.context_today(self).replace(day=1) - timedelta(days=1)
        return date_utils.start_of(end, "month"), end

    @api.model
    def _get_chosen(self):
        """Return the customers of the records that the dialog is opened on."""
        model, ids = self.env.context.get("active_model"), self.env.context.get("active_ids")
        if not isinstance(model, str) or model not in SOURCES:
            return self.env["res.partner"]
        records = existing(plain(self.env[model]), ids or [])
        return self.env["res.partner"].browse(records[SOURCES[model]].commercial_partner_id.ids)

    def action_send(self):
        """Make the statements, send them, and show what became of each."""
        dialog = plain(self)
        dialog.ensure_one()
        dialog.check_access("write")
        reason = text(self.env, dialog.again_reason) if dialog.again else None
        if dialog.again and not reason:
            raise UserError(self.env._("Say why the customers are to get another statement for this period."))
        if not dialog.partner_ids:
            raise UserError(self.env._("Choose the customers."))
        engine = dialog.env["sop.engine.statement"]
        made, others = engine._make(dialog.partner_ids, dialog.company_id, dialog.date_from, dialog.date_to, reason)
        engine._send_now(made)
        lines = [{"partner_id": one.partner_id.id, "statement_id": one.id} for one in made]
        lines += [{"partner_id": partner.id, "refusal": code} for partner, code in others]
        dialog.line_ids.sudo().unlink()  # of an earlier try
        dialog.env["sop.statement.dialog.line"].sudo().create(  # what became of each is nobody's to write
            [line | {"dialog_id": dialog.id} for line in lines]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_statement_dialog_action")
        return action | {"res_id": dialog.id}
