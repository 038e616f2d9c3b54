from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine.arguments import plain
from ..engine.remedy_kind import NotChosen
from ..models.sop_remedy import KINDS
from ..rules.helpers import company_day


class SopRemedyDialog(models.TransientModel):
    """Shows what stock says of one order line and, for each decision, what it would bring about; takes the chosen one.

    It only forwards to the action of the line, as the current user: that decides whether he may.
    """

    _name = "sop.remedy.dialog"
    _description = "SOP Remedy Dialog"

    line_id = fields.Many2one("sale.order.line", "Order Line", required=True, readonly=True)
    order_id = fields.Many2one(related="line_id.order_id")
    product_id = fields.Many2one(related="line_id.product_id")
    product_uom_id = fields.Many2one(related="line_id.product_id.uom_id", string="Unit")
    currency_id = fields.Many2one(related="line_id.currency_id")
    seen = fields.Char(readonly=True)
    figures = fields.Text(compute="_compute_figures")
    option_ids = fields.One2many("sop.remedy.dialog.line", "dialog_id", "Decisions", readonly=True)
    kind = fields.Selection(KINDS, "Decision")
    qty = fields.Float("Quantity", digits="Product Unit")
    new_date = fields.Datetime()
    substitute_id = fields.Many2one(
        "product.product", domain="[('sale_ok', '=', True), ('type', '=', 'consu'), ('id', '!=', product_id)]"
    )
    price_unit = fields.Float("Price", digits="Product Price")
    price_set = fields.Boolean("Another Price")
    other_line_id = fields.Many2one("sale.order.line", "Take From")
    candidate_ids = fields.Many2many("sale.order.line", compute="_compute_candidate_ids")
    asks = fields.Boolean("Asks the Customer", compute="_compute_preview")
    possible = fields.Boolean(compute="_compute_preview")
    preview = fields.Text("What Happens", compute="_compute_preview")
    agreed = fields.Boolean(
        "The Customer Has Agreed", help="By telephone, say: he is not asked, and it is done at once."
    )
    reason = fields.Text()

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends_context("lang")
    @api.depends("line_id")
    def _compute_figures(self):
        for dialog in self:
            dialog.figures = "\n".join(dialog._get_figure_texts()) if dialog._get_line() else False

    def _get_figure_texts(self):
        """Return what stock says of the line of the one dialog in ``self``, a text for each figure."""
        line = self.env["sop.stock.line"].browse(self.line_id.ids).exists()
        if not line:
            return []
        fields_ = line._fields
        texts = []
        for name in ("ordered", "delivered", "on_hand", "reserved", "in_stock", "in_transit", "short"):
            if line[name] or name == "ordered":
                label = fields_[name]._description_string(self.env)
                texts.append(f"{label}: {line[name]:.10g} {line.product_uom_id.name}")
        for name in ("promised_at", "expected_at"):
            if line[name]:
                label = fields_[name]._description_string(self.env)
                texts.append(f"{label}: {format_date(self.env, company_day(line.company_id, line[name]))}")
        if line.incoming:
            texts.append(line.incoming)
        return texts

    @api.depends("line_id")
    def _compute_candidate_ids(self):
        take = self.env["sop.remedy.kind.take"].sudo()  # which are of orders that the user may see
        for dialog in self:
            line = dialog._get_line()
            dialog.candidate_ids = take._get_candidates(line) if line else line

    @api.depends_context("lang", "tz")
    @api.depends("kind", "new_date", "substitute_id", "price_unit", "price_set", "other_line_id", "qty")
    def _compute_preview(self):
        command = self.env["sop.engine.remedy.command"]
        for dialog in self:
            line = dialog._get_line()
            found = (False, False, False)
            if line and dialog.kind and not command._may_decide(line.order_id, dialog.kind):
                found = (False, command._get_right_text(line.order_id, dialog.kind), False)
            elif line and dialog.kind:
                found = self._get_option(line, dialog.kind, dialog._get_wishes())
            dialog.possible, dialog.preview, dialog.asks = found

    @api.onchange("kind")
    def _onchange_kind(self):
        self.new_date = self.substitute_id = self.other_line_id = self.price_set = False
        self.qty = self.price_unit = 0
        if self.kind == "reschedule":
            self.new_date = self.env["sop.engine.stock"]._get_figures(self.line_id._origin)[self.line_id._origin][
                "expected_at"
            ]

    # -- what is offered -----------------------------------------------------------------------------------------------

    @api.model
    def _open(self, line):
        """Return the action that opens a new dialog on the one ``line`` of the stock desk."""
        line.check_access("read")
        order_line = self.env["sale.order.line"].browse(line.id)
        command = self.env["sop.engine.remedy.command"]
        options = []
        for kind, _label in KINDS:
            if command._may_decide(line.order_id, kind):
                possible, text, asks = self._get_option(order_line.sudo(), kind, {})  # the user may read the order
                options.append({"kind": kind, "possible": possible is not None, "text": text, "asks": asks})
        if not options:
            raise UserError(self.env._("Nothing can be decided about %s by you.", line.order_id.display_name))
        dialog = self.create({"line_id": order_line.id})
        seen = command._get_fingerprint(order_line.sudo())  # as above
        vals = {"seen": seen, "option_ids": [(0, 0, option) for option in options]}
        dialog.sudo().write(vals)  # what was looked up for the user's own request
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_remedy_dialog_action")
        return action | {"res_id": dialog.id, "name": f"{line.order_id.name}: {line.product_id.display_name}"}

    @api.model
    def _get_option(self, line, kind, wishes):
        """Return what the decision ``kind`` on the one order ``line`` would do.

        :return: ``(possible, text, whether the customer is asked)``; possible is None when it is not at all, False when
            something has to be chosen first
        """
        model = self.env["sop.engine.remedy"]._get_kind(kind)
        model = model.sudo().with_company(line.company_id)  # for who may read the order
        try:
            vals = model._get_checked_vals(line, wishes)
        except NotChosen as error:
            return False, str(error), model._asks(line.order_id)
        except UserError as error:
            return None, str(error), False
        vals |= {"order_id": line.order_id.id, "line_id": line.id, "product_id": line.product_id.id, "kind": kind}
        virtual = self.env["sop.remedy"].sudo().new(vals)  # in memory only
        return True, model._get_consequence(virtual), model._asks(line.order_id)

    def _get_line(self):
        """Return the line of the one dialog in ``self`` in superuser mode, where the user may read its order."""
        line = self.line_id._origin
        order = line.sudo().order_id.with_env(self.env)  # which it is: asked next
        if not line or not order.has_access("read"):
            return line.browse()
        return line.sudo()  # checked above

    def _get_wishes(self):
        wishes = {
            "new_date": self.new_date,
            "substitute_id": self.substitute_id.id,
            "other_line_id": self.other_line_id._origin.id,
            "qty": self.qty,
        }
        wishes = {name: value for name, value in wishes.items() if value}
        return wishes | ({"price_unit": self.price_unit} if self.price_set else {})

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_confirm(self):
        """Take the chosen decision."""
        dialog = plain(self)
        dialog.ensure_one()
        line = self.env["sop.stock.line"].browse(dialog.line_id.ids)
        plain(line).action_decide(
            dialog.kind, dialog.reason, dialog._get_wishes(), agreed=dialog.agreed, seen=dialog.seen or None
        )
        return {"type": "ir.actions.act_window_close"}
