from odoo import api, fields, models
from odoo.tools import SQL


def _quantity(label, **options):
    return fields.Float(label, digits="Product Unit", compute="_compute_figures", aggregator="sum", **options)


class SopSettlementLine(models.Model):
    """An order line with its figures as of a day: what the accountant reads. Its id is that of the order line.

    The query has only what is cheap on millions of lines; the figures come from the ledger, for the lines that are
    read.
    """

    _name = "sop.settlement.line"
    _description = "Settlement Line"
    _inherit = ["sop.settlement.mixin"]
    _auto = False
    _order = "date_order desc, order_id, id"
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
    product_id = fields.Many2one("product.product", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    ordered = _quantity("Quantity Ordered")
    delivered = _quantity("Quantity Delivered")
    returned = _quantity("Quantity Returned")
    net_delivered = _quantity("Net Quantity Delivered", help="Delivered less returned.")
    invoiced = _quantity("Quantity Invoiced")
    credited = _quantity("Quantity Credited")
    net_invoiced = _quantity("Net Quantity Invoiced", help="Invoiced less credited.")

    @property
    def _table_query(self):
        return SQL(
            """SELECT l.id, l.name, l.order_id, l.product_id, l.product_uom_id, o.company_id, o.currency_id, o.user_id,
                      o.date_order, p.commercial_partner_id AS partner_id, c.currency_id AS company_currency_id, d.day
                 FROM sale_order_line l
                 JOIN sale_order o ON o.id = l.order_id
                 JOIN res_partner p ON p.id = o.partner_id
                 JOIN res_company c ON c.id = o.company_id
                 JOIN %s d ON d.company_id = o.company_id
                WHERE l.display_type IS NULL AND %s""",
            self._get_days(),
            self._get_scope(self._get_documents()),
        )

    @api.model
    def _get_differences(self, ids=None):
        """Those on the line itself, and those on its order as a whole or on a document of it."""
        fields_ = self.env["sop.difference"]._fields
        return SQL(
            """SELECT l.id, d.kind
                 FROM sop_difference d
                 JOIN sale_order_line l ON l.id = d.line_id OR d.line_id IS NULL AND l.order_id = d.order_id
                WHERE d.state = 'open' AND %s%s""",
            SQL("TRUE") if ids is None else SQL("l.id = ANY(%s)", [id_ for id_ in ids if id_]),
            SQL("", to_flush=(fields_["state"], fields_["kind"])),
        )

    def _get_line_ids(self):
        return {id_: (id_,) for id_ in self._ids}
