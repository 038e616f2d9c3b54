from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("return", "Return"),
    ("exchange", "Exchange"),
    ("repair", "Repair"),
    ("complaint", "Complaint"),
    ("question", "Question"),
]
STATES = [("open", "Open"), ("refused", "Refused"), ("closed", "Closed"), ("cancelled", "Cancelled")]
CHANNELS = [("office", "Entered by us"), ("portal", "Customer portal"), ("mail", "Mail")]
WISHES = [
    ("refund", "Money Back"),
    ("replace", "Another One"),
    ("repair", "Repair"),
    ("answer", "An Answer"),
]


class SopCase(models.Model):
    """What a customer comes back with after the sale: a return, an exchange, a repair, a complaint or a question."""

    _name = "sop.case"
    _description = "SOP After-Sales Case"
    _inherit = ["portal.mixin", "mail.thread.main.attachment", "mail.activity.mixin", "sop.guard.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _sop_owned_fields = frozenset({"answered_at", "answered_by_id", "agreed_at", "agreed_by_id"})

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    kind = fields.Selection(KINDS, required=True, default="return", tracking=True)
    state = fields.Selection(STATES, required=True, readonly=True, copy=False, default="open", tracking=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True, copy=False, default="office")
    order_id = fields.Many2one(
        "sale.order", check_company=True, ondelete="restrict", index="btree_not_null", tracking=True
    )
    picking_id = fields.Many2one(
        "stock.picking", "Delivery", check_company=True, ondelete="restrict", index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="restrict", index=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, copy=False
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    subject = fields.Char()
    description = fields.Text("What Happened")
    wish = fields.Selection(WISHES, "Customer Wants")
    line_ids = fields.One2many("sop.case.line", "case_id", "Goods", copy=False)
    answered_at = fields.Datetime("First Answer", readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", "First Answer By", readonly=True, copy=False, ondelete="set null")
    agreed_at = fields.Datetime("Customer Agreed On", readonly=True, copy=False)
    agreed_by_id = fields.Many2one("res.partner", "Agreed By", readonly=True, copy=False, ondelete="set null")

    _name_unique = models.UniqueIndex("(name, company_id)", "There is already a case with this number.")

    @api.depends("order_id", "company_id")
    def _compute_currency_id(self):
        for case in self:
            case.currency_id = case.order_id.currency_id or case.company_id.currency_id

    @api.onchange("order_id")
    def _onchange_order_id(self):
        if self.order_id:
            self.partner_id, self.company_id = self.order_id.partner_id, self.order_id.company_id

    @api.constrains("order_id", "partner_id", "company_id")
    def _check_order(self):
        for case in self.filtered("order_id"):
            order = case.order_id
            if order.partner_id.commercial_partner_id != case.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s is not an order of %(customer)s: choose the order, or the customer, anew.",
                        order=order.name,
                        customer=case.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            order = self.env["sale.order"].browse(vals.get("order_id") or ())
            if order:
                order.check_access("read")
                vals["company_id"] = order.company_id.id
                vals.setdefault("partner_id", order.partner_id.id)
            company_id = vals.get("company_id") or self.env.company.id
            sequences = self.env["ir.sequence"].sudo()  # counts for everybody
            vals["name"] = sequences.with_company(company_id).next_by_code("sop.case") or "/"
            if self.env.su and (channel := self.env.context.get("sop_case_channel")) in ("portal", "mail"):
                vals["channel"] = channel
        return super().create(vals_list)

    def _compute_access_url(self):
        for case in self:
            case.access_url = f"/my/cases/{case.id}"

    # -- what a case asks of the engine --------------------------------------------------------------------------------

    def _sop_enforce(self, gate):
        """Let the cases in ``self`` pass ``gate`` (``solve``: documents that solve it are made; ``close_case``), or raise.

        :raise UserError: naming what is missing, and who can do it
        """
