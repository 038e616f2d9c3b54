from odoo import fields, models
from odoo.tools import SQL

from ..models.sop_flow_mixin import STATUSES

FINISHED = "Of finished orders: one that is still on its way is neither late nor incomplete."


class SopOrderReport(models.Model):
    """Orders under the SOP with what their KPIs are made of; see ``sop.order.fact``, exact at any instant.

    Amounts are without taxes in the company's currency, days those of the company.
    """

    _name = "sop.order.report"
    _description = "SOP Order Analysis"
    _auto = False
    _inherit = ["sop.ratio.mixin"]
    _order = "begun_at desc, id desc"
    _rec_name = "order_id"
    _depends = {"sale.order": ["sop_status"]}
    _ratios = {
        "hours": ("minutes", "counted", 1 / 60),
        "on_time_rate": ("on_time_count", "promised_count", 1),
        "in_full_rate": ("in_full_count", "goods_count", 1),
        "perfect_rate": ("perfect_count", "done_count", 1),
        "first_pass_rate": ("first_pass_count", "done_count", 1),
        "line_on_time_rate": ("on_time_lines", "promised_lines", 1),
        "return_rate": ("returned_count", "goods_count", 1),
        "returned_value_rate": ("returned_value", "goods_amount", 1),
    }

    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    process_id = fields.Many2one("sop.process", readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    categ_id = fields.Many2one("product.category", readonly=True, help="That of the line of goods that comes to most.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Amount Without Taxes", readonly=True)
    goods_amount = fields.Monetary("Amount of Orders with Goods", readonly=True, help=FINISHED)
    begun_at = fields.Datetime("Put Under the SOP", readonly=True)
    begun_on = fields.Date(readonly=True)
    done_at = fields.Datetime("Finished", readonly=True)
    done_on = fields.Date("Finished On", readonly=True)
    ended_on = fields.Date(readonly=True, help="Finished or cancelled.")
    counted = fields.Integer("Orders", readonly=True)
    minutes = fields.Float("Working Minutes", readonly=True)
    hours = fields.Float("Working Hours", readonly=True, aggregator="avg")
    days = fields.Float("Elapsed Days", readonly=True, aggregator="avg")
    stages = fields.Integer("Stages Left", readonly=True)
    late_stages = fields.Integer("Stages Left Late", readonly=True)
    repeated_stages = fields.Integer("Stages Repeated", readonly=True)
    sent_back = fields.Integer("Times Sent Back", readonly=True)
    waivers = fields.Integer("Deviations", readonly=True)
    promised_on = fields.Date("Promised For", readonly=True)
    delivered_on = fields.Date(readonly=True)
    goods_lines = fields.Integer("Lines of Goods", readonly=True)
    promised_lines = fields.Integer("Lines with a Promised Day", readonly=True, help=FINISHED)
    lines_in_full = fields.Integer("Lines in Full", readonly=True)
    lines_on_time = fields.Integer("Lines on Time", readonly=True)
    on_time_lines = fields.Integer("Lines on Time (Finished)", readonly=True, help=FINISHED)
    promised = fields.Boolean("Promised a Day", readonly=True)
    on_time = fields.Boolean(readonly=True)
    in_full = fields.Boolean(readonly=True)
    first_pass = fields.Boolean(readonly=True)
    perfect = fields.Boolean(readonly=True)
    rated = fields.Boolean(readonly=True)
    promised_count = fields.Integer("Orders with a Promised Day", readonly=True, help=FINISHED)
    on_time_count = fields.Integer("Orders on Time", readonly=True, help=FINISHED)
    goods_count = fields.Integer("Orders with Goods", readonly=True, help=FINISHED)
    in_full_count = fields.Integer("Orders in Full", readonly=True, help=FINISHED)
    done_count = fields.Integer("Finished Orders", readonly=True)
    perfect_count = fields.Integer("Perfect Orders", readonly=True)
    first_pass_count = fields.Integer("Orders Passed at Once", readonly=True)
    returned_count = fields.Integer("Orders with Returns", readonly=True, help=FINISHED)
    on_time_rate = fields.Float("On Time (Orders)", readonly=True, aggregator="avg")
    line_on_time_rate = fields.Float("On Time (Lines)", readonly=True, aggregator="avg")
    in_full_rate = fields.Float(readonly=True, aggregator="avg")
    perfect_rate = fields.Float("Perfect Order Rate", readonly=True, aggregator="avg")
    first_pass_rate = fields.Float("First-Pass Rate", readonly=True, aggregator="avg")
    return_rate = fields.Float("Return Rate (Orders)", readonly=True, aggregator="avg")
    returned_value_rate = fields.Float("Return Rate (Value)", readonly=True, aggregator="avg")
    returned_lines = fields.Integer("Lines with Returns", readonly=True)
    returned_amount = fields.Monetary("Came Back", readonly=True)
    returned_value = fields.Monetary("Came Back (Finished)", readonly=True, help=FINISHED)
    cases = fields.Integer("After-Sales Cases", readonly=True)
    credited = fields.Boolean(readonly=True)
    rating = fields.Float(readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        rates = SQL(
            ", ".join(
                f"{factor} * {above}::float8 / NULLIF({below}, 0) AS {name}"
                for name, (above, below, factor) in self._ratios.items()
            )
        )
        return SQL(
            """
            SELECT r.*, %s FROM (
                SELECT f.*, f.order_id AS id, 1 AS counted, f.elapsed / 86400 AS days,
                       f.on_time IS NOT NULL AS promised, f.rating IS NOT NULL AS rated,
                       CASE WHEN f.status = 'done' AND f.lines_on_time IS NOT NULL THEN f.goods_lines ELSE 0
                        END AS promised_lines,
                       CASE WHEN f.status = 'done' THEN f.lines_on_time ELSE 0 END AS on_time_lines,
                       (f.status = 'done' AND f.on_time IS NOT NULL)::int AS promised_count,
                       (f.status = 'done' AND f.on_time IS TRUE)::int AS on_time_count,
                       (f.status = 'done' AND f.goods_lines > 0)::int AS goods_count,
                       (f.status = 'done' AND f.in_full IS TRUE)::int AS in_full_count,
                       (f.status = 'done')::int AS done_count, (f.perfect IS TRUE)::int AS perfect_count,
                       (f.first_pass IS TRUE)::int AS first_pass_count,
                       (f.status = 'done' AND f.returned_lines > 0)::int AS returned_count,
                       CASE WHEN f.status = 'done' AND f.goods_lines > 0 THEN f.amount ELSE 0 END AS goods_amount,
                       CASE WHEN f.status = 'done' THEN f.returned_amount ELSE 0 END AS returned_value
                  FROM (%s) f
            ) r
            """,
            rates,
            self.env["sop.engine.fact"]._get_rows(),
        )

    def action_open_order(self):
        """Open the order of the one row in ``self``."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }
