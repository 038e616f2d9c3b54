from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from .guard import as_engine
from .ledger_shares import share_out, to_decimal, to_units


class SopStatementAnswer(models.AbstractModel):
    """What customers say to their statements. Callers have made sure that it is the customer who says it."""

    _inherit = "sop.engine.statement"

    @api.model
    def _confirm(self, statement, name):
        """The customer, in the words of ``name``, agrees to the one ``statement``.

        :raise UserError: when it waits for no answer
        """
        self._take_answer(statement, ("sent", "disputed"))
        as_engine(statement).write({"state": "confirmed", "answered_at": fields.Datetime.now(), "answered_by": name})
        self._log(statement, "confirmed", name)

    @api.model
    def _dispute(self, statement, keys, text, partner, name):
        """The customer does not agree to some rows of the one ``statement``: each becomes a difference of its
        orders, or of the customer where it belongs to none.

        :param keys: of the rows; those that he disputed before, or that are none, do not count
        :param text: his words
        :param partner: who says so
        :raise UserError: when it waits for no answer, or no row is left
        """
        self._take_answer(statement, ("sent", "disputed"))
        known = statement._get_disputed()
        able = self._get_disputable(statement)
        rows = [(currency_id, row) for currency_id, row in able if row["key"] in keys and row["key"] not in known]
        if not rows or not text:
            raise UserError(self.env._("Say which rows are wrong, and what is wrong."))
        now = fields.Datetime.now()
        disputed = [(currency_id, row) for currency_id, row in able if row["key"] in keys or row["key"] in known]
        shares = self._get_shares(statement, disputed)
        created = []
        for currency_id, row in rows:
            move = self.env["account.move"].sudo().browse(row["move_id"] or ()).exists()  # of the customer himself
            created.append(
                {
                    "statement_id": statement.id,
                    "company_id": statement.company_id.id,
                    "key": row["key"],
                    "name": row["name"],
                    "amount": float(row["debit"]) - float(row["credit"]),
                    "currency_id": currency_id,
                    "text": text,
                    "disputed_at": now,
                    "disputed_by": name,
                    "move_id": move.id,
                    "order_names": ", ".join(order.name for order in shares[row["key"]] if order),
                }
            )
            if rest := shares[row["key"]].get(None):
                currency = self.env["res.currency"].sudo().browse(currency_id)  # of the statement
                self.env["sop.engine.difference"]._dispute_row(statement, row["key"], move, rest, currency, text)
        self._dispute_orders(statement, rows, shares, text, partner)
        as_engine(self.env["sop.statement.dispute"]).create(created)
        as_engine(statement).write({"state": "disputed", "answered_at": now, "answered_by": name})
        self._log(statement, "disputed", text)
        env = self.with_context(lang=statement.made_by_id.lang).env
        self._tell(statement, env._("Disputed: %s", statement.with_env(env).display_name), text)

    @api.model
    def _get_disputable(self, statement):
        """Return ``[(currency id, row)]`` of all that the customer can dispute of the one ``statement``: its rows, and
        its opening balances, which look like rows."""
        env = self.with_context(lang=statement.made_by_id.lang).env
        found = []
        for part in statement.figures["currencies"]:
            if float(part["opening"]):
                row = {"key": f"opening/{part['currency_id']}", "name": env._("Opening balance"), "move_id": None}
                found.append((part["currency_id"], row | {"debit": part["opening"], "credit": "0"}))
            found += [(part["currency_id"], row) for row in part["rows"]]
        return found

    @api.model
    def _take_answer(self, statement, states):
        """Take the one ``statement`` for an answer, which it has to wait for."""
        statement.lock_for_update()
        if statement.state not in states:
            raise UserError(self.env._("This statement was answered before."))

    @api.model
    def _dispute_orders(self, statement, rows, shares, text, partner):
        """Keep as differences what is disputed by now of the orders behind ``rows``, all their disputed rows summed up.

        What belongs to no order is no concern of it.
        """
        sums = defaultdict(float)
        for amounts in shares.values():
            for order, amount in amounts.items():
                sums[order] += amount
        for order in dict.fromkeys(order for _currency, row in rows for order in shares[row["key"]] if order):
            self.env["sop.engine.difference"]._dispute(order, sums[order], order.currency_id, text, partner)

    @api.model
    def _get_shares(self, statement, rows):
        """Return ``{key: {order: amount}}`` of ``rows`` (``(currency id, row)``) of the one ``statement``: what of each
        is of which order of its company, in that order's currency; what is of none is under None, in its own."""
        company, ledger = statement.company_id, self.env["sop.ledger"].sudo()  # the customer's own entries
        day = ledger.with_context(sop_day=None)._get_day(company)
        # as above
        moves = self.env["account.move"].sudo().browse([row["move_id"] for _id, row in rows if row["move_id"]]).exists()
        parts = {move: self._get_invoices(move) for move in moves}
        invoices = ledger._get_order_shares(company, {id_ for part in parts.values() for id_ in part}, day)
        shares = {}
        for currency_id, row in rows:
            weights = defaultdict(int)
            for id_, units in parts.get(moves.browse(row["move_id"] or ()), {}).items():
                owners = invoices.get(id_) or {None: 1}
                for owner, part in zip(owners, share_out(units, [*owners.values()]), strict=True):
                    weights[owner] += part
            currency = self.env["res.currency"].sudo().browse(currency_id)  # of the statement
            units = to_units(float(row["debit"]) - float(row["credit"]), currency.decimal_places)
            amounts = shares[row["key"]] = {}
            parts_of = weights if sum(weights.values()) else {None: 1}
            for owner, part in zip(parts_of, share_out(units, [*parts_of.values()]), strict=True):
                if part and not owner:
                    amounts[None] = float(to_decimal(part, currency.decimal_places))
                elif part:
                    order = self.env["sale.order"].sudo().browse(owner)  # as above
                    amount = float(to_decimal(part, currency.decimal_places))
                    amounts[order] = currency._convert(amount, order.currency_id, company, day)
        return shares

    @api.model
    def _get_invoices(self, move):
        """Return ``{invoice id: units in company currency}``: what of the entry ``move`` is of which invoice, either
        itself or those that it settles; what settles nothing is under None."""
        digits = move.company_currency_id.decimal_places
        if move.is_sale_document(include_receipts=True):
            return {move.id: abs(to_units(move.amount_total_signed, digits))}
        terms = move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        parts = defaultdict(int)
        parts[None] = abs(to_units(sum(terms.mapped("balance")), digits))
        for side in ("debit", "credit"):
            for partial in terms[f"matched_{side}_ids"]:
                units = to_units(partial.amount, digits)
                parts[partial[f"{side}_move_id"].move_id.id] += units
                parts[None] -= units
        parts[None] = max(parts[None], 0)
        return parts
