from odoo import api, models


class AccountPartialReconcile(models.Model):
    """A payment put on an invoice, or taken off again, is news for its orders."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._sop_mark()
        return partials

    def unlink(self):
        if self:  # Odoo often calls it for none
            self._sop_mark()
        return super().unlink()

    def _sop_mark(self):
        if self.env["sop.process"]._is_in_use():
            invoices = (self.debit_move_id | self.credit_move_id).move_id.filtered(lambda move: move.is_sale_document())
            self.env["sop.engine.evaluation"]._mark(invoices)
