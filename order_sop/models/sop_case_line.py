from odoo import api, fields, models

SOLUTIONS = [
    ("refund", "Refund"),
    ("replace", "Replacement"),
    ("repair", "Repair"),
    ("voucher", "Voucher"),
    ("goodwill", "Partial Refund"),
    ("none", "Nothing"),
]


class SopCaseLine(models.Model):
    """What of an order a case is about: so much of one of its lines, why it comes back, and what becomes of it."""

    _name = "sop.case.line"
    _description = "SOP Case Line"
    _order = "case_id, sequence, id"
    _rec_name = "product_id"

    case_id = fields.Many2one("sop.case", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="case_id.currency_id")
    sequence = fields.Integer(default=10)
    order_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('order_id', '=', parent.order_id)]",
    )
    product_id = fields.Many2one(related="order_line_id.product_id", store=True, index=True)
    qty = fields.Float(
        "Quantity", digits="Product Unit", required=True, default=1.0, help="In the unit of the order line."
    )
    product_uom_id = fields.Many2one(related="order_line_id.product_uom_id", string="Unit")
    lot_id = fields.Many2one("stock.lot", "Lot or Serial Number", ondelete="restrict", index="btree_not_null")
    reason_id = fields.Many2one("sop.case.reason", ondelete="restrict", index="btree_not_null")
    cause = fields.Selection(related="reason_id.cause", store=True)
    note = fields.Char()
    solution = fields.Selection(SOLUTIONS, help="What becomes of it; agreed on when the case is assessed.")

    refund_amount = fields.Monetary(
        "To Give Back",
        compute="_compute_refund_amount",
        store=True,
        help="What was paid for it, taxes included, where it is refunded.",
    )

    @api.depends("qty", "solution", "order_line_id.price_total", "order_line_id.product_uom_qty")
    def _compute_refund_amount(self):
        for line in self:
            ordered = line.order_line_id.product_uom_qty
            share = line.qty / ordered if ordered and line.solution in ("refund", "voucher") else 0.0
            line.refund_amount = line.currency_id.round(line.order_line_id.price_total * share)

    @api.depends("product_id", "qty")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.qty:g} {line.product_uom_id.name or ''} {line.product_id.display_name}"
