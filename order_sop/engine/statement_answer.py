from odoo import api, fields, models
from odoo.exceptions import UserError

from .guard import as_engine


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

    @api.model
    def _dispute(self, statement, keys, text, partner, name):
        """The customer does not agree to some rows of the one ``statement``: each becomes a difference of its orders.

        :param keys: of the rows; those that he disputed before, or that are none, do not count
        :param text: his words
        :param partner: who says so
        :raise UserError: when it waits for no answer, or no row is left
        """
        self._take_answer(statement, ("sent", "disputed"))
        known = statement._get_disputed()
        rows = [
            (part["currency_id"], row)
            for part in statement.figures["currencies"]
            for row in part["rows"]
            if row["key"] in keys and row["key"] not in known
        ]
        if not rows or not text:
            raise UserError(self.env._("Say which rows are wrong, and what is wrong."))
        now, currencies = fields.Datetime.now(), self.env["res.currency"].sudo()  # of the statement
        created = []
        for currency_id, row in rows:
            amount = float(row["debit"]) - float(row["credit"])
            move = self.env["account.move"].sudo().browse(row["move_id"] or ()).exists()  # of the customer himself
            orders = self._get_orders(move)
            for order in orders:
                self.env["sop.engine.difference"]._dispute(order, amount, currencies.browse(currency_id), text, partner)
            created.append(
                {
                    "statement_id": statement.id,
                    "company_id": statement.company_id.id,
                    "key": row["key"],
                    "name": row["name"],
                    "amount": amount,
                    "currency_id": currency_id,
                    "text": text,
                    "disputed_at": now,
                    "disputed_by": name,
                    "move_id": move.id,
                    "order_names": ", ".join(orders.mapped("name")),
                }
            )
        as_engine(self.env["sop.statement.dispute"]).create(created)
        as_engine(statement).write({"state": "disputed", "answered_at": now, "answered_by": name})
        self._tell_dispute(statement, text)

    @api.model
    def _take_answer(self, statement, states):
        """Take the one ``statement`` for an answer, which it has to wait for."""
        statement.lock_for_update()
        if statement.state not in states:
            raise UserError(self.env._("This statement was answered before."))

    @api.model
    def _get_orders(self, move):
        """Return the orders behind an entry: those of an invoice, or of the invoices that a receipt pays."""
        lines = move.line_ids
        terms = lines.matched_debit_ids.debit_move_id | lines.matched_credit_ids.credit_move_id
        own = lines.sale_line_ids.order_id
        return own or terms.move_id.line_ids.sale_line_ids.order_id

    @api.model
    def _tell_dispute(self, statement, text):
        """Tell whoever made the one ``statement`` that the customer disputes it."""
        user = statement.made_by_id.filtered("active")
        if not user:
            return
        env = self.with_context(lang=user.lang).env
        self.env["mail.thread"].sudo().message_notify(  # in the name of the house
            partner_ids=user.partner_id.ids,
            subject=env._("Disputed: %s", statement.with_env(env).display_name),
            body=text,
            model=statement._name,
            res_id=statement.id,
        )
