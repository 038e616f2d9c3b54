from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..rules.billing import get_due
from ..rules.helpers import company_day


class SopEngineCaseMoney(models.AbstractModel):
    """Money of cases: credit notes for what came back at the price that was really paid, and for what is granted."""

    _name = "sop.engine.case.money"
    _description = "SOP engine: money of cases"

    @api.model
    def _refund(self, line):
        """Credit what came back of the one case ``line``, as far as it was billed and is not owed any more.

        One draft credit note for each invoice concerned, the latest first. What was never billed lowers what is to be
        billed by itself; where nothing comes back, or a part of a kit, the agreed amount is granted instead.
        """
        if line.part_id or not line.case_id.goods_back:
            return self._grant(line, "refund", line.refund_amount, reverse=True)
        order_line, uom = line.order_line_id, line.product_uom_id
        if order_line.product_id.invoice_policy == "order" and not order_line.qty_invoiced_posted:
            raise UserError(
                self.env._(
                    "%(case)s: %(order)s is billed by what was ordered, and is not billed yet. Finance bills it first; "
                    "then what came back is credited.",
                    case=line.case_id.name,
                    order=order_line.order_id.name,
                )
            )
        rest = self._get_uncredited(line)
        for invoice_line in order_line.invoice_lines.sorted("id", reverse=True):
            if uom.compare(rest, 0) <= 0:
                return None
            move = invoice_line.move_id
            if move.state != "posted" or move.move_type != "out_invoice":
                continue
            part = min(rest, self._get_creditable(order_line, invoice_line))
            if uom.compare(part, 0) > 0:
                quantity = uom._compute_quantity(part, invoice_line.product_uom_id or uom, rounding_method="HALF-UP")
                vals = [self._get_line_vals(invoice_line, quantity)]
                excess = invoice_line.price_total * quantity / invoice_line.quantity - self._get_left(order_line)
                if move.currency_id.compare_amounts(excess, 0) > 0:
                    vals.append(self._get_grant_vals(line, invoice_line, -excess, self.env._("granted already")))
                self._make(line, "refund", move, vals, part)
                rest = uom.round(rest - part)
        return None

    @api.model
    def _get_unit_price(self, order_line):
        """Return the price of one unit of ``order_line``, taxes included, in its currency: what was billed, on the
        average, or is to be billed."""
        billed = self._get_billed(order_line)
        uom = order_line.product_uom_id
        quantity = sum(
            (one.product_uom_id or uom)._compute_quantity(one.quantity, uom, rounding_method="HALF-UP")
            for one in billed
        )
        if quantity:
            return sum(billed.mapped("price_total")) / quantity
        ordered = order_line.product_uom_qty
        return order_line.price_total / ordered if ordered else 0.0

    @api.model
    def _get_billed(self, order_line):
        """Return the lines of posted invoices that bill ``order_line``, the oldest first."""
        return order_line.invoice_lines.filtered(
            lambda one: one.parent_state == "posted" and one.move_id.move_type == "out_invoice"
        ).sorted("id")

    @api.model
    def _get_left(self, order_line):
        """Return how much of what was billed of ``order_line``, taxes included, may still be given back: less all that
        credit notes of it, and what cases granted on it, give back already, drafts included."""
        notes = order_line.invoice_lines.filtered(
            lambda one: one.parent_state != "cancel" and one.move_id.move_type == "out_refund"
        )
        links = self.env["sop.case.document"].search(
            [("line_id.order_line_id", "=", order_line.id), ("move_id", "!=", False)]
        )
        granted = links.move_id.filtered(lambda note: note.state != "cancel").line_ids.filtered(
            lambda one: one.display_type == "product" and not one.sale_line_ids
        )
        given = sum(notes.mapped("price_total")) + sum(granted.mapped("price_total"))
        return sum(self._get_billed(order_line).mapped("price_total")) - given

    @api.model
    def _get_uncredited(self, line):
        """Return how much of what came back of the one case ``line`` is still to be credited, in its unit: what was
        billed, is not owed any more, and no living credit note of the line is for."""
        order_line = line.order_line_id
        asked = min(line.qty, line.received_qty) - sum(line._get_links("refund").mapped("qty"))
        return line.product_uom_id.round(min(asked, order_line.qty_invoiced_posted - get_due(order_line)))

    @api.model
    def _get_creditable(self, order_line, invoice_line):
        """Return how much of ``invoice_line`` no credit note has taken back yet, in the unit of ``order_line``."""
        uom = order_line.product_uom_id

        def count(one):
            return (one.product_uom_id or uom)._compute_quantity(one.quantity, uom, rounding_method="HALF-UP")

        credits_of = order_line.invoice_lines.filtered(
            lambda one: one.move_id.reversed_entry_id == invoice_line.move_id and one.parent_state != "cancel"
        )
        return count(invoice_line) - sum(count(one) for one in credits_of)

    @api.model
    def _get_line_vals(self, invoice_line, quantity):
        return {
            "product_id": invoice_line.product_id.id,
            "name": invoice_line.name,
            "quantity": quantity,
            "product_uom_id": invoice_line.product_uom_id.id,
            "price_unit": invoice_line.price_unit,
            "discount": invoice_line.discount,
            "tax_ids": [Command.set(invoice_line.tax_ids.ids)],
            "account_id": invoice_line.account_id.id,
            "analytic_distribution": invoice_line.analytic_distribution,
            "sale_line_ids": [Command.set(invoice_line.sale_line_ids.ids)],
        }

    @api.model
    def _grant(self, line, kind, amount, reverse):
        """Credit ``amount``, taxes included, for the one case ``line`` without taking back what was billed.

        :param reverse: whether it is set off against the invoice; a voucher stays open for what the customer buys next
        """
        if line._get_links(kind):
            return
        if line.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("%s: say how much is granted.", line.display_name))
        billed = self._get_billed(line.order_line_id)
        if not billed:
            raise UserError(
                self.env._(
                    "%(case)s: %(line)s is not billed yet, so nothing can be credited. Change the price on the order, "
                    "or bill it first.",
                    case=line.case_id.name,
                    line=line.display_name,
                )
            )
        invoice_line = billed[-1]
        left = self._get_left(line.order_line_id)
        if line.currency_id.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._(
                    "%(line)s: only %(left)s can be given back. That is what was billed for it, less what was credited "
                    "or granted already.",
                    line=line.display_name,
                    left=formatLang(self.env, max(left, 0.0), currency_obj=line.currency_id),
                )
            )
        vals = self._get_grant_vals(line, invoice_line, amount)
        self._make(line, kind, invoice_line.move_id, [vals], 0.0, reverse=reverse)

    @api.model
    def _get_grant_vals(self, line, invoice_line, amount, note=None):
        """Return the values of a line of a credit note that comes to ``amount``, taxes included, and takes back no
        quantity."""
        name = f"{line.case_id.name}: {line.product_id.display_name}"
        return self._get_line_vals(invoice_line, 1.0) | {
            "name": f"{name}, {note}" if note else name,
            "price_unit": self._get_price(invoice_line, amount),
            "discount": 0.0,
            "sale_line_ids": [],
        }

    @api.model
    def _get_price(self, invoice_line, amount):
        """Return the price that comes to ``amount`` with the taxes of ``invoice_line``, however these are reckoned."""
        taxes, currency = invoice_line.tax_ids, invoice_line.move_id.currency_id
        if not taxes or all(tax.price_include for tax in taxes):
            return amount
        one = taxes.compute_all(100.0, currency, 1.0, invoice_line.product_id, invoice_line.partner_id)
        return amount * 100.0 / one["total_included"] if one["total_included"] else amount

    @api.model
    def _make(self, line, kind, invoice, line_vals, qty, reverse=True):
        """Make a draft credit note against ``invoice`` for the one case ``line``."""
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "company_id": invoice.company_id.id,
                "journal_id": invoice.journal_id.id,
                "partner_id": invoice.partner_id.id,
                "partner_shipping_id": invoice.partner_shipping_id.id,
                "currency_id": invoice.currency_id.id,
                "fiscal_position_id": invoice.fiscal_position_id.id,
                "reversed_entry_id": reverse and invoice.id,
                "invoice_origin": line.case_id.order_id.name,
                "ref": line.case_id.name,
                "invoice_user_id": invoice.invoice_user_id.id,
                "invoice_line_ids": [Command.create(vals) for vals in line_vals],
            }
        )
        self.env["sop.engine.case.goods"]._link(line, kind, move_id=note.id, qty=qty, amount=note.amount_total)
        return note

    @api.model
    def _exchange(self, line):
        """Order what replaces the one ``line`` in the customer's name; what came back is credited beside it."""
        case, order = line.case_id, line.case_id.order_id
        new = self.env["sale.order"].create(
            {
                "company_id": case.company_id.id,
                "partner_id": order.partner_id.id,
                "partner_invoice_id": order.partner_invoice_id.id,
                "partner_shipping_id": order.partner_shipping_id.id,
                "pricelist_id": order.pricelist_id.id,
                "warehouse_id": order.warehouse_id.id,
                "user_id": order.user_id.id,
                "origin": case.name,
                "client_order_ref": case.name,
                "order_line": [
                    Command.create({"product_id": line.exchange_product_id.id, "product_uom_qty": line.qty})
                ],
            }
        )
        self.env["sop.engine.case.goods"]._link(line, "exchange", order_id=new.id, qty=line.qty)

    @api.model
    def _repair(self, line):
        """Have what came back of the one ``line`` repaired: free of charge under warranty, else to be quoted."""
        back = line._get_received_moves()[-1:]
        missed = self.env["sop.engine.case.limits"]._get_missed(
            line, company_day(line.company_id, line.case_id.create_date)
        )
        repair = self.env["repair.order"].create(
            {
                "product_id": line.product_id.id,
                "product_qty": line.repair_qty,
                "product_uom": line.product_uom_id.id,
                "lot_id": line.lot_id.id,
                "partner_id": line.case_id.partner_id.id,
                "company_id": line.company_id.id,
                "picking_id": back.picking_id.id,
                "under_warranty": line.cause in ("product", "ours", "carrier") and not missed,
                "repair_request": line.note or line.case_id.subject,
            }
        )
        self.env["sop.engine.case.goods"]._link(line, "repair", repair_id=repair.id, qty=line.repair_qty)
