from odoo import fields, models

from ..engine.tally_sources import FACT_OPEN, SOURCES
from ..engine.tally_trigger import install_note, install_trigger
from .sop_flow_mixin import STATUSES


class SopOrderFact(models.Model):
    """What the KPIs know of one order under the SOP; it bears the order's id. See ``sop.engine.fact``.

    What an order has no answer to is empty: whether it was on time, where nothing was promised.
    """

    _name = "sop.order.fact"
    _description = "SOP facts of an order"
    _inherit = ["sop.guard.mixin"]
    _log_access = False

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", readonly=True)
    process_id = fields.Many2one("sop.process", readonly=True)
    status = fields.Selection(STATUSES, readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="set null", index=True)
    country_id = fields.Many2one("res.country", readonly=True)
    team_id = fields.Many2one("crm.team", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    categ_id = fields.Many2one("product.category", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(readonly=True)
    begun_at = fields.Datetime(readonly=True)
    begun_on = fields.Date(readonly=True)
    done_at = fields.Datetime(readonly=True)
    done_on = fields.Date(readonly=True)
    ended_on = fields.Date(readonly=True)
    minutes = fields.Float(readonly=True)
    elapsed = fields.Float(readonly=True)
    stages = fields.Integer(readonly=True)
    late_stages = fields.Integer(readonly=True)
    repeated_stages = fields.Integer(readonly=True)
    sent_back = fields.Integer(readonly=True)
    path = fields.Char(readonly=True, help="The ids of the stages that were left, one after the other.")
    waivers = fields.Integer(readonly=True)
    promised_on = fields.Date(readonly=True)
    delivered_on = fields.Date(readonly=True)
    goods_lines = fields.Integer(readonly=True)
    lines_in_full = fields.Integer(readonly=True)
    lines_on_time = fields.Integer(readonly=True)
    in_full = fields.Boolean(readonly=True)
    on_time = fields.Boolean(readonly=True)
    returned_lines = fields.Integer(readonly=True)
    returned_amount = fields.Monetary(readonly=True)
    cases = fields.Integer(readonly=True)
    credited = fields.Boolean(readonly=True)
    rating = fields.Float(readonly=True)
    first_pass = fields.Boolean(readonly=True)
    perfect = fields.Boolean(readonly=True)

    counted = fields.Boolean(readonly=True, help="It is part of the sums that reports add up.")

    _order_unique = models.UniqueIndex("(order_id)")
    _done_idx = models.Index("(company_id, done_on) WHERE done_on IS NOT NULL")
    _begun_idx = models.Index("(begun_on, company_id)")
    _open_idx = models.Index(f"(begun_on) WHERE {FACT_OPEN}")
    _uncounted_idx = models.Index(f"(id) WHERE {SOURCES['sop.order.fact'].uncounted}")
    # by a digest: a way may be too long for an index
    _path_idx = models.Index("(MD5(path), ROUND(elapsed / 60)) WHERE path IS NOT NULL")

    def init(self):
        install_trigger(self.env.cr, SOURCES[self._name])
        install_note(self.env.cr)
