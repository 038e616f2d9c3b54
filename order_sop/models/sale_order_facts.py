import hashlib
import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang, html2plaintext

COMPARISONS = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}


class SaleOrder(models.Model):
    """What an order says, for those who give their word on it: facts that can be kept, compared and shown."""

    _inherit = "sale.order"

    sop_amount_company = fields.Monetary(
        "Total in Company Currency",
        compute="_compute_sop_amount_company",
        search="_search_sop_amount_company",
        currency_field="sop_company_currency_id",
        help="At the order's own rate: conditions by amount mean the same in every currency.",
    )
    sop_company_currency_id = fields.Many2one(related="company_id.currency_id", string="SOP Company Currency")
    sop_first_order = fields.Boolean(
        "First Order", compute="_compute_sop_first_order", search="_search_sop_first_order"
    )

    # -- conditions ----------------------------------------------------------------------------------------------------

    @api.depends("amount_total", "currency_rate", "company_id")
    def _compute_sop_amount_company(self):
        for order in self:
            order.sop_amount_company = order.company_id.currency_id.round(
                order.amount_total / (order.currency_rate or 1.0)
            )

    def _search_sop_amount_company(self, operator, value):
        if operator in ("in", "not in"):
            found = Domain.OR(
                self._search_sop_amount_company(">=", amount) & self._search_sop_amount_company("<=", amount)
                for amount in value
            )
            return found if operator == "in" else ~found
        if operator not in COMPARISONS:
            return NotImplemented

        def to_sql(model, alias, query):
            amount = model._field_to_sql(alias, "amount_total", query)
            rate = model._field_to_sql(alias, "currency_rate", query)
            # rounded, as the compute: no currency counts finer than this
            total = SQL("ROUND((%s / COALESCE(NULLIF(%s, 0), 1))::numeric, 4)", amount, rate)
            return SQL("%s %s %s", total, COMPARISONS[operator], float(value or 0))

        return Domain.custom(to_sql=to_sql)

    def _compute_sop_first_order(self):
        customers = self.partner_id.commercial_partner_id
        confirmed = defaultdict(set)
        for partner, orders in self.sudo()._read_group(  # whether there are any, whoever may see them
            [("partner_id", "child_of", customers.ids), ("state", "=", "sale")], ["partner_id"], ["id:recordset"]
        ):
            confirmed[partner.commercial_partner_id] |= set(orders._ids)
        for order in self:
            order.sop_first_order = not confirmed[order.partner_id.commercial_partner_id] - {order._origin.id}

    def _search_sop_first_order(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented

        def to_sql(model, alias, query):
            return SQL(
                """NOT EXISTS (
                    SELECT 1 FROM sale_order other
                      JOIN res_partner theirs ON theirs.id = other.partner_id
                      JOIN res_partner mine ON mine.commercial_partner_id = theirs.commercial_partner_id
                     WHERE mine.id = %s AND other.state = 'sale' AND other.id != %s
                )""",
                model._field_to_sql(alias, "partner_id", query),
                SQL.identifier(alias, "id"),
            )

        first = Domain.custom(to_sql=to_sql, predicate=lambda order: order.sop_first_order)
        return first if (operator == "in") == (True in value) else ~first

    # -- facts ---------------------------------------------------------------------------------------------------------

    def _sop_facts(self):
        """Return what the one order in ``self`` says, as JSON by the codes of ``sop.watch``; ids, no names.

        Amounts are in the company's currency. Products and prices are sorted: neither the lines nor their taxes say
        anything else in another sequence.
        """
        lines = [line for line in self.order_line if not line.display_type and not line._sop_is_aside()]
        return {
            "amount": self.sop_amount_company,
            "discount": max((line.discount for line in lines), default=0.0),
            "customer": self.partner_id.id,
            "invoice_address": self.partner_invoice_id.id,
            "delivery_address": self.partner_shipping_id.id,
            "payment_term": self.payment_term_id.id,
            "currency": self.currency_id.id,
            "products": sorted([line.product_id.id, line.product_uom_qty, line.product_uom_id.id] for line in lines),
            "prices": sorted(
                [line.product_id.id, line.price_unit, line.discount, sorted(line.tax_ids.ids)] for line in lines
            ),
            "descriptions": _digest([line.name or "" for line in lines]),
            "terms": _digest([html2plaintext(self.note or ""), self.incoterm.id, self.incoterm_location or ""]),
            "tax_position": self.fiscal_position_id.id,
            "requested_date": fields.Datetime.to_string(self.commitment_date),
            "reference": self.client_order_ref or False,
        }

    def _sop_fact_text(self, fact, value):
        """Return the ``value`` of a ``fact`` of the one order in ``self`` in the reader's words; none for lines."""
        models_of = {
            "customer": "res.partner",
            "invoice_address": "res.partner",
            "delivery_address": "res.partner",
            "payment_term": "account.payment.term",
            "currency": "res.currency",
            "tax_position": "account.fiscal.position",
        }
        if fact in ("descriptions", "terms"):
            return value[:6]
        if fact == "amount":
            return formatLang(self.env, value or 0.0, currency_obj=self.company_id.currency_id)
        if fact == "discount":
            return f"{value or 0.0:.10g} %"
        if fact in models_of:
            record = self.env[models_of[fact]].sudo().browse(value or ()).exists()  # its name
            return record.display_name or "–"
        if fact == "requested_date" and value:
            return fields.Datetime.context_timestamp(self, fields.Datetime.to_datetime(value)).strftime(
                "%Y-%m-%d %H:%M"
            )
        return value or "–"

    def _sop_fingerprint(self):
        return hashlib.sha256(json.dumps(self._sop_facts(), sort_keys=True).encode()).hexdigest()

    def _sop_margin(self):
        """Return the untaxed total of the one order in ``self`` less its products' costs of today, in the currency of
        its company."""
        company = self.company_id
        untaxed = self.amount_untaxed / (self.currency_rate or 1.0)
        costs = sum(
            line.product_id.with_company(company).standard_price
            * line.product_uom_id._compute_quantity(line.product_uom_qty, line.product_id.uom_id, round=False)
            for line in self.order_line
            if line.product_id and not line._sop_is_aside()
        )
        return company.currency_id.round(untaxed - costs)

    # -- four eyes -----------------------------------------------------------------------------------------------------

    def _sop_makers(self):
        users = self.env["res.users"].sudo()  # whoever they are by now
        sellers = self.user_id.sudo() | users.browse(self.sop_seller_ids or ())
        return {"made": self.create_uid.sudo(), "sells": sellers, "changed": self.sop_changed_by_id.sudo()}

    def _sop_keep_sellers(self, user_id):
        """Remember the salespeople of ``self`` who are about to be replaced by ``user_id``: they sold it, too."""
        for order in self.sudo():  # an engine-owned field
            if order.sop_process_id and order.user_id and order.user_id.id != user_id:
                sellers = sorted({*(order.sop_seller_ids or ()), order.user_id.id})
                self.env["sop.engine.evaluation"]._write_owned(order, {"sop_seller_ids": sellers})


def _digest(parts):
    """Return a short hash of long texts, which are compared and not shown; the sequence of lines says nothing."""
    return hashlib.sha256(json.dumps(sorted(map(str, parts))).encode()).hexdigest()[:16]
