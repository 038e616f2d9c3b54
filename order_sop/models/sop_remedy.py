from odoo import api, fields, models

from ..engine.arguments import plain, text

KINDS = [
    ("replenish", "Replenish"),
    ("take", "Take from Another Order"),
    ("parts", "Ship in Parts"),
    ("reschedule", "Reschedule"),
    ("substitute", "Substitute"),
    ("cancel_line", "Cancel the Rest"),
]
STATES = [
    ("draft", "To Carry Out"),
    ("asked", "Customer Asked"),
    ("done", "Carried Out"),
    ("refused", "Refused"),
    ("cancelled", "Withdrawn"),
]
ANSWERS = [("agreed", "Agreed"), ("refused", "Refused")]
OPEN_STATES = ("draft", "asked")


class SopRemedy(models.Model):
    """What was decided about a line that stock does not cover in time: proposed, where he has a say agreed by the
    customer, carried out. Written by ``sop.engine.remedy`` alone.

    Quantities are in the product's own unit, dates in UTC, amounts in the order's currency.
    """

    _name = "sop.remedy"
    _description = "SOP Remedy"
    _inherit = ["sop.guard.mixin"]
    _order = "id desc"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    line_id = fields.Many2one(
        "sale.order.line", "Order Line", readonly=True, ondelete="set null", index="btree_not_null"
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    kind = fields.Selection(KINDS, "Decision", required=True, readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    qty = fields.Float(
        "Quantity",
        digits="Product Unit",
        readonly=True,
        help="What is replenished, taken, shipped at once, replaced or not delivered any more.",
    )
    rest_qty = fields.Float(
        "Rest", digits="Product Unit", readonly=True, help="What follows, of an order shipped in parts."
    )
    old_date = fields.Datetime("Promised Before", readonly=True)
    new_date = fields.Datetime("Expected Now", readonly=True, help="What the decision makes of the date.")
    substitute_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    price_unit = fields.Float("Price of the Substitute", digits="Product Price", readonly=True)
    price_difference = fields.Monetary(readonly=True, help="What the order costs more, or less, without taxes.")
    other_order_id = fields.Many2one("sale.order", "Taken From", readonly=True, ondelete="set null", index=True)
    other_line_id = fields.Many2one("sale.order.line", "Line Taken From", readonly=True, ondelete="set null")
    other_date = fields.Datetime(
        "Other Order Expected", readonly=True, help="When the other order gets its goods now. Empty: it is short."
    )
    document = fields.Char(readonly=True, help="The purchase, manufacturing order or transfer that was made for it.")
    document_model = fields.Char(readonly=True)
    document_id = fields.Many2oneReference("Document ID", model_field="document_model", readonly=True)
    reason = fields.Text(readonly=True)
    decided_at = fields.Datetime("Decided", required=True, readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    asked_at = fields.Datetime("Asked", readonly=True)
    reminded_at = fields.Datetime("Reminded", readonly=True)
    next_at = fields.Datetime("Next Message", readonly=True)
    told = fields.Integer("Messages Sent", readonly=True, help="1: the question, 2: the reminder, 3: the alert.")
    answer = fields.Selection(ANSWERS, readonly=True)
    answered_at = fields.Datetime("Answered", readonly=True)
    answered_by = fields.Char(readonly=True)
    answer_note = fields.Text("Customer's Words", readonly=True)
    done_at = fields.Datetime("Carried Out On", readonly=True)
    problem = fields.Text("Why Not Carried Out", readonly=True)
    seen = fields.Char(readonly=True, help="Hash of what the line said as it was decided.")

    consequence = fields.Text(compute="_compute_consequence", compute_sudo=True)
    question = fields.Text(
        "Question to the Customer", compute="_compute_question", compute_sudo=True, help="In his words, nothing else."
    )
    may_act = fields.Boolean(compute="_compute_may_act")

    _open_unique = models.UniqueIndex(
        "(line_id) WHERE state IN ('draft', 'asked')", "There is already an open decision on this line."
    )
    _next_idx = models.Index("(next_at) WHERE state = 'asked'")

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends_context("lang")
    @api.depends("order_id", "product_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for remedy in self.sudo():  # who sees a remedy may know what it is on
            remedy.display_name = (
                f"{remedy.order_id.name}: {remedy.product_id.display_name} ({kinds.get(remedy.kind, '')})"
            )

    @api.depends_context("lang", "tz")
    @api.depends("kind", "qty", "rest_qty", "new_date", "substitute_id", "other_order_id", "other_date", "document")
    def _compute_consequence(self):
        for remedy in self:
            kind = self.env["sop.engine.remedy"]._get_kind(remedy.kind)
            remedy.consequence = kind is not None and kind._get_consequence(remedy)

    @api.depends_context("lang", "tz")
    @api.depends("kind", "qty", "rest_qty", "new_date", "substitute_id", "price_difference")
    def _compute_question(self):
        for remedy in self:
            kind = self.env["sop.engine.remedy"]._get_kind(remedy.kind)
            remedy.question = kind is not None and kind._get_question(remedy)

    @api.depends_context("uid")
    @api.depends("state", "kind", "order_id")
    def _compute_may_act(self):
        rights = self.env["sop.engine.remedy.command"]
        for remedy in self:
            remedy.may_act = remedy.state in OPEN_STATES and rights._may_decide(remedy.order_id, remedy.kind)

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_cancel(self, reason=None):
        """Withdraw the open decisions in ``self``; for those who may decide so.

        :param str reason: optional; it is kept in the log
        :raise UserError: for one that is over; AccessError for everybody else
        """
        self.env["sop.engine.remedy.command"]._withdraw_by_hand(plain(self), text(self.env, reason))
        return True

    def action_carry_out(self):
        """Carry the open decisions in ``self`` out that could not be when they were decided or answered.

        :raise UserError: when it still cannot be, or the customer has not answered; AccessError for who may not
        """
        self.env["sop.engine.remedy.command"]._carry_out(plain(self))
        return True

    def action_answer(self, answer=None, note=None):
        """Enter what the customer of the one open question in ``self`` said by telephone, say.

        :param str answer: ``agreed`` or ``refused``
        :param str note: his words, required
        """
        self.env["sop.engine.remedy.command"]._answer_by_hand(plain(self), answer, text(self.env, note))
        return True

    # -- business methods ----------------------------------------------------------------------------------------------

    def _get_log(self):
        """Return what the log says of the one remedy in ``self``."""
        data = {
            "remedy": self.id,
            "kind": self.kind,
            "line": self.line_id.id,
            "product": self.product_id.id,
            "qty": self.qty,
            "rest": self.rest_qty,
            "old_date": self.old_date and self.old_date.isoformat(),
            "new_date": self.new_date and self.new_date.isoformat(),
            "substitute": self.substitute_id.id,
            "price_difference": self.price_difference,
            "other_order": self.other_order_id.id,
            "document": self.document,
            "note": self.reason,
        }
        return {key: value for key, value in data.items() if value}
