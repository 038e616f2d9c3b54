from odoo import fields, models


class SopCaseCosts(models.Model):
    """What cases cost: from the documents that were made for them, posted and done, in the company's currency."""

    _inherit = "sop.case"

    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    credit_amount = fields.Monetary(
        "Credited",
        compute="_compute_costs",
        compute_sudo=True,
        currency_field="company_currency_id",
        help="Posted credit notes, without taxes.",
    )
    repair_cost = fields.Monetary(
        compute="_compute_costs",
        compute_sudo=True,
        currency_field="company_currency_id",
        help="Parts used by repairs that are done, at what they cost today.",
    )
    freight_cost = fields.Monetary(
        compute="_compute_costs",
        compute_sudo=True,
        currency_field="company_currency_id",
        help="What the carriers ask for the transfers of the case, back and forth.",
    )
    cost_total = fields.Monetary(
        "Cost of the Case", compute="_compute_costs", compute_sudo=True, currency_field="company_currency_id"
    )

    def _compute_costs(self):
        for case in self:
            links = case.document_ids
            notes = links.move_id.filtered(lambda move: move.state == "posted")
            repairs = links.repair_id.filtered(lambda repair: repair.state == "done")
            used = repairs.move_ids.filtered(lambda move: move.state == "done" and move.repair_line_type == "add")
            transfers = links.picking_id.filtered(lambda picking: picking.state == "done")
            currency = case.company_currency_id
            case.credit_amount = -sum(notes.mapped("amount_untaxed_signed"))
            case.repair_cost = currency.round(
                sum(
                    move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id)
                    * move.product_id.with_company(case.company_id).standard_price
                    for move in used
                )
            )
            case.freight_cost = sum(transfers.mapped("carrier_price"))
            case.cost_total = case.credit_amount + case.repair_cost + case.freight_cost
