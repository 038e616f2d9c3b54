from odoo import api, models
from odoo.tools import format_date, formatLang

from ..engine.ledger_invoices import SALES

AMOUNTS = ("ordered_total", "delivered_total", "net_invoiced_total", "paid", "settled", "outstanding", "overdue")
SETTLED = ("offset", "written_off", "exchange")


class ReportSettlementSheet(models.AbstractModel):
    """The settlement sheet of an order as a PDF: its lines with their figures, its documents and its totals, as of the
    day ``sop_day`` in the context."""

    _name = "report.order_sop.sop_settlement_sheet"
    _description = "Settlement Sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template shows.

        :raise AccessError: for whoever may not read the settlement
        """
        orders = self.env["sop.settlement.order"].search([("id", "in", docids or [])])
        orders.check_access("read")
        return {
            "doc_ids": orders.ids,
            "doc_model": orders._name,
            "docs": orders,
            "get_lang": lambda order: order.partner_id.sudo().lang or self.env.lang,  # the customer's
            "get_sheet": self._get_sheet,
        }

    @api.model
    def _get_sheet(self, settlement, lang):
        """Return the figures of the one ``settlement`` (``sop.settlement.order``) as text in language ``lang``."""
        env = settlement.with_context(lang=lang).env
        order = env["sale.order"].browse(settlement.id).sudo()  # of a settlement that the user may read
        currency, day = order.currency_id, settlement.day
        lines = order.order_line.filtered(lambda line: not line.display_type).sorted(
            lambda line: (line.sequence, line.id)
        )
        rows = env["sop.ledger"]._get_rows(lines, day)

        def amount(value):
            return formatLang(env, float(value), currency_obj=currency)

        def quantity(value):
            return formatLang(env, value, dp="Product Unit")

        def figures(row):
            row = row | {"settled": sum(row[name] for name in SETTLED)}
            return {name: row[name] for name in AMOUNTS}

        known = [(line, rows[line.id]) for line in lines if line.id in rows]
        sums = {name: sum(figures(row)[name] for _line, row in known) for name in AMOUNTS}
        return {
            "order": order.name,
            "reference": order.client_order_ref,
            "date": format_date(env, env["sop.engine.clock"]._get_date(order.company_id, order.date_order)),
            "day": format_date(env, day),
            "company": order.company_id,
            "partner": order.partner_id.commercial_partner_id,
            "lines": [
                {
                    "name": line.product_id.display_name or line.name,
                    "unit": line.product_uom_id.name,
                    "ordered": quantity(row["ordered"]),
                    "delivered": quantity(row["net_delivered"]),
                    "invoiced": quantity(row["net_invoiced"]),
                }
                | {name: amount(value) for name, value in figures(row).items()}
                for line, row in known
            ],
            "totals": {name: amount(value) for name, value in sums.items()},
            "documents": self._get_documents(env, order, day),
        }

    @api.model
    def _get_documents(self, env, order, day):
        """Return the documents of ``order`` up to ``day`` as text: deliveries, invoices, and what these were settled
        with."""
        ledger, company = env["sop.ledger"], order.company_id
        end = ledger._get_end(company, day)
        moves = order.order_line.move_ids.filtered(lambda move: move.state == "done" and move.date < end)
        documents = [
            (
                env["sop.engine.clock"]._get_date(company, min(picked.mapped("date"))),
                picking.name,
                self._get_picking_name(env, picking),
                "",
            )
            for picking, picked in moves.grouped("picking_id").items()
            if picking
        ]
        invoices = order.order_line.invoice_lines.move_id.filtered(
            lambda move: (
                move.state == "posted" and move.date <= day and move.move_type in SALES and move.company_id == company
            )
        )
        kinds = {"out_refund": env._("Credit Note")}
        documents += [
            (
                invoice.date,
                invoice.name,
                kinds.get(invoice.move_type, env._("Invoice")),
                formatLang(env, self._get_sign(invoice) * invoice.amount_total, currency_obj=invoice.currency_id),
            )
            for invoice in invoices
        ]
        terms = invoices.line_ids.filtered(lambda line: line.display_type == "payment_term")
        currencies = {term.id: term.currency_id for term in terms}
        names = {
            "paid": env._("Payment"),
            "offset": env._("Set Off"),
            "written_off": env._("Written Off"),
            "exchange": env._("Exchange Difference"),
        }
        settled = {}
        for partial in ledger._read_partials(terms.ids, day):
            key = partial["move_id"], partial["kind"], currencies[partial["term_id"]]
            settled[key] = settled.get(key, 0) - partial["sign"] * partial["amount_currency"]
        for (move_id, kind, currency), amount in settled.items():
            move = env["account.move"].browse(move_id).sudo()  # what settles an invoice of the order
            documents.append((move.date, move.name, names[kind], formatLang(env, amount, currency_obj=currency)))
        documents.sort(key=lambda document: document[:2])
        return [(format_date(env, date), *rest) for date, *rest in documents]

    @api.model
    def _get_sign(self, invoice):
        return -1 if invoice.move_type == "out_refund" else 1

    @api.model
    def _get_picking_name(self, env, picking):
        return env._("Return") if picking.picking_type_code == "incoming" else env._("Delivery")
