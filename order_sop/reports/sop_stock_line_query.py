from odoo import models
from odoo.tools import SQL

from ..models.sop_flow_mixin import OPEN_STATUSES


class SopStockLineQuery(models.Model):
    """Which lines stand on the stock desk: what Odoo still plans to deliver of orders that are under way."""

    _inherit = "sop.stock.line"

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT l.id, l.id AS line_id, l.order_id, l.product_id, l.warehouse_id, o.partner_id, o.company_id,
                   o.user_id, o.sop_process_id AS process_id, o.sop_stage_id AS stage_id, o.sop_status,
                   COALESCE(o.commitment_date, o.date_order + l.customer_lead * INTERVAL '1 day') AS promised_at,
                   (SELECT MAX(r.id) FROM sop_remedy r WHERE r.line_id = l.id) AS remedy_id
              FROM sale_order o
              JOIN sale_order_line l ON l.order_id = o.id
              JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE o.sop_status IN %s AND o.state = 'sale' AND t.is_storable AND l.display_type IS NULL
               AND NOT COALESCE(l.is_downpayment, FALSE) AND NOT COALESCE(l.is_expense, FALSE)
               AND l.product_uom_qty > COALESCE(l.qty_delivered, 0)
               AND (EXISTS (SELECT 1 FROM stock_move m WHERE m.sale_line_id = l.id AND m.origin_returned_move_id IS NULL
                                                         AND m.state NOT IN ('draft', 'done', 'cancel'))
                    OR NOT EXISTS (SELECT 1 FROM stock_move m WHERE m.sale_line_id = l.id AND m.state = 'done'))
            """,
            OPEN_STATUSES,
        )
