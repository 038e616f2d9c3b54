from odoo import models


class AccountMove(models.Model):
    """An invoice of orders shows their SOP panel; before it is posted it passes the invoice gate."""

    _name = "account.move"
    _inherit = ["account.move", "sop.document.mixin"]

    def write(self, vals):
        to_post = vals.get("state") == "posted" and self.filtered(lambda move: move.state != "posted")
        if to_post:
            to_post._sop_enforce_invoice()
        result = super().write(vals)
        if not {"state", "payment_state", "invoice_line_ids", "line_ids"}.isdisjoint(vals):
            self.env["sop.engine.evaluation"]._mark(self)
        return result

    def _post(self, soft=True):
        posted = super()._post(soft)
        self.env["sop.engine.evaluation"]._mark(posted)
        return posted

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self.env["sop.engine.evaluation"]._mark(self)
        return result

    def _get_flow_documents(self):
        # the link to the orders, not their content
        return self.sudo().line_ids.sale_line_ids.order_id.with_env(self.env)

    def _sop_invoices_goods(self):
        """Tell whether the one move in ``self`` bills what was ordered: no refund, not a pure down payment."""
        return self.move_type == "out_invoice" and any(
            not line.is_downpayment for line in self.sudo().line_ids.sale_line_ids  # the kind of line only
        )

    def _sop_enforce_invoice(self):
        """Let the customer invoices in ``self`` pass the invoice gate of their orders, or raise."""
        invoices = self.filtered(lambda move: move._sop_invoices_goods())
        orders = invoices._get_flow_documents().sudo().filtered("sop_process_id")  # gates hold for everybody
        if orders:
            self.env["sop.engine.evaluation"]._flush()
            self.env["sop.engine.gate"]._enforce(orders, "invoice", invoices)
