from odoo import fields, models
from odoo.tools import SQL


class SopSettlementOrder(models.Model):
    """An order with the sums of its settlement lines as of a day. Its id is that of the order."""

    _name = "sop.settlement.order"
    _description = "Settlement of an Order"
    _inherit = ["sop.settlement.mixin"]
    _auto = False
    _order = "date_order desc, id desc"
    _rec_name = "order_id"
    _depends = {
        "sale.order": ["state", "date_order", "partner_id", "user_id", "company_id", "currency_id", "client_order_ref"],
        "sale.order.line": ["order_id", "display_type", "invoice_lines"],
        "res.partner": ["commercial_partner_id"],
        "stock.move": ["sale_line_id", "state", "date"],
        "account.move": ["state", "date", "move_type"],
        "account.move.line": ["move_id", "display_type"],
    }

    client_order_ref = fields.Char("Customer Reference", readonly=True)

    @property
    def _table_query(self):
        has_document = SQL(
            """(SELECT TRUE FROM sale_order_line l
                 WHERE l.order_id = o.id AND l.display_type IS NULL AND (%s) LIMIT 1)""",
            self._get_documents(),
        )
        return SQL(
            """SELECT o.id, o.id AS order_id, o.company_id, o.currency_id, o.user_id, o.date_order, o.client_order_ref,
                      p.commercial_partner_id AS partner_id, c.currency_id AS company_currency_id, d.day
                 FROM sale_order o
                 JOIN res_partner p ON p.id = o.partner_id
                 JOIN res_company c ON c.id = o.company_id
                 JOIN %s d ON d.company_id = o.company_id
                WHERE %s""",
            self._get_days(),
            self._get_scope(has_document),
        )

    def _get_line_ids(self):
        lines = {id_: [] for id_ in self._ids}
        found = self.env["sop.settlement.line"].search_fetch([("order_id", "in", self.ids)], ["order_id"], order="id")
        for line in found:
            lines[line.order_id.id].append(line.id)
        return lines
