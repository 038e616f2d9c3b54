from odoo import models


class SopEngineForecast(models.AbstractModel):
    """Odoo's forecast report, with lines that say no more than is needed: who counts what is Odoo's own, and whatever
    other addons make of it; what a line would print is left out, which is most of what a thousand of them cost."""

    _name = "sop.engine.forecast"
    _inherit = ["stock.forecasted_product_product"]
    _description = "SOP engine: Odoo's forecast"

    def _prepare_report_line(
        self,
        quantity,
        move_out=None,
        move_in=None,
        replenishment_filled=True,
        product=False,
        reserved_move=False,
        in_transit=False,
        read=True,
    ):
        product = product or (move_out or move_in).product_id
        return {
            "quantity": product.uom_id.round(quantity),
            "move_out": move_out,
            "move_in": move_in,
            "replenishment_filled": replenishment_filled,
            "reservation": bool(reserved_move),
            "in_transit": in_transit,
        }
