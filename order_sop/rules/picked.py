from odoo import models
from odoo.tools import LazyTranslate

from .sop_rule import AWAITED, WRONG
from .texts import quantity_text

_lt = LazyTranslate(__name__)


class SopRulePicked(models.AbstractModel):
    """The delivery has been picked as demanded, or it is decided what becomes of the rest.

    As in Odoo's own validation a move counts as picked once it is marked so; what is merely reserved does not count.
    A shortage is decided

    - by the type of operation, where that always or never makes a backorder,
    - by the person who validates and has answered Odoo's question (Odoo then sets ``skip_backorder`` in the context;
      whoever forges the key gets the backorder that Odoo makes without asking, and cannot ship what is not picked),
    - by validation: a done delivery holds, the rest is in its backorder or cancelled.

    A transfer that was split beforehand demands less afterwards and so agrees with itself.
    """

    _name = "sop.rule.picked"
    _inherit = "sop.rule"
    _description = "Picked as ordered, or backorder decided"

    _scopes = ("delivery",)
    _reasons = {
        "not_picked": (
            AWAITED,
            _lt("Delivery %(delivery)s is not picked yet: Warehouse picks it and marks its products as picked."),
        ),
        "short": (
            AWAITED,
            _lt(
                "Delivery %(delivery)s: still to be picked: %(products)s. Warehouse picks it, or validates the "
                "delivery and decides about a backorder."
            ),
        ),
        "too_much": (
            WRONG,
            _lt(
                "Delivery %(delivery)s: more picked than ordered: %(products)s. Warehouse puts it back, or Sales "
                "raises the quantity on the order."
            ),
        ),
    }

    def _evaluate(self, checks):
        return {check: self._judge(check.picking_id) for check in checks}

    def _judge(self, delivery):
        moves = [  # a list keeps what each move knows of the batch
            move
            for move in delivery.move_ids
            if move.state not in ("done", "cancel") and move.location_dest_usage != "inventory"
        ]
        if not moves:
            return None
        picked = {move: move._get_picked_quantity() if move.picked else 0 for move in moves}
        differences = {move: move.product_uom.round(picked[move] - move.product_uom_qty) for move in moves}
        too_much = [quantity_text(m.product_id, d, m.product_uom) for m, d in differences.items() if d > 0]
        short = [quantity_text(m.product_id, -d, m.product_uom) for m, d in differences.items() if d < 0]
        if too_much:
            return self._reason("too_much", delivery=delivery.name, products=too_much)
        if not any(picked.values()):
            return self._reason("not_picked", delivery=delivery.name)
        asks = delivery.picking_type_id.create_backorder == "ask"
        if short and asks and not self.env.context.get("skip_backorder"):
            return self._reason("short", delivery=delivery.name, products=short)
        return None
