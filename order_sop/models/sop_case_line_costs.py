from odoo import fields, models


class SopCaseLineCosts(models.Model):
    """What a line of a case has cost so far, as its documents say: kept, so that reports need not read all of these."""

    _inherit = "sop.case.line"  # pylint: disable=consider-merging-classes-inherited

    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    credit_cost = fields.Monetary(
        "Credited",
        readonly=True,
        currency_field="company_currency_id",
        help="Posted credit notes and vouchers, without taxes.",
    )
    repair_cost = fields.Monetary(
        readonly=True, currency_field="company_currency_id", help="Parts used by repairs that are done, at cost."
    )
    freight_cost = fields.Monetary(
        readonly=True,
        currency_field="company_currency_id",
        help="What the carriers ask for its transfers that are done, back and forth; its share of shared ones.",
    )

    def _sop_get_costs(self):
        """Return what the one line in ``self`` cost so far, in the company's currency, as values of its fields."""
        links, currency = self.document_ids, self.company_id.currency_id
        notes = links.move_id.filtered(lambda note: note.state == "posted")
        repairs = links.repair_id.filtered(lambda repair: repair.state == "done")
        parts = repairs.move_ids.filtered(lambda move: move.state == "done" and move.repair_line_type == "add")
        freight = 0.0
        for picking in (links.picking_id | links._get_moves().picking_id).filtered(lambda one: one.state == "done"):
            origins = links._with_origins(picking)
            sharing = links.search([("picking_id", "in", origins.ids)]).line_id
            freight += _get_freight(picking) / max(len(sharing), 1)
        return {
            "credit_cost": currency.round(-sum(notes.mapped("amount_untaxed_signed"))),
            "repair_cost": currency.round(sum(map(_get_value, parts))),
            "freight_cost": currency.round(freight),
        }


def _get_freight(picking):
    """Return what the carrier asks for the one done ``picking``, in its company's currency: it is kept in that of the
    order."""
    company = picking.company_id
    currency = picking.sale_id.currency_id or company.currency_id
    return currency._convert(picking.carrier_price, company.currency_id, company, picking.date_done or picking.date)


def _get_value(move):
    """Return what the goods of the one done ``move`` were worth: as stock values it, else at what they cost today."""
    product = move.product_id.with_company(move.company_id)
    return abs(move.value) or move._get_valued_qty() * product.standard_price
