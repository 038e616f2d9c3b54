from odoo import api, fields, models
from odoo.tools import SQL

from ..engine.arguments import plain
from ..engine.ledger import COLUMNS
from ..engine.windows import form_of, list_of


def _own(label, **options):
    return fields.Monetary(label, currency_field="currency_id", compute="_compute_figures", aggregator="sum", **options)


def _company(label):
    return fields.Monetary(
        f"{label} (Company Currency)",
        currency_field="company_currency_id",
        compute="_compute_figures",
        aggregator="sum",
    )


class SopSettlementMixin(models.AbstractModel):
    """The amounts of the ledger as columns of a list, as of the day ``sop_day`` in the context, else today.

    They are computed for the records that are read, all at once; a sum over groups comes from the same rows.
    """

    _name = "sop.settlement.mixin"
    _description = "Settlement Figures"

    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    date_order = fields.Datetime("Order Date", readonly=True)
    day = fields.Date("As Of", readonly=True, help="The figures are those of the end of this day.")
    has_open = fields.Boolean(
        "Invoices Not Paid",
        compute="_compute_has_open",
        search="_search_has_open",
        help="Of its invoices something is open, or money is left over.",
    )

    ordered_untaxed = _own("Ordered Untaxed")
    ordered_total = _own("Ordered")
    delivered_untaxed = _own("Delivered Untaxed")
    delivered_total = _own("Delivered", help="What the net quantity delivered is worth, taxes included.")
    invoiced_untaxed = _own("Invoiced Untaxed")
    invoiced_total = _own("Invoiced")
    credited_untaxed = _own("Credited Untaxed")
    credited_total = _own("Credited")
    net_invoiced_untaxed = _own("Net Invoiced Untaxed")
    net_invoiced_total = _own("Net Invoiced", help="Invoiced less credited, taxes and rounding included.")
    deposit_taken = _own("Deposits Taken")
    deposit_used = _own("Deposits Used")
    paid = _own("Paid")
    offset = _own("Set Off", help="Settled between invoices and credit notes.")
    written_off = _own("Written Off")
    exchange = _own("Exchange Difference")
    outstanding = _own("Outstanding", help="Net invoiced less paid, set off, written off and exchange differences.")
    overdue = _own("Overdue")
    not_due = _own("Not Due")
    overdue_30 = _own("1–30 Days Late")
    overdue_60 = _own("31–60 Days Late")
    overdue_90 = _own("61–90 Days Late")
    overdue_older = _own("Over 90 Days Late")

    ordered_untaxed_company = _company("Ordered Untaxed")
    ordered_total_company = _company("Ordered")
    delivered_untaxed_company = _company("Delivered Untaxed")
    delivered_total_company = _company("Delivered")
    invoiced_untaxed_company = _company("Invoiced Untaxed")
    invoiced_total_company = _company("Invoiced")
    credited_untaxed_company = _company("Credited Untaxed")
    credited_total_company = _company("Credited")
    net_invoiced_untaxed_company = _company("Net Invoiced Untaxed")
    net_invoiced_total_company = _company("Net Invoiced")
    deposit_taken_company = _company("Deposits Taken")
    deposit_used_company = _company("Deposits Used")
    paid_company = _company("Paid")
    offset_company = _company("Set Off")
    written_off_company = _company("Written Off")
    exchange_company = _company("Exchange Difference")
    outstanding_company = _company("Outstanding")
    overdue_company = _company("Overdue")
    not_due_company = _company("Not Due")
    overdue_30_company = _company("1–30 Days Late")
    overdue_60_company = _company("31–60 Days Late")
    overdue_90_company = _company("61–90 Days Late")
    overdue_older_company = _company("Over 90 Days Late")

    # -- figures -------------------------------------------------------------------------------------------------------

    def _get_line_ids(self):
        """Return ``{record id: ids of its order lines}``; for models that inherit this."""
        raise NotImplementedError

    @api.model
    def _get_line_rows(self, line_ids):
        """Return the ledger's rows of the order lines ``line_ids`` as of the day of the context."""
        day = self.env["sop.ledger"]._get_day(self.env.company) if self.env.context.get("sop_day") else None
        return self.env["sop.ledger"]._iter_rows(self.env["sale.order.line"].browse(line_ids), day)

    @api.depends_context("sop_day")
    def _compute_figures(self):
        names = [name for name in COLUMNS if name in self._fields]
        saved = self.browse(self.ids) if all(self._ids) else self.browse()  # of a record being made up there is nothing
        owners = {line_id: id_ for id_, line_ids in saved._get_line_ids().items() for line_id in line_ids}
        sums = {id_: dict.fromkeys(names, 0) for id_ in self._ids}
        for line_id, row in self._get_line_rows(owners):
            figures = sums[owners[line_id]]
            for name in names:
                figures[name] += row[name]
        for record in self:
            record.update({name: float(figure) for name, figure in sums[record.id].items()})

    @api.depends_context("sop_day")
    def _compute_has_open(self):
        found = self.search([("id", "in", self.ids), ("has_open", "=", True)])
        for record in self:
            record.has_open = record in found

    def _search_has_open(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = (operator == "in") == (True in value)
        return [("order_id", "in" if wanted else "not in", self._get_open_orders())]

    @api.model
    def _get_open_orders(self):
        """Return a query for the ids of orders, with an invoice of which something is open as of the day asked for."""
        day = self.env["sop.ledger"]._get_day(self.env.company)
        return SQL(
            """(SELECT l.order_id FROM account_move_line a
                  JOIN account_move_line i ON i.move_id = a.move_id AND i.display_type = 'product'
                  JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = i.id
                  JOIN sale_order_line l ON l.id = r.order_line_id
                 WHERE a.display_type = 'payment_term' AND a.parent_state = 'posted' AND a.date <= %(day)s
                   AND (NOT a.reconciled
                        OR EXISTS (SELECT FROM account_partial_reconcile p
                                     JOIN account_move_line o ON o.id = p.credit_move_id
                                    WHERE p.debit_move_id = a.id
                                      AND (p.max_date > %(day)s OR o.parent_state <> 'posted'))
                        OR EXISTS (SELECT FROM account_partial_reconcile p
                                     JOIN account_move_line o ON o.id = p.debit_move_id
                                    WHERE p.credit_move_id = a.id
                                      AND (p.max_date > %(day)s OR o.parent_state <> 'posted'))))""",
            day=day,
        )

    # -- what is behind: public API, each checks who calls -------------------------------------------------------------

    def action_open_order(self):
        """Open the order of the one record in ``self``."""
        record = plain(self)._get_one()
        return form_of(record.order_id)

    def action_open_deliveries(self):
        """Open the transfers behind the one record in ``self``."""
        lines = plain(self)._get_one()._get_order_lines()
        domain = [("move_ids.sale_line_id", "in", lines.ids)]
        return list_of("stock.picking", self.env._("Deliveries"), domain)

    def action_open_invoices(self):
        """Open the invoices and credit notes behind the one record in ``self``."""
        lines = plain(self)._get_one()._get_order_lines()
        domain = [("line_ids.sale_line_ids", "in", lines.ids), ("state", "=", "posted")]
        return list_of("account.move", self.env._("Invoices"), domain)

    def action_open_payments(self):
        """Open the entries that invoices of the one record in ``self`` were reconciled with."""
        lines = plain(self)._get_one()._get_order_lines()
        terms = lines.sudo().invoice_lines.move_id.line_ids.filtered(  # to find them; they are opened by her rights
            lambda line: line.display_type == "payment_term"
        )
        others = terms.matched_debit_ids.debit_move_id | terms.matched_credit_ids.credit_move_id
        domain = [("id", "in", others.ids)]
        return list_of("account.move.line", self.env._("Payments and Other Entries"), domain)

    def _get_one(self):
        """Return the one record in ``self``, which the user may read."""
        self.ensure_one()
        self.check_access("read")
        return self

    def _get_order_lines(self):
        return self.env["sale.order.line"].browse(self._get_line_ids()[self.id])
