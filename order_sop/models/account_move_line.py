from contextlib import nullcontext

from odoo import api, models
from odoo.exceptions import UserError


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
        if bills:
            lines.move_id._sop_mark_lines()
        return lines

    def write(self, vals):
        linked = self._sop_get_links() if "sale_line_ids" in vals else {}
        posted = vals.get("sale_line_ids") and self.move_id.filtered(lambda move: move.state == "posted")
        with self.env.cr.savepoint() if posted or linked else nullcontext():
            result = super().write(vals)
            self._sop_check_links_kept(linked)
            if posted:
                posted._sop_enforce_invoice()
        if "sale_line_ids" in vals:
            self.move_id._sop_mark_lines()
        return result

    def _sop_get_links(self):
        """Return ``{line: order lines}`` of orders under a process, which living lines of invoices in ``self`` bill."""
        lines = self.sudo().filtered(lambda line: line.parent_state != "cancel")  # whether there is a process
        links = {line: line.sale_line_ids.filtered("order_id.sop_process_id") for line in lines}
        return {line: billed for line, billed in links.items() if billed}

    @api.model
    def _sop_check_links_kept(self, links):
        """Raise :class:`UserError` when a line bills an order of ``links`` (see :meth:`_sop_get_links`) no longer:
        what is ordered would be billed by no gate; nor does it leave an order line on hold for one that is free."""
        for line, billed in links.items():
            self.env["sop.engine.hold.lines"]._check_not_held(billed - line.sale_line_ids)
            if lost := billed.order_id - line.sale_line_ids.order_id:
                raise UserError(
                    self.env._(
                        "%(invoice)s: “%(line)s” bills %(order)s, which is under an SOP, and cannot be taken off it. "
                        "Delete the line, or cancel the invoice.",
                        invoice=line.move_id.display_name,
                        line=line.name or line.product_id.display_name,
                        order=lost[0].display_name,
                    )
                )
