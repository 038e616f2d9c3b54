from odoo import api, fields, models, tools
from odoo.exceptions import MissingError
from odoo.fields import Domain

from ..engine.windows import form_of

KINDS = [
    ("return", "Goods Back"),
    ("scrap", "Scrapped"),
    ("replacement", "Replacement"),
    ("exchange", "Exchange Order"),
    ("refund", "Credit Note"),
    ("goodwill", "Partial Refund"),
    ("voucher", "Voucher"),
    ("repair", "Repair"),
    ("sent_back", "Back to the Customer"),
]
LINK_OF = {
    "stock.picking": "picking_id",
    "stock.move": "picking_id",
    "account.move": "move_id",
    "sale.order": "order_id",
    "repair.order": "repair_id",
}
LINKS = ("picking_id", "move_id", "repair_id", "order_id", "scrap_id")


class SopCaseDocument(models.Model):
    """What was made of Odoo's own documents for a case, or one of its lines. Written by the engine alone.

    The link is kept here and not on the documents: nothing is added to the tables of stock and accounting.
    """

    _name = "sop.case.document"
    _description = "SOP Document of a Case"
    _inherit = ["sop.guard.mixin"]
    _order = "id"
    _rec_name = "kind"

    case_id = fields.Many2one("sop.case", required=True, readonly=True, ondelete="cascade", index=True)
    line_id = fields.Many2one("sop.case.line", readonly=True, ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    picking_id = fields.Many2one("stock.picking", readonly=True, ondelete="cascade", index="btree_not_null")
    stock_move_id = fields.Many2one("stock.move", readonly=True, ondelete="cascade", index="btree_not_null")
    move_id = fields.Many2one("account.move", "Credit Note", readonly=True, ondelete="cascade", index="btree_not_null")
    repair_id = fields.Many2one("repair.order", readonly=True, ondelete="cascade", index="btree_not_null")
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="cascade", index="btree_not_null")
    scrap_id = fields.Many2one("stock.scrap", readonly=True, ondelete="cascade", index="btree_not_null")
    qty = fields.Float("Quantity", digits="Product Unit", readonly=True, help="In the unit of the case's line.")
    currency_id = fields.Many2one(related="case_id.currency_id")
    amount = fields.Monetary(readonly=True, help="Of a credit note: what it was made for. It is posted for no more.")
    document = fields.Char(compute="_compute_document", compute_sudo=True)
    is_done = fields.Boolean("Done", compute="_compute_document", compute_sudo=True)

    def _compute_document(self):
        for link in self:
            link.document, link.is_done = link._get_document().display_name, link._is_done()

    @api.model
    @tools.ormcache()
    def _are_there(self):
        """Tell whether there is any document of a case: without, nothing is looked up."""
        return bool(self.sudo().search_count([], limit=1))  # of anybody's

    @api.model_create_multi
    def create(self, vals_list):
        links = super().create(vals_list)
        if not self._are_there():
            self.env.registry.clear_cache()
        return links

    @api.model
    def _get_cases(self, changed):
        """Return the cases that documents of Odoo were made for, by one query, in superuser mode.

        :param changed: list of recordsets: those of other models than stock, sales, accounting and repair say nothing
        """
        cases = self.env["sop.case"].sudo()  # which they are; called by the engine
        if not self._are_there():
            return cases
        wanted = []
        for records in changed:
            name, records = LINK_OF.get(records._name), records.sudo()  # as above
            if name == "picking_id":
                try:
                    records = self._with_origins(self._get_pickings(records))
                except MissingError:  # moves that Odoo merged into others in this very transaction
                    records = self._with_origins(self._get_pickings(records.exists()))
            if name and records:
                wanted.append(Domain(name, "in", records.ids))
        if wanted:
            # whoever moves the goods
            cases = cases.union(*(link.case_id for link in self.sudo().search(Domain.OR(wanted))))
        if cases:  # a backorder of theirs may have come
            self.env["sop.case.line"].invalidate_model(["received_qty", "uninspected_qty"], flush=False)
        return cases

    @api.model
    def _get_pickings(self, records):
        return records.picking_id if records._name == "stock.move" else records

    @api.model
    def _with_origins(self, pickings):
        """Return ``pickings`` and those whose backorders they are: a document of a case may be done in several goes."""
        origins = pickings
        while origins := origins.backorder_id - pickings:
            pickings |= origins
        return pickings

    def _get_moves(self):
        """Return the stock moves of the links in ``self``, and what of them came, or is to come, by backorders."""
        moves, pickings = self.stock_move_id, self.picking_id
        if not pickings.backorder_ids:
            return moves
        # several lines of a case may wait for the rest of moves alike: backorders keep their sequence
        # whosever case it is
        alike = self.sudo().search([("picking_id", "in", pickings.ids), ("stock_move_id", "!=", False)], order="id")
        last = {link: link.stock_move_id for link in alike}
        came = {link: link._count(link.stock_move_id) for link in alike}
        while pickings := pickings.backorder_ids:
            rest = list(pickings.move_ids.sorted("id"))
            for link in alike:
                found = next((move for move in rest if _key(move) == _key(last[link])), None)
                if found and came[link] < link.qty:
                    rest.remove(found)
                    last[link], came[link] = found, came[link] + link._count(found)
                    moves |= found if link in self else moves.browse()
        return moves

    def _count(self, move):
        """Return how much the ``move`` of the one link in ``self`` has brought, in the unit of its line."""
        if move.state != "done":
            return 0.0
        unit = self.line_id.product_uom_id or move.product_uom
        return move.product_uom._compute_quantity(move.quantity, unit, rounding_method="HALF-UP")

    def _get_document(self):
        """Return what the one link in ``self`` leads to."""
        return next((self[name] for name in LINKS if self[name]), self.picking_id)

    def action_open(self):
        """Open what the one link in ``self`` leads to."""
        self.ensure_one()
        self.check_access("read")
        return form_of(self._get_document())

    def _is_live(self):
        """Tell whether what the one link in ``self`` leads to is there and not cancelled."""
        documents = self._get_moves() or self._get_document()
        return any(document.state != "cancel" for document in documents)

    def _is_done(self):
        """Tell whether what the one link in ``self`` leads to is done: moved, posted, confirmed or repaired."""
        documents = [one for one in self._get_moves() or self._get_document() if one.state != "cancel"]
        return bool(documents) and all(document.state in ("done", "posted", "sale") for document in documents)

    def _has_moved(self):
        """Tell whether anything of what the one link in ``self`` leads to is done, or under way with a repairer."""
        documents = self._get_moves() or self._get_document()
        return any(document.state in ("done", "posted", "sale", "under_repair") for document in documents)

    def _cancel_documents(self):
        """Cancel what the links in ``self`` lead to and nobody has done yet: it was for a case that is no more."""
        live = self.filtered(lambda link: link._is_live())
        live.move_id.button_cancel()
        live.repair_id.action_repair_cancel()
        live.order_id._action_cancel()
        (live.picking_id | live._get_moves().picking_id).filtered(lambda one: one.state != "cancel").action_cancel()


def _key(move):
    """Return what a move and the rest of it in a backorder have in common."""
    return move.product_id, move.sale_line_id, move.origin_returned_move_id
