from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .sale_order_facts import COMPARISONS


class SopCaseRefund(models.Model):
    """What a case gives back to the customer, by itself and with the other cases of its order."""

    _inherit = "sop.case"  # pylint: disable=consider-merging-classes-inherited

    refund_amount = fields.Monetary(
        "To Give Back",
        compute="_compute_refund_amount",
        store=True,
        help="What was paid for the goods that are refunded, taxes included, and what is granted beside that.",
    )

    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    refund_total = fields.Monetary(
        "To Give Back on the Order",
        compute="_compute_refund_total",
        search="_search_refund_total",
        currency_field="company_currency_id",
        help="With the earlier cases of the order, and what later ones gave already, in the company's currency: what "
        "approvals of refunds go by.",
    )

    @api.depends("line_ids.refund_amount")
    def _compute_refund_amount(self):
        for case in self:
            case.refund_amount = sum(case.line_ids.mapped("refund_amount"))

    @api.depends("refund_amount", "order_id", "state", "company_id")
    def _compute_refund_total(self):
        others = self.sudo().search(  # what they give back, whoever may see them
            [("order_id", "in", self.order_id.ids), ("state", "not in", ("refused", "cancelled"))]
        )
        by_order = others.grouped("order_id")
        for case in self:
            amount, order = case.refund_amount, case.order_id.sudo()  # its rate
            for other in by_order.get(order, ()) if order else ():
                if other.id < case._origin.id or not case._origin:
                    amount += other.refund_amount
                elif other != case._origin.sudo():  # a later one: it sees this one, unless its money is given already
                    notes = other.document_ids.filtered(lambda link: link.move_id and link.move_id.state != "cancel")
                    amount += sum(notes.mapped("amount"))
            case.refund_total = case.company_id.currency_id.round(amount / (order.currency_rate or 1.0))

    def _search_refund_total(self, operator, value):
        if operator not in COMPARISONS:
            return NotImplemented

        def to_sql(_model, alias, _query):
            documents = self.env["sop.case.document"]._fields
            flushed = (*(self._fields[name] for name in ("refund_amount", "order_id", "state")), documents["amount"])
            return SQL(
                """
                (SELECT ROUND((SUM(CASE WHEN c.id <= %(case)s.id THEN c.refund_amount ELSE d.amount END)
                               / COALESCE(NULLIF(MAX(o.currency_rate), 0), 1))::numeric, 4)
                   FROM sop_case c LEFT JOIN sale_order o ON o.id = c.order_id
                   LEFT JOIN LATERAL (
                    SELECT SUM(k.amount) AS amount FROM sop_case_document k
                      JOIN account_move m ON m.id = k.move_id AND m.state <> 'cancel' WHERE k.case_id = c.id) d ON TRUE
                  WHERE c.id = %(case)s.id
                     OR (c.order_id = %(case)s.order_id AND c.state NOT IN ('refused', 'cancelled')))
                %(compare)s %(value)s%(flush)s
                """,
                case=SQL.identifier(alias),
                compare=COMPARISONS[operator],
                value=float(value or 0),
                flush=SQL("", to_flush=flushed),
            )

        return Domain.custom(to_sql=to_sql)
