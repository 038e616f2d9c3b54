from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.zones import local
from ..rules.helpers import outside

# An id of its own for each line, below 2^53: 4096 companies, 340 years, 500 million products.
LINE_ID = SQL(
    "(f.product_id::bigint * 4096 + (EXTRACT(YEAR FROM f.month)::int - 1970) * 12 + EXTRACT(MONTH FROM f.month)::int)"
    " * 4096 + f.company_id"
)


class SopReturnRate(models.Model):
    """How much of a product was delivered, how much of it came back, and what its cases cost, by month and company.

    Quantities are those of done moves of order lines, in the product's unit: what left for a customer, and what came
    back from one. Goods on their way back to him, after a repair say, are not delivered a second time. Costs are the
    posted credit notes of cases, without taxes. A month is the company's own, and that in which it happened: goods can
    come back later than they were delivered.
    """

    _name = "sop.return.rate"
    _description = "SOP Return Rate"
    _auto = False
    _order = "month desc, product_id, id"
    _rec_name = "product_id"
    _depends = {
        "stock.move": [
            "sale_line_id",
            "state",
            "date",
            "quantity",
            "product_uom",
            "product_id",
            "company_id",
            "location_id",
            "location_dest_id",
            "origin_returned_move_id",
        ],
        "stock.location": ["usage", "company_id"],
        "sop.case": ["state", "create_date"],
        "sop.case.line": ["product_id", "company_id", "case_id"],
        "sop.case.document": ["line_id", "move_id"],
        "account.move": ["state", "date", "amount_untaxed_signed", "company_id"],
    }

    product_id = fields.Many2one("product.product", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    month = fields.Date(readonly=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    currency_id = fields.Many2one(related="company_id.currency_id")
    delivered_qty = fields.Float("Delivered", digits="Product Unit", readonly=True)
    returned_qty = fields.Float("Came Back", digits="Product Unit", readonly=True)
    return_rate = fields.Float(
        readonly=True, aggregator="avg", help="What came back, as a share of what was delivered."
    )
    case_count = fields.Integer("Cases", readonly=True, help="Opened in the month. A case is counted for each product.")
    credit_amount = fields.Monetary("Credited", readonly=True, help="Posted credit notes of cases, without taxes.")

    # -- query ---------------------------------------------------------------------------------------------------------

    @property
    def _table_query(self):
        facts = SQL(" UNION ALL ").join((self._query_goods(), self._query_cases(), self._query_credits()))
        return SQL(
            "SELECT %s AS id, f.product_id, f.company_id, f.month, SUM(f.delivered_qty) AS delivered_qty,"
            " SUM(f.returned_qty) AS returned_qty,"
            " COALESCE(SUM(f.returned_qty) / NULLIF(SUM(f.delivered_qty), 0), 0) AS return_rate,"
            " SUM(f.case_count) AS case_count, SUM(f.credit_amount) AS credit_amount"
            " FROM (%s) f GROUP BY f.product_id, f.company_id, f.month",
            LINE_ID,
            facts,
        )

    def _query_goods(self):
        """Return what left for customers and what came back: ``sop.case`` and ``stock.move`` judge the same places."""
        return SQL(
            "SELECT g.product_id, g.company_id, g.month,"
            " CASE WHEN g.leaves THEN g.quantity ELSE 0 END AS delivered_qty,"
            " CASE WHEN g.leaves THEN 0 ELSE g.quantity END AS returned_qty, 0 AS case_count, 0 AS credit_amount"
            " FROM (SELECT m.product_id, m.company_id, %(month)s AS month, %(to_outside)s AS leaves,"
            " m.quantity * u.factor / pu.factor AS quantity"
            " FROM stock_move m JOIN stock_location l ON l.id = m.location_id"
            " JOIN stock_location d ON d.id = m.location_dest_id"
            " JOIN uom_uom u ON u.id = m.product_uom JOIN product_product p ON p.id = m.product_id"
            " JOIN product_template t ON t.id = p.product_tmpl_id JOIN uom_uom pu ON pu.id = t.uom_id"
            " WHERE m.sale_line_id IS NOT NULL AND m.state = 'done' AND %(to_outside)s <> %(from_outside)s"
            " AND NOT (%(to_outside)s AND m.origin_returned_move_id IS NOT NULL)) g",
            month=self._month(SQL("m.date"), SQL("m.company_id")),
            to_outside=outside("d"),
            from_outside=outside("l"),
        )

    def _query_cases(self):
        return SQL(
            "SELECT l.product_id, l.company_id, %s AS month, 0 AS delivered_qty, 0 AS returned_qty,"
            " COUNT(DISTINCT c.id) AS case_count, 0 AS credit_amount"
            " FROM sop_case c JOIN sop_case_line l ON l.case_id = c.id"
            " WHERE c.state <> 'cancelled' GROUP BY 1, 2, 3",
            self._month(SQL("c.create_date"), SQL("l.company_id")),
        )

    def _query_credits(self):
        return SQL(
            "SELECT l.product_id, l.company_id, DATE_TRUNC('month', n.date)::date AS month, 0 AS delivered_qty,"
            " 0 AS returned_qty, 0 AS case_count, -n.amount_untaxed_signed AS credit_amount"
            " FROM (SELECT DISTINCT line_id, move_id FROM sop_case_document WHERE move_id IS NOT NULL) k"
            " JOIN sop_case_line l ON l.id = k.line_id JOIN account_move n ON n.id = k.move_id"
            " WHERE n.state = 'posted'"
        )

    def _month(self, moment, company):
        """Return the first day of the month in which ``moment`` (naive UTC) falls where ``company`` is."""
        return SQL("DATE_TRUNC('month', %s)::date", local(self.env, moment, company))

    def _read_group_select(self, aggregate_spec, query):
        """The rate of several lines is that of all their goods, and not the average of their rates."""
        if aggregate_spec != "return_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        returned, delivered = (
            self._field_to_sql(self._table, name, query) for name in ("returned_qty", "delivered_qty")
        )
        return SQL("COALESCE(SUM(%s) / NULLIF(SUM(%s), 0), 0)", returned, delivered)

    # -- actions -------------------------------------------------------------------------------------------------------

    def action_view_cases(self):
        """Open the cases about the products of the lines in ``self``, whenever they were opened."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_case_action")
        about = Domain("line_ids.product_id", "in", self.product_id.ids)
        about &= Domain("company_id", "in", self.company_id.ids)
        return action | {"domain": list(about), "context": {}, "views": [(False, "list"), (False, "form")]}
