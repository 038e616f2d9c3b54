"""The differences of docs/settlement.md found once more, apart from the addon: raw tables and fractions.

Each function is a row of that page's table. Nothing here may call or copy the addon's code.
"""

from collections import defaultdict
from fractions import Fraction

from .oracle_ageing import AGES
from .oracle_books import rounded
from .oracle_money import DOCUMENTS

WITHOUT_FILE = ("customer", "carrier")


class Differences:
    """What is different by the end of the day of ``settlement``, on the orders ``order_ids``.

    ``found`` is ``{(kind, order id, about what, its id): (amount, in company currency, quantity)}``; each is about a
    "line", "move", "picking" or the "order" itself.
    """

    def __init__(self, settlement, order_ids):
        self.settlement, self.books, self.day = settlement, settlement.books, settlement.day
        self.lines = {id_: [] for id_ in order_ids}
        for line in self.books.sale_order_line.values():
            if line.order_id in self.lines and not line.display_type:
                self.lines[line.order_id].append(line)
        self.found = {}
        for order_id, lines in self.lines.items():
            for line in lines:
                if not line.is_downpayment:
                    self._quantities(line, settlement.rows[line.id])
                    self._price(line, settlement.rows[line.id])
            self._invoices(order_id)
            self._order_paid_over(order_id, lines)
        self._payments_left()
        self._deliveries()

    def _add(self, kind, order_id, about, id_, amounts, quantity=Fraction(0)):
        """Note a difference; of ``amounts`` (in the order's currency and the company's) each is rounded to its own."""
        order = self.books.sale_order[order_id]
        units = self.books.unit_of(order.currency_id), self._company_unit(order)
        amount, company = (rounded(amount, unit) for amount, unit in zip(amounts, units, strict=True))
        self.found[kind, order_id, about, id_] = amount, company, quantity

    def _company_unit(self, order):
        return self.books.unit_of(self.books.res_company[order.company_id].currency_id)

    def _at_rate(self, order, amount):
        """Return an amount of the order in both currencies, by the order's own rate."""
        amount = rounded(amount, self.books.unit_of(order.currency_id))
        return amount, rounded(amount / (order.currency_rate or 1), self._company_unit(order))

    def _worth(self, line, quantity):
        """Return what a quantity is worth by the order's price, taxes included; nothing, where none was ordered."""
        part = quantity / line.product_uom_qty if line.product_uom_qty else 0
        return self._at_rate(self.books.sale_order[line.order_id], line.price_total * part)

    # -- lines ---------------------------------------------------------------------------------------------------------

    def _quantities(self, line, row):
        """Delivered not invoiced, invoiced not delivered, no credit note after a return."""
        delivered, invoiced = row["net_delivered"], row["net_invoiced"]
        rest = rounded(delivered - invoiced, self.books.quantity_unit)
        if rest > 0:
            kind, column, whole = "not_invoiced", "delivered_total", delivered
        elif rest < 0 and row["returned"]:
            kind, column, whole = "no_credit_note", "net_invoiced_total", invoiced
        elif rest < 0 and not self._is_billed_as_ordered(line):
            kind, column, whole = "not_delivered", "net_invoiced_total", invoiced
        else:
            return
        amounts = self._worth(line, abs(rest))
        if whole > 0:
            amounts = (row[column] * abs(rest) / whole, row[f"{column}_company"] * abs(rest) / whole)
        self._add(kind, line.order_id, "line", line.id, amounts, abs(rest))

    def _is_billed_as_ordered(self, line):
        """Tell whether the line is invoiced as ordered, and nobody delivers it."""
        if line.qty_delivered_method == "stock_move" or not line.product_id:
            return False
        template = self.books.product_template[self.books.product_product[line.product_id].product_tmpl_id]
        return template.invoice_policy == "order"

    def _price(self, line, row):
        """Invoiced at another price than ordered, by more than rounding explains."""
        documents = sum(line_id == line.id for line_id, _move_id in self.settlement.parts_of(line.order_id))
        if not line.product_uom_qty or not documents:
            return
        order = self.books.sale_order[line.order_id]
        rest = row["net_invoiced_untaxed"] - line.price_subtotal * row["net_invoiced"] / line.product_uom_qty
        if abs(rest) > documents * self.books.unit_of(order.currency_id) / 2:
            self._add("price", order.id, "line", line.id, self._at_rate(order, rest))

    # -- invoices and payments -----------------------------------------------------------------------------------------

    def _invoices(self, order_id):
        """Paid short, and overdue: of each invoice what is the order's part."""
        sums = defaultdict(lambda: defaultdict(Fraction))
        for (_line_id, move_id), part in self.settlement.parts_of(order_id).items():
            for name, amount in part.items():
                sums[move_id][name] += amount
        for move_id, part in sums.items():
            opened, late = (
                tuple(sum(part[f"{age}{end}"] for age in ages) for end in ("", "_company")) for ages in (AGES, AGES[1:])
            )
            if opened[0] <= 0:
                continue
            dues = [
                line.date_maturity or self.books.account_move[move_id].invoice_date_due
                for line in self.books.lines_of[move_id]
                if line.display_type == "payment_term"
            ]
            if part["paid"] > 0 and all(due <= self.day for due in dues):
                self._add("paid_short", order_id, "move", move_id, opened)
            if late[0] > 0:
                self._add("overdue", order_id, "move", move_id, late)

    def _order_paid_over(self, order_id, lines):
        """More was paid than invoiced, and nothing waits for its invoice."""
        rows = [self.settlement.rows[line.id] for line in lines]
        owed, owed_company = (sum(row[f"outstanding{end}"] for row in rows) for end in ("", "_company"))
        waiting = any(kind == "not_invoiced" and id_ == order_id for kind, id_, *_about in self.found)
        if owed < 0 and not waiting:
            self._add("paid_over", order_id, "order", order_id, (-owed, -owed_company))

    def _payments_left(self):
        """Money is left of a payment of invoices: it is of the latest order that the payment paid."""
        books = self.books
        for move in books.account_move.values():
            if move.state != "posted" or not (move.origin_payment_id or move.statement_line_id):
                continue
            ends = [line for line in books.lines_of.get(move.id, ()) if self._is_received(line)]
            partials = [partial for line in ends for partial in self.settlement.money.partials[line.id]]
            orders = {
                order_id
                for partial in partials
                for order_id in self._orders_of(books.account_move_line[partial.debit_move_id], move.company_id)
            }
            left = sum((partial.amount for partial in partials), sum(line.balance for line in ends))
            if not orders or left >= 0 or max(orders) not in self.lines:
                continue
            order = books.sale_order[max(orders)]
            amount = -left * (order.currency_rate or 1)
            if all(line.currency_id == order.currency_id for line in ends):
                amount = -sum(
                    (partial.credit_amount_currency for partial in partials), sum(line.amount_currency for line in ends)
                )
            self._add("paid_over", order.id, "move", move.id, (amount, -left))

    def _is_received(self, line):
        """Tell whether an entry's line lessens what a customer owes."""
        account = self.books.account_account.get(line.account_id)
        return bool(account and account.account_type == "asset_receivable" and line.balance < 0)

    def _orders_of(self, end, company_id):
        """Return the ids of the orders of a company that a receivable line's invoice is of."""
        books = self.books
        move = books.account_move[end.move_id]
        if end.display_type != "payment_term" or move.move_type not in DOCUMENTS:
            return set()
        ids = [
            books.sale_order_line[id_].order_id
            for line in books.lines_of[move.id]
            if line.display_type == "product"
            for id_ in books.order_lines_of.get(line.id, ())
        ]
        return {id_ for id_ in ids if books.sale_order[id_].company_id == company_id}

    # -- deliveries ----------------------------------------------------------------------------------------------------

    def _deliveries(self):
        """A delivery to the customer without proof, of an order whose process asks for it."""
        books = self.books
        asking = {
            books.sop_stage[point.stage_id].process_id
            for point in books.sop_checkpoint.values()
            if point.rule == "proof_of_delivery"
        }
        proved = {
            proof.picking_id
            for proof in books.sop_proof.values()
            if not proof.void_at and (proof.attachment_id or proof.kind in WITHOUT_FILE)
        }
        sums = {}
        for move in books.stock_move.values():
            line, picking = books.sale_order_line.get(move.sale_line_id), books.stock_picking.get(move.picking_id)
            if not line or line.display_type or not picking or picking.id in proved or line.order_id not in self.lines:
                continue
            order = books.sale_order[line.order_id]
            if order.sop_process_id not in asking or move.state != "done" or picking.state != "done":
                continue
            if books.stock_location[picking.location_dest_id].usage != "customer":
                continue
            if books.day_of(picking.date_done, order.company_id) <= self.day:
                quantity = books.convert_quantity(move.quantity, move.product_uom, line.product_uom_id, rounded)
                worth = self._worth(line, quantity)
                before = sums.get((order.id, picking.id), (0, 0))
                sums[order.id, picking.id] = tuple(map(sum, zip(before, worth, strict=True)))
        for (order_id, picking_id), amounts in sums.items():
            self._add("no_proof", order_id, "picking", picking_id, amounts)
