from odoo import fields, models
from odoo.tools import SQL

from ..engine.zones import day
from ..models.sop_case import KINDS, STATES
from ..models.sop_case_line import SOLUTIONS
from ..models.sop_case_reason import CAUSES


class SopCaseCost(models.Model):
    """What after-sales cases cost, by product and cause: credit, repair and freight, in the company's currency.

    As the documents say: posted credit notes without taxes, the value of parts of repairs, what carriers asked for.
    """

    _name = "sop.case.cost"
    _description = "SOP Cost of Cases"
    _auto = False
    _order = "opened_on desc, id desc"
    _rec_name = "product_id"
    _depends = {
        "sop.case": ["kind", "state", "create_date", "order_id", "company_id", "sop_process_id"],
        "sale.order": ["sop_process_id", "team_id"],
        "sop.waiver": ["order_id", "given_at"],
        "sop.case.line": [
            *("case_id", "product_id", "cause", "reason_id", "solution", "qty", "partner_id", "company_id"),
            *("credit_cost", "repair_cost", "freight_cost"),
        ],
    }

    case_id = fields.Many2one("sop.case", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    state = fields.Selection(STATES, readonly=True)
    process_id = fields.Many2one("sop.process", readonly=True)
    order_process_id = fields.Many2one("sop.process", "Process of the Order", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    deviating = fields.Boolean(
        "After a Deviation",
        readonly=True,
        help="A check of the order had been passed over before the case was opened.",
    )
    cause = fields.Selection(CAUSES, readonly=True)
    reason_id = fields.Many2one("sop.case.reason", readonly=True)
    solution = fields.Selection(SOLUTIONS, readonly=True)
    opened_on = fields.Date(readonly=True)
    counted = fields.Integer("Lines of Cases", readonly=True)
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True)
    credit_cost = fields.Monetary("Credited", readonly=True)
    repair_cost = fields.Monetary("Repair", readonly=True)
    freight_cost = fields.Monetary("Freight", readonly=True)
    total_cost = fields.Monetary("Cost", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            "SELECT l.id, l.case_id, c.order_id, l.company_id, l.partner_id, l.product_id, t.categ_id, c.kind, c.state,"
            " c.sop_process_id AS process_id, o.sop_process_id AS order_process_id, o.team_id,"
            " EXISTS (SELECT FROM sop_waiver w WHERE w.order_id = c.order_id AND w.given_at <= c.create_date)"
            " AS deviating, l.cause, l.reason_id, l.solution, %s AS opened_on, 1 AS counted, l.qty,"
            " COALESCE(l.credit_cost, 0) AS credit_cost, COALESCE(l.repair_cost, 0) AS repair_cost,"
            " COALESCE(l.freight_cost, 0) AS freight_cost,"
            " COALESCE(l.credit_cost, 0) + COALESCE(l.repair_cost, 0) + COALESCE(l.freight_cost, 0) AS total_cost"
            " FROM sop_case_line l JOIN sop_case c ON c.id = l.case_id JOIN product_product p ON p.id = l.product_id"
            " JOIN product_template t ON t.id = p.product_tmpl_id LEFT JOIN sale_order o ON o.id = c.order_id"
            " WHERE c.state <> 'cancelled'",
            day(self.env, SQL("c.create_date"), SQL("l.company_id")),
        )
