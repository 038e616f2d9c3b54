from collections import defaultdict

from odoo import api, models

from ..engine.guard import is_unattended

POST_FIELDS = {"state", "posted_before"}
BILLING_TYPES = ("out_invoice", "out_receipt")


class AccountMove(models.Model):
    """An invoice of orders shows their SOP panel; before it is posted it passes the invoice gate."""

    _name = "account.move"
    _inherit = ["account.move", "sop.document.mixin"]

    # the few that are dated before they were made, see the settlement's scope
    _sop_early_idx = models.Index("(date) WHERE state = 'posted' AND (date >= create_date::date) IS NOT TRUE")
    # what was invoiced: read without the wide rows, see sop.kpi.money
    _sop_sales_idx = models.Index(
        "(company_id, date) INCLUDE (move_type, amount_total_signed, amount_untaxed_signed)"
        " WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund')"
    )

    @api.model_create_multi
    def create(self, vals_list):
        # made posted (by a default: Odoo refuses it among the values) it passes the gate with its lines
        moves = super().create(vals_list)
        moves.filtered(lambda move: move.move_type in BILLING_TYPES)._sop_mark_lines()
        return moves

    def write(self, vals):
        posting = vals.get("state") == "posted" and self.filtered(lambda move: move.state != "posted")
        changing = not {"line_ids", "invoice_line_ids"}.isdisjoint(vals) and any(
            move.state == "posted" for move in self
        )
        if posting or changing:
            self.check_access("write")  # what is missing is told to nobody else
        if not (posting or changing):
            result = super().write(vals)
        elif not changing and POST_FIELDS.issuperset(vals):
            # asked before the write: an error that somebody catches must leave nothing behind the gate
            posting._sop_enforce_invoice()
            result = super().write(vals)
        else:
            # what is written along decides what is billed: it comes first and is undone with the rest
            with self.env.cr.savepoint():
                result = super().write({name: value for name, value in vals.items() if name not in POST_FIELDS})
                self.filtered(
                    lambda move: move.state == "posted" or (posting and move in posting)
                )._sop_enforce_invoice()
                if not POST_FIELDS.isdisjoint(vals):
                    result = super().write({name: value for name, value in vals.items() if name in POST_FIELDS})
        if not {"state", "payment_state"}.isdisjoint(vals):
            self.env["sop.engine.evaluation"]._mark(self)
        elif not {"invoice_line_ids", "line_ids"}.isdisjoint(vals):
            self._sop_mark_lines()
        return result

    def _post(self, soft=True):
        held = self._sop_hold_back() if is_unattended(self.env) else self.browse()
        posted = super(AccountMove, self - held)._post(soft)
        self.env["sop.engine.evaluation"]._mark(posted)
        return posted

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        self.env["sop.engine.evaluation"]._mark(self)
        return result

    def _sop_mark_lines(self):
        """Have the orders that ``self`` bills evaluated; of a draft only processes that look at drafts want to know."""
        drafts_count = self.env["sop.process"]._looks_at_drafts()
        known = self if drafts_count else self.filtered(lambda move: move.state != "draft")
        self.env["sop.engine.evaluation"]._mark(known)

    def _get_flow_documents(self):
        # the link to the orders, not their content
        return self.sudo().line_ids.sale_line_ids.order_id.with_env(self.env)

    def _sop_invoices_goods(self):
        """Tell whether the one move in ``self`` bills what was ordered: no refund, not a pure down payment."""
        return self.move_type in BILLING_TYPES and any(
            not line._sop_is_deposit()
            for line in self.sudo().line_ids.sale_line_ids  # the kind of line only
        )

    def _sop_gate_items(self):
        """Return ``{order: invoices}`` that the invoices in ``self`` ask the invoice gate for."""
        items = defaultdict(self.sudo().browse)  # as below
        for invoice in self.sudo():  # gates hold for everybody, whatever he may read
            if invoice._sop_invoices_goods():
                for order in invoice._get_flow_documents():
                    items[order] |= invoice
        return items

    def _sop_enforce_invoice(self):
        """Let the customer invoices in ``self`` pass the invoice gate of their orders, and credit notes that of their
        cases, or raise."""
        self.env["sop.engine.case.guard"]._enforce_credit(self.filtered(lambda move: move.move_type == "out_refund"))
        items = self._sop_gate_items()
        if items:
            self.env["sop.engine.gate"]._enforce(self.env["sale.order"].union(*items), "invoice", items)

    def _sop_hold_back(self):
        """Hold the orders of those invoices in ``self`` that may not be posted.

        :return: these invoices
        """
        items = self._sop_gate_items()
        orders = self.env["sale.order"].union(*items)
        closed = self.env["sop.engine.gate"]._hold_closed(orders, "invoice", "invoice", items) if orders else orders
        return self.browse().union(*(items[order] for order in closed.sudo())).with_env(self.env)  # keys are sudo
