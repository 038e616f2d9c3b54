from odoo import api, fields, models

from ..engine.arguments import plain, text

OUTCOMES = [
    ("hand", "Released by hand"),
    ("condition", "Condition over"),
    ("expired", "Time over"),
    ("gate", "Gate passed"),
    ("answered", "Customer answered"),
    ("over", "Order finished or cancelled"),
]


class SopHold(models.Model):
    """A typed stop on an order that closes the gates of its type until it is released. Written by the engine alone."""

    _name = "sop.hold"
    _description = "SOP Hold"
    _inherit = ["sop.record.mixin", "sop.guard.mixin"]
    _order = "id desc"
    _rec_name = "type_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    type_id = fields.Many2one("sop.hold.type", required=True, readonly=True, ondelete="restrict")
    stops_clock = fields.Boolean(related="type_id.stops_clock")
    reason_data = fields.Json(readonly=True, help="Why it was set: gate reasons, as codes and data.")
    reason = fields.Text(compute="_compute_reason")
    note = fields.Text(readonly=True)
    automatic = fields.Boolean("Set by Itself", readonly=True)
    judged = fields.Char(
        readonly=True,
        help="Hash of what a hold set by itself was about: released by hand, it is not set for that again.",
    )
    line_ids = fields.Many2many("sale.order.line", string="Lines", readonly=True, ondelete="cascade")
    lines_before = fields.Json(
        "Lines as It Was Set",
        readonly=True,
        help="Product by line of the whole order: a line that takes a product on hold later is held as well.",
    )
    set_at = fields.Datetime(required=True, readonly=True)
    set_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    expires_at = fields.Datetime("Ends On", readonly=True)
    released_at = fields.Datetime(readonly=True)
    released_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    outcome = fields.Selection(OUTCOMES, "Why Over", readonly=True)
    release_reason = fields.Text(readonly=True)
    may_release = fields.Boolean(compute="_compute_may_release")

    _open_unique = models.UniqueIndex(
        "(order_id, type_id) WHERE released_at IS NULL", "This order already has an open hold of this type."
    )
    _open_case_unique = models.UniqueIndex(
        "(case_id, type_id) WHERE released_at IS NULL", "This case already has an open hold of this type."
    )
    _due_idx = models.Index("(expires_at) WHERE released_at IS NULL AND expires_at IS NOT NULL")
    _automatic_idx = models.Index("(order_id) WHERE released_at IS NULL AND automatic")
    _judged_idx = models.Index("(order_id) WHERE released_at IS NOT NULL AND judged IS NOT NULL")

    @api.depends_context("lang")
    @api.depends("reason_data", "note")
    def _compute_reason(self):
        gate = self.env["sop.engine.gate"]
        for hold in self:
            texts = [gate._reason_text(reason) for reason in hold.reason_data or []]
            hold.reason = "\n".join(filter(None, [hold.note, *texts]))

    @api.depends_context("uid")
    @api.depends("released_at", "type_id")
    def _compute_may_release(self):
        for hold in self:
            hold.may_release = not hold.released_at and hold.type_id._may_release(self.env.user)

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_release(self, reason=None):
        """Release the open holds in ``self``, each independently; for SOP managers and the departments of their types.

        :param str reason: required
        :return: ``[{"id", "name", "reason"}…]``, one for each: ``reason`` False where it was released
        :raise UserError: for a single one that cannot be released; AccessError for users who may not
        """
        engine, reason = self.env["sop.engine.holds"], text(self.env, reason)
        return [result for holds in plain(self)._by_model() for result in engine._release_by_hand(holds, reason)]

    def action_open_release(self):
        """Open the dialog that asks why the holds in ``self`` are released."""
        return self.env["sop.hold.dialog"]._open("release", hold_ids=plain(self))

    # -- business methods ----------------------------------------------------------------------------------------------

    def _is_on_lines(self):
        """Tell whether the one hold in ``self`` stops certain lines only."""
        return bool(self.lines_before)

    def _get_held_products(self):
        """Return the ids of the products that the one hold on lines in ``self`` is about."""
        before = self.lines_before or {}
        then = {before.get(str(line.id)) for line in self.line_ids}
        return (then | set(self.line_ids.product_id.ids)) - {None, False}

    def _stops(self, items, moves=None):
        """Tell whether the one hold in ``self`` stops deliveries or invoices.

        :param items: deliveries or invoices that want to pass, empty for goods without a delivery; None: the order as
            a whole
        :param moves: of these deliveries, the moves that are to be done; None: all
        """
        if items is None or not self._is_on_lines():
            return True
        # held goods are held whatever line they are linked to
        products = self._get_held_products()
        if items._name == "account.move":
            goods, link = items.line_ids, "sale_line_ids"
        else:
            present = items.move_ids.filtered(lambda move: move.state != "cancel")
            goods, link = (present if moves is None else moves), "sale_line_id"
        mine = goods[link] & self.order_id.order_line
        free = mine.filtered(lambda line: line.product_id.id in products)
        return any(
            line[link] & self.line_ids
            or (line.product_id.id in products and line.product_id not in line[link].product_id)
            for line in goods
        ) or any(self.env["sop.engine.hold.lines"]._exceeds(line, goods) for line in free)
