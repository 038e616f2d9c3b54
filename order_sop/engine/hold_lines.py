from odoo import api, models
from odoo.exceptions import UserError


class SopEngineHoldLines(models.AbstractModel):
    """Holds on lines go along with what becomes of the lines."""

    _name = "sop.engine.hold.lines"
    _description = "SOP engine: holds on lines"

    @api.model
    def _follow(self, documents, journal):
        """Have open holds on lines of ``documents`` stop those lines too that have taken a product on hold since.

        Or the same goods would leave by a new line, or by one whose product was changed.
        """
        for hold in documents._sop_open_holds().filtered(lambda hold: hold._is_on_lines()):
            products, before = hold._get_held_products(), hold.lines_before
            fresh = (hold.order_id.order_line - hold.line_ids).filtered(
                lambda line, products=products, before=before: (
                    line.product_id.id in products and before.get(str(line.id)) != line.product_id.id
                )
            )
            if fresh:
                self.env["sop.engine.holds"]._add_lines(hold, fresh, journal)

    @api.model
    def _exceeds(self, line, goods):
        """Tell whether, with ``goods``, more would be billed, or leave, by the one order ``line`` than it is for, while
        another line with the same product is on hold.

        :param goods: lines of invoices, or stock moves, that want to pass
        """
        if goods._name == "account.move.line":
            billed = line.invoice_lines.filtered(lambda each: each.parent_state == "posted" or each in goods)
            quantity, limit = 0, max(line.product_uom_qty, line.qty_delivered)
            goods = [(each.product_uom_id, -each.move_id.direction_sign * each.quantity) for each in billed]
        else:
            quantity, limit = line.qty_delivered, line.product_uom_qty
            going = goods.filtered(lambda move: move.state != "done" and move.sale_line_id == line)
            goods = [(each.product_uom, each.quantity) for each in going if each.product_id == line.product_id]
        quantity += sum(
            (unit or line.product_uom_id)._compute_quantity(part, line.product_uom_id, round=False)
            for unit, part in goods
        )
        return line.product_uom_id.compare(quantity, limit) > 0

    @api.model
    def _check_not_held(self, lines):
        """Raise :class:`UserError` when one of ``lines`` is on hold: taken away, it would be on hold no more."""
        orders = lines.sudo().order_id.filtered("sop_process_id")  # whether there is a hold
        held = orders._sop_open_holds().line_ids & lines.sudo()  # as above
        if held:
            raise UserError(
                self.env._(
                    "%(line)s of %(order)s is on hold and cannot be taken away: release the hold first.",
                    line=held[0].display_name,
                    order=held[0].order_id.display_name,
                )
            )
