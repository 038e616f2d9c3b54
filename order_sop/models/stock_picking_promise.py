import operator as op

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.zones import day
from ..rules.helpers import company_day, get_promise, outside_domain

COMPARISONS = {"<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge, "in": lambda late, days: late in days}


class StockPickingPromise(models.Model):
    """Whether a delivery left by the promised day; as the rule ``shipped_on_time`` has it, days in the company."""

    _inherit = "stock.picking"  # pylint: disable=consider-merging-classes-inherited

    sop_promised_on = fields.Date("Promised For", compute="_compute_sop_days_late", compute_sudo=True)
    sop_shipped_on = fields.Date("Shipped On", compute="_compute_sop_days_late", compute_sudo=True)
    sop_days_late = fields.Integer(
        "Days Late",
        compute="_compute_sop_days_late",
        compute_sudo=True,
        search="_search_sop_days_late",
        help="Days from the promised day to the one on which it was shipped, or to the present; never below zero.",
    )

    @api.depends("sale_id.commitment_date", "date_deadline", "date_done", "state", "location_id", "location_dest_id")
    def _compute_sop_days_late(self):
        for picking in self:
            order, done = picking.sale_id, picking.state == "done"
            leaving = order and picking.state != "cancel" and picking._sop_is_leaving()
            promise = leaving and get_promise(order, picking)
            company = order.company_id or picking.company_id
            promised = promise and company_day(company, promise)
            shipped = leaving and done and company_day(company, picking.date_done)
            picking.sop_promised_on, picking.sop_shipped_on = promised, shipped
            until = promised and (shipped or company_day(company))
            picking.sop_days_late = max((until - promised).days, 0) if promised else 0

    def _search_sop_days_late(self, operator, value):
        if operator not in COMPARISONS:
            return NotImplemented
        value = tuple(int(days) for days in value) if operator == "in" else int(value)
        comparison = {"in": "IN"}.get(operator, operator)

        def to_sql(_model, alias, _query):
            company = SQL("(SELECT company_id FROM sale_order WHERE id = %s.sale_id)", SQL.identifier(alias))
            promise = SQL(
                "COALESCE((SELECT commitment_date FROM sale_order WHERE id = %(p)s.sale_id AND NOT EXISTS"
                " (SELECT FROM sop_case_document WHERE picking_id = %(p)s.id)), %(p)s.date_deadline)",
                p=SQL.identifier(alias),
            )
            shipped = SQL(
                "CASE %(p)s.state WHEN 'done' THEN COALESCE(%(p)s.date_done, %(now)s) ELSE %(now)s END",
                p=SQL.identifier(alias),
                now=self.env["sop.engine.clock"]._now(),
            )
            days = SQL("%s - %s", day(self.env, shipped, company), day(self.env, promise, company))
            return SQL("COALESCE(GREATEST(%s, 0), 0) %s %s", days, SQL(comparison), value)

        def holds(picking):
            return COMPARISONS[operator](picking.sop_days_late, value)

        late = Domain("sale_id", "!=", False) & Domain("state", "!=", "cancel")
        late &= outside_domain("location_dest_id") & ~outside_domain("location_id")  # see _sop_is_leaving
        late &= Domain.custom(to_sql=to_sql, predicate=holds)
        return late
