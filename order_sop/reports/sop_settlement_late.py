from odoo import api, fields, models
from odoo.tools import SQL


class SopSettlementLate(models.AbstractModel):
    """Which of the orders that the settlement lists show differ from what was signed of the day that they show."""

    _inherit = "sop.settlement.mixin"  # pylint: disable=consider-merging-classes-inherited

    is_late = fields.Boolean(
        "Late Entry",
        compute="_compute_is_late",
        search="_search_is_late",
        help="The shown day lies in what was signed, and of this order the ledger says something else today.",
    )

    @api.depends_context("sop_day")
    def _compute_is_late(self):
        orders = {order_id for [order_id] in self.env.execute_query(self._get_late_orders(self.order_id.ids))}
        for record in self:
            record.is_late = record.order_id.id in orders

    def _search_is_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = (operator == "in") == (True in value)
        return [("order_id", "in" if wanted else "not in", SQL("(%s)", self._get_late_orders()))]

    @api.model
    def _get_late_orders(self, order_ids=None):
        """Return a query for the ids of orders with a late entry in a closing that holds the shown day.

        :param order_ids: of these orders; None: all
        """
        entries, closings = self.env["sop.late.entry"]._fields, self.env["sop.closing"]._fields
        return SQL(
            """SELECT e.order_id FROM sop_late_entry e JOIN sop_closing c ON c.id = e.closing_id
                WHERE e.state = 'open' AND c.state IN ('half', 'signed') AND c.day >= %s AND %s%s""",
            self.env["sop.ledger"]._get_day(self.env.company),
            SQL("TRUE") if order_ids is None else SQL("e.order_id = ANY(%s)", order_ids),
            SQL("", to_flush=(entries["state"], closings["state"])),
        )
