from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.arguments import plain, text
from ..rules.kits import get_parts, get_whole

SOLUTIONS = [
    ("refund", "Refund"),
    ("replace", "Replacement"),
    ("repair", "Repair"),
    ("voucher", "Voucher"),
    ("goodwill", "Partial Refund"),
    ("none", "Nothing"),
]
FIXED_FIELDS = {"case_id", "order_line_id", "part_id", "qty", "lot_id"}
AGREED_FIELDS = {"solution", "exchange_product_id", "agreed_amount"}
GRANTED = ("voucher", "goodwill")


class SopCaseLine(models.Model):
    """What of an order a case is about: so much of one of its lines, why it comes back, and what becomes of it."""

    _name = "sop.case.line"
    _description = "SOP Case Line"
    _inherit = ["sop.guard.mixin"]
    _order = "case_id, sequence, id"
    _rec_name = "product_id"
    _sop_owned_fields = {
        *("restock_qty", "scrap_qty", "repair_qty", "inspected_at", "inspected_by_id", "document_ids"),
        # computed, and what approvals and reports rest on
        *("refund_amount", "product_id", "product_uom_id", "cause", "company_id", "partner_id"),
        *("credit_cost", "repair_cost", "freight_cost"),
    }

    case_id = fields.Many2one("sop.case", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="case_id.partner_id", store=True, index=True)
    currency_id = fields.Many2one(related="case_id.currency_id")
    sequence = fields.Integer(default=10)
    order_line_id = fields.Many2one("sale.order.line", required=True, ondelete="restrict", index=True)
    part_id = fields.Many2one(
        "product.product",
        ondelete="restrict",
        index="btree_not_null",
        help="Where only a part of what was sold as a kit comes back. The quantity is then the part's.",
    )
    product_id = fields.Many2one("product.product", compute="_compute_product_id", store=True, index=True)
    qty = fields.Float("Quantity", digits="Product Unit", required=True, default=1.0)
    product_uom_id = fields.Many2one("uom.uom", "Unit", compute="_compute_product_id", store=True)
    lot_id = fields.Many2one("stock.lot", "Lot or Serial Number", ondelete="restrict", index="btree_not_null")
    reason_id = fields.Many2one("sop.case.reason", ondelete="restrict", index="btree_not_null")
    cause = fields.Selection(related="reason_id.cause", store=True)
    note = fields.Char()
    solution = fields.Selection(SOLUTIONS, help="What becomes of it; agreed on when the case is assessed.")
    exchange_product_id = fields.Many2one(
        "product.product",
        "Replaced By",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: by the same. Another product goes by an order of its own; the difference is billed or credited.",
    )
    agreed_amount = fields.Monetary(
        help="What is granted, taxes included, where it is not simply the price of the goods."
    )
    refund_amount = fields.Monetary(
        "To Give Back",
        compute="_compute_refund_amount",
        store=True,
        help="What was paid for it, taxes included, where it is refunded; else what is granted.",
    )

    delivered_on = fields.Date(compute="_compute_window", compute_sudo=True)
    return_until = fields.Date("Can Be Returned Until", compute="_compute_window", compute_sudo=True)
    warranty_until = fields.Date(compute="_compute_window", compute_sudo=True)
    in_window = fields.Boolean("In Time", compute="_compute_window", compute_sudo=True)

    document_ids = fields.One2many("sop.case.document", "line_id", "Documents", readonly=True)
    received_qty = fields.Float("Came Back", digits="Product Unit", compute="_compute_received_qty", compute_sudo=True)
    uninspected_qty = fields.Float(
        "To Inspect", digits="Product Unit", compute="_compute_uninspected_qty", compute_sudo=True
    )
    restock_qty = fields.Float("To Stock", digits="Product Unit", readonly=True)
    scrap_qty = fields.Float("Scrapped", digits="Product Unit", readonly=True)
    repair_qty = fields.Float("To Repair", digits="Product Unit", readonly=True)
    inspected_at = fields.Datetime("Inspected On", readonly=True)
    inspected_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    inspection_note = fields.Char()

    _qty_positive = models.Constraint("CHECK (qty > 0)", "The quantity that comes back has to be more than nothing.")
    _amount_positive = models.Constraint("CHECK (agreed_amount >= 0)", "What is granted cannot be negative.")

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends("order_line_id", "part_id")  # what was delivered stays what it was: no write of order lines asks here
    def _compute_product_id(self):
        for line in self:
            line.product_id = line.part_id or line.order_line_id.product_id
            line.product_uom_id = line.part_id.uom_id or line.order_line_id.product_uom_id

    @api.depends("qty", "solution", "agreed_amount", "part_id", "exchange_product_id", "order_line_id")
    def _compute_refund_amount(self):
        # by the price that was billed, or else is to be: see _sop_refresh
        for line in self:
            credited = line.solution == "refund" or (line.solution == "replace" and line.exchange_product_id)
            if line.agreed_amount and (line.solution in GRANTED or line.part_id):
                amount = line.agreed_amount
            elif not line.part_id and (credited or line.solution == "voucher"):
                order_line = line.order_line_id.sudo()  # what was paid, for whoever may write the case
                amount = self.env["sop.engine.case.money"]._get_unit_price(order_line) * line.qty
            else:
                amount = 0.0
            line.refund_amount = line.currency_id.round(amount) if line.currency_id else amount

    @api.depends("order_line_id", "part_id", "qty", "lot_id")
    def _compute_window(self):
        self.env["sop.engine.case.limits"]._fill_windows(self)

    @api.depends("document_ids.picking_id.state", "document_ids.stock_move_id.state")
    def _compute_received_qty(self):
        for line in self:
            line.received_qty = line._count_goods(line._get_received_moves())

    @api.depends("received_qty", "restock_qty", "scrap_qty", "repair_qty")
    def _compute_uninspected_qty(self):
        for line in self:
            rest = line.received_qty - line.restock_qty - line.scrap_qty - line.repair_qty
            line.uninspected_qty = max(line.product_uom_id.round(rest), 0.0) if line.product_uom_id else rest

    def _get_received_moves(self):
        """Return the done moves by which goods of the one line in ``self`` came back."""
        moves = self.document_ids.filtered(lambda link: link.kind == "return")._get_moves()
        return moves.filtered(lambda move: move.state == "done")

    def _count_goods(self, moves):
        """Return how much of the one line in ``self`` the return ``moves`` bring, in its unit; of a kit, whole ones."""
        parts = {} if self.part_id or not moves else get_parts(self.order_line_id)
        quantities = defaultdict(float)
        for move in moves:
            unit = move.product_id.uom_id if parts else self.product_uom_id
            quantities[move.product_id] += move.product_uom._compute_quantity(
                move.quantity if move.state == "done" else move.product_uom_qty, unit, rounding_method="HALF-UP"
            )
        return get_whole(parts, quantities) if parts else sum(quantities.values())

    @api.depends("product_id", "qty")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.qty:g} {line.product_uom_id.name or ''} {line.product_id.display_name}"

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_editable()
        self.env["sop.engine.case.limits"]._check(lines)
        lines._sop_mark()
        return lines

    def write(self, vals):
        if not FIXED_FIELDS.isdisjoint(vals):
            self._check_editable()
        elif not AGREED_FIELDS.isdisjoint(vals):
            self._check_editable(("return", "scrap"))  # coming back settles nothing yet
        self._sop_mark()
        result = super().write(vals)
        if "solution" in vals:
            self.env["sop.engine.case.goods"]._set_credited(self)
        if not FIXED_FIELDS.isdisjoint(vals):
            self._check_editable()
            self.env["sop.engine.case.limits"]._check(self)
        self._sop_mark()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fixed(self):
        self._check_editable()
        self._sop_mark()

    def _check_editable(self, but=()):
        """Raise where documents were made for a line in ``self``, or its case is over: what they rest on stays.

        :param but: kinds of documents that do not count
        """
        for line in self.sudo():  # how it stands, for whoever may write the line
            if any(link._is_live() for link in line.document_ids if link.kind not in but):
                raise UserError(
                    self.env._("%s: documents were made for it, so it cannot be changed any more.", line.display_name)
                )
            if line.case_id.state not in (False, "open"):  # False: it is just being made
                raise UserError(self.env._("%s is not open (any more): reopen it first.", line.case_id.name))

    def _get_links(self, kind):
        """Return the links to the living documents of one ``kind`` that were made for the one line in ``self``."""
        return self.document_ids.filtered(lambda link: link.kind == kind and link._is_live())

    def _sop_is_credited(self):
        """Tell whether a credit note of the quantity follows for the one line in ``self``, or as much is sent anew:
        then what came back was not delivered. What is granted, or repaired, leaves the order as it was delivered."""
        return self.solution in (False, "refund", "replace") and not self.part_id

    def _sop_refresh(self):
        """Find anew what the lines in ``self`` are to give back: they may have been billed meanwhile."""
        self.env.add_to_compute(self._fields["refund_amount"], self)
        self.mapped("refund_amount")

    def _sop_mark(self):
        self.env["sop.engine.evaluation"]._mark(self.case_id, "content")

    @api.constrains("solution", "exchange_product_id", "agreed_amount", "part_id")
    def _check_solution(self):
        for line in self:
            if line.solution in GRANTED and line.solution == "goodwill" and not line.agreed_amount:
                raise ValidationError(self.env._("%s: say how much is granted.", line.display_name))
            if line.solution == "refund" and line.part_id and not line.agreed_amount:
                raise ValidationError(
                    self.env._("%s is a part of a kit: say how much is given back for it.", line.display_name)
                )

    # -- actions -------------------------------------------------------------------------------------------------------

    def action_inspect(self, restock_qty=0.0, scrap_qty=0.0, repair_qty=0.0, note=None):
        """Say what becomes of the goods of the one line in ``self`` that came back; for members of the departments that
        take goods back or inspect them.

        :param float restock_qty: goes (or stays) in stock
        :param float scrap_qty: is scrapped at once
        :param float repair_qty: is repaired
        :param str note: what was found
        """
        line = plain(self)
        line.ensure_one()
        quantities = {"restock_qty": restock_qty, "scrap_qty": scrap_qty, "repair_qty": repair_qty}
        self.env["sop.engine.case.inspect"]._inspect(line, quantities, text(self.env, note))
        return True

    def action_open_inspection(self):
        """Open the dialog that asks what was found of the one line in ``self``."""
        line = plain(self)
        line.ensure_one()
        line.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_case_inspection_action")
        return action | {"name": f"{action['name']} – {line.display_name}", "context": {"default_line_id": line.id}}
