from odoo import fields, models
from odoo.tools import SQL

from .sop_ledger_invoices import SALES


class SopSettlementLine(models.Model):
    """An order line with its figures as of a day (``sop_day`` in the context, else today): what the accountant reads.

    Its id is that of the order line. The query has only what is cheap on millions of lines; the figures come from the
    ledger, for the lines that are read.
    """

    _name = "sop.settlement.line"
    _description = "Settlement Line"
    _auto = False
    _order = "date_order desc, order_id desc, id"
    _rec_name = "name"
    _depends = {
        "sale.order": ["state", "date_order", "partner_id", "user_id", "company_id", "currency_id"],
        "sale.order.line": ["name", "order_id", "product_id", "product_uom_id", "display_type", "invoice_lines"],
        "res.partner": ["commercial_partner_id"],
        "stock.move": ["sale_line_id", "state", "date"],
        "account.move": ["state", "date", "move_type"],
        "account.move.line": ["move_id", "display_type"],
    }

    name = fields.Text("Description", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", "Company Currency", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    date_order = fields.Datetime("Order Date", readonly=True)

    @property
    def _table_query(self):
        ledger = self.env["sop.ledger"]
        days = []
        for company in self.env["res.company"].sudo().search([]):  # the rules of these lines choose
            day = ledger._get_day(company)
            days.append(SQL("(%s, %s, %s)", company.id, day, ledger._get_end(company, day)))
        return SQL(
            """SELECT l.id, l.name, l.order_id, l.product_id, l.product_uom_id, o.company_id, o.currency_id, o.user_id,
                      o.date_order, p.commercial_partner_id AS partner_id, c.currency_id AS company_currency_id
                 FROM sale_order_line l
                 JOIN sale_order o ON o.id = l.order_id
                 JOIN res_partner p ON p.id = o.partner_id
                 JOIN res_company c ON c.id = o.company_id
                 JOIN (VALUES %s) d (company_id, day, until) ON d.company_id = o.company_id
                WHERE l.display_type IS NULL
                  AND (o.state = 'sale' AND o.date_order < d.until
                       OR (SELECT TRUE FROM stock_move m
                            WHERE m.sale_line_id = l.id AND m.state = 'done' AND m.date < d.until LIMIT 1)
                       OR (SELECT TRUE FROM sale_order_line_invoice_rel r
                             JOIN account_move_line a ON a.id = r.invoice_line_id AND a.display_type = 'product'
                             JOIN account_move m ON m.id = a.move_id
                            WHERE r.order_line_id = l.id AND m.state = 'posted' AND m.date <= d.day
                              AND m.company_id = o.company_id AND m.move_type IN %s LIMIT 1))""",
            SQL(", ").join(days),
            SALES,
        )
