from contextlib import nullcontext

from odoo import api, models
from odoo.exceptions import AccessError

CONTENT_FIELDS = {
    "product_id",
    "name",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "customer_lead",
    "tax_ids",
    "order_id",
    "is_downpayment",
    "is_delivery",
    "is_expense",
    "display_type",
}


class SaleOrderLine(models.Model):
    """A changed line is a changed order."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        billed = "default_invoice_lines" in self.env.context or any(vals.get("invoice_lines") for vals in vals_list)
        with self.env.cr.savepoint() if billed else nullcontext():
            lines = super().create(vals_list)
            if billed:
                lines._sop_enforce_invoice()
        self.env["sop.engine.evaluation"]._mark(lines.order_id, "content")
        return lines

    def write(self, vals):
        if "state" in vals and self.order_id.sudo().sop_process_id:  # whether there is one
            raise AccessError(self.env._("The state of a line is that of its order: it cannot be written."))
        if "qty_delivered" in vals and self._sop_counted_by_stock():
            raise AccessError(self.env._("What stock counts as delivered cannot be written: validate the delivery."))
        if "order_id" in vals:
            self.env["sop.engine.holds"]._check_not_held(self)
        changed = not CONTENT_FIELDS.isdisjoint(vals)
        if changed:
            self.env["sop.engine.evaluation"]._mark(self.order_id, "content")
        billed = vals.get("invoice_lines") or ("order_id" in vals and self.invoice_lines)
        deposits = (
            self.filtered(lambda line: line._sop_is_deposit() and line.invoice_lines)
            if not {"is_downpayment", "product_uom_qty"}.isdisjoint(vals)
            else self.browse()
        )
        linked = self.sudo().invoice_lines._sop_get_links() if billed else {}  # whether there is a process
        with self.env.cr.savepoint() if billed or deposits else nullcontext():
            result = super().write(vals)
            self.env["account.move.line"]._sop_check_links_kept(linked)
            if billed:
                self._sop_enforce_invoice()
            # what was billed as a down payment, by no gate, is not to become goods
            deposits.filtered(lambda line: not line._sop_is_deposit())._sop_enforce_invoice()
        if "order_id" in vals:
            self.env["sop.engine.evaluation"]._mark(self.order_id, "content")
        return result

    def unlink(self):
        self.env["sop.engine.holds"]._check_not_held(self)
        self.env["sop.engine.evaluation"]._mark(self.order_id, "content")
        return super().unlink()

    def _sop_counted_by_stock(self):
        """Return the lines of ``self`` under a process whose delivered quantity comes from stock moves."""
        return self.filtered(
            lambda line: (
                line.qty_delivered_method == "stock_move" and line.order_id.sudo().sop_process_id
            )  # whether there is one
        )

    def _sop_is_deposit(self):
        """Tell whether the one line in ``self`` stands for a down payment: the mark alone could be on any line."""
        return self.is_downpayment and not self.product_uom_qty

    def _sop_is_aside(self):
        """Tell whether the one line in ``self`` goes along with others: a down payment, an expense that is billed on,
        the charge of the order's carrier. Again the marks alone could be on any line."""
        # the carrier may be chosen on the order or, later, on its delivery
        carriers = self.is_delivery and (self.order_id.carrier_id | self.order_id.picking_ids.carrier_id)
        charge = carriers and self.product_id in carriers.product_id
        return bool(charge) or (self.is_expense and not self.product_uom_qty) or self._sop_is_deposit()

    def _sop_enforce_invoice(self):
        """Let the posted invoices that bill ``self`` pass the invoice gate, or raise: the link was made just now."""
        self.invoice_lines.move_id.filtered(lambda move: move.state == "posted")._sop_enforce_invoice()
