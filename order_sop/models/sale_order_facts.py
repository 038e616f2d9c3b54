import hashlib
import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang, html2plaintext

from ..engine.reading import read_lines

COMPARISONS = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}


class SaleOrder(models.Model):
    """What an order says, for those who give their word on it: facts that can be kept, compared and shown."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    sop_amount_company = fields.Monetary(
        "Total in Company Currency",
        compute="_compute_sop_amount_company",
        search="_search_sop_amount_company",
        currency_field="sop_company_currency_id",
        help="At today's rate, and at the order's own once it is confirmed: conditions by amount mean the same in "
        "every currency.",
    )
    sop_company_currency_id = fields.Many2one(related="company_id.currency_id", string="SOP Company Currency")
    sop_first_order = fields.Boolean(
        "First Order", compute="_compute_sop_first_order", search="_search_sop_first_order"
    )

    # -- conditions ----------------------------------------------------------------------------------------------------

    @api.depends("amount_total", "currency_id", "currency_rate", "company_id", "state")
    def _compute_sop_amount_company(self):
        for order in self:
            currency = order.company_id.currency_id
            if order.state == "sale":
                order.sop_amount_company = currency.round(order.amount_total / (order.currency_rate or 1.0))
            else:
                order.sop_amount_company = order.currency_id._convert(
                    order.amount_total, currency, order.company_id, fields.Date.context_today(order)
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
            names = ("amount_total", "currency_rate", "currency_id", "company_id", "state")
            amount, rate, currency, company, state = (model._field_to_sql(alias, name, query) for name in names)
            today = SQL(" ").join(
                SQL("WHEN %s = %s AND %s = %s THEN %s", company, company_id, currency, currency_id, today_rate)
                for (company_id, currency_id), today_rate in self._sop_rates_of_today().items()
            )
            total = SQL(
                "ROUND((%(amount)s / COALESCE(NULLIF(CASE WHEN %(state)s = 'sale' THEN %(rate)s %(today)s"
                " ELSE %(rate)s END, 0), 1))::numeric, 4)",
                amount=amount,
                state=state,
                rate=rate,
                today=today,
            )
            return SQL("%s %s %s", total, COMPARISONS[operator], float(value or 0))

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _sop_rates_of_today(self):
        """Return ``{(company id, currency id): how much of the currency one unit of the company's own is worth}``."""
        today, rates = fields.Date.context_today(self), {}
        currencies = self.env["res.currency"].search([("active", "=", True)])
        for company in self.env.companies:
            found = currencies._get_rates(company, today)
            own = found.get(company.currency_id.id) or 1.0
            rates |= {(company.id, currency): rate / own for currency, rate in found.items()}
        return rates

    @api.depends("partner_id", "state", "date_order")
    def _compute_sop_first_order(self):
        customers = self.partner_id.commercial_partner_id
        confirmed = defaultdict(list)
        for partner, orders in self.sudo()._read_group(  # whether there are any, whoever may see them
            [("partner_id", "child_of", customers.ids), ("state", "=", "sale")], ["partner_id"], ["id:recordset"]
        ):
            confirmed[partner.commercial_partner_id] += orders
        for order in self:
            order.sop_first_order = not any(
                other.id != order._origin.id and (order.state != "sale" or other.date_order < order.date_order)
                for other in confirmed[order.partner_id.commercial_partner_id]
            )

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
                       AND (%s != 'sale' OR other.date_order < %s)
                )""",
                model._field_to_sql(alias, "partner_id", query),
                SQL.identifier(alias, "id"),
                model._field_to_sql(alias, "state", query),
                model._field_to_sql(alias, "date_order", query),
            )

        first = Domain.custom(to_sql=to_sql, predicate=lambda order: order.sop_first_order)
        return first if (operator == "in") == (True in value) else ~first

    # -- facts ---------------------------------------------------------------------------------------------------------

    def _sop_facts(self):
        """Return what the one order in ``self`` says, as JSON by the codes of ``sop.watch``; ids, no names.

        The total is in the order's currency. Products and prices are sorted: neither the lines nor their taxes say
        anything else in another sequence.
        """
        lines = [line for line in self.order_line if not line.display_type and not line._sop_is_aside()]
        return {
            "amount": self.amount_total,
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
            "attachments": self.sop_files or [],
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
        if fact == "attachments":
            return ", ".join(f"{name} ({checksum[:6]})" for name, checksum in value or ()) or "–"
        if fact == "amount":
            return formatLang(self.env, value or 0.0, currency_obj=self.currency_id)
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

    def _sop_read_files(self):
        files = self.env["sop.rule.contract"].sudo()._get_files(self)  # that they are there, whoever may read them
        return {
            order: sorted([file.name or "", file.checksum or file.url or ""] for file in files[order]) for order in self
        }

    def _sop_margins(self):
        products = self.order_line.product_id.with_context(active_test=False)
        today = products._read_group([("id", "in", products.ids)], ["id", "uom_id"], ["standard_price:max"])
        costs = {product: (uom, cost) for product, uom, cost in today}
        margins = {}
        for order in self:
            margin = order.amount_untaxed / (order.currency_rate or 1.0)
            for line in order.order_line:
                if line.product_id and not line._sop_is_aside():
                    uom, cost = costs[line.product_id]
                    margin -= cost * line.product_uom_id._compute_quantity(line.product_uom_qty, uom, round=False)
            margins[order] = order.company_id.currency_id.round(margin)
        return margins

    def _sop_order(self):
        return self

    def _sop_amount(self):
        return self.amount_total, self.currency_id

    def _sop_debtors(self):
        return {order: order.partner_invoice_id for order in self}

    def _sop_read_ahead(self):
        read_lines(self, "order_line")
        return [(self.order_line, "tax_ids")]

    # -- four eyes -----------------------------------------------------------------------------------------------------

    def _sop_makers(self):
        # who they are
        maker, seller, changer = self.create_uid.sudo(), self.user_id.sudo(), self.sop_changed_by_id.sudo()
        kept = self.env["res.users"].sudo().browse(self.sop_seller_ids or ())  # whoever they are by now
        undoubted = seller if not kept or seller in kept else kept.browse()  # the first one, or one by his own hand
        put = (kept | seller) - undoubted - maker
        return {"made": maker, "sells": undoubted, "put": put, "changed": changer}

    def _sop_keep_sellers(self, user_id):
        """Remember, as ``user_id`` is about to replace the salespeople of ``self``, who of them has sold it.

        The first one has, and who puts himself on the order, takes himself off, or changes it meanwhile (see
        ``sop.engine.evaluation._keep_changers``). Whom others wrote on it and took off again has not: else a seller
        could be rid of a strict approver that way.
        """
        for order in self.sudo():  # an engine-owned field
            seller, kept = order.user_id.id, set(order.sop_seller_ids or ())
            sold = {seller, user_id} & ({self.env.uid} if kept else {self.env.uid, seller})
            if order.sop_process_id and seller != user_id and not (sold - {False}) <= kept:
                self.env["sop.engine.evaluation"]._write_owned(order, {"sop_seller_ids": sorted(kept | sold - {False})})


def _digest(parts):
    """Return a short hash of long texts, which are compared and not shown; the sequence of lines says nothing."""
    return hashlib.sha256(json.dumps(sorted(map(str, parts))).encode()).hexdigest()[:16]
