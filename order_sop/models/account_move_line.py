from contextlib import nullcontext

from odoo import api, models


class AccountMoveLine(models.Model):
    """Billing an order by a line of an invoice that is posted already passes the invoice gate as well."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        bills = "default_sale_line_ids" in self.env.context or any(vals.get("sale_line_ids") for vals in vals_list)
        moves = self.env["account.move"].browse({vals["move_id"] for vals in vals_list if vals.get("move_id")})
        may_be_posted = bills and any(move.state == "posted" for move in moves)
        with self.env.cr.savepoint() if may_be_posted else nullcontext():
            lines = super().create(vals_list)
            if bills:
                lines.move_id.filtered(lambda move: move.state == "posted")._sop_enforce_invoice()
        return lines

    def write(self, vals):
        posted = vals.get("sale_line_ids") and self.move_id.filtered(lambda move: move.state == "posted")
        with self.env.cr.savepoint() if posted else nullcontext():
            result = super().write(vals)
            if posted:
                posted._sop_enforce_invoice()
        return result
