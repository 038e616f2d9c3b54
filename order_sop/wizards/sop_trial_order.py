from odoo import fields, models

from ..engine.arguments import plain
from ..engine.windows import form_of


class SopTrialOrder(models.TransientModel):
    """An order that a tried draft would not let on, and why."""

    _name = "sop.trial.order"
    _inherit = "sop.rows.mixin"
    _description = "Trial of a Draft: Order"
    _rec_name = "order_id"
    _order = "id"

    trial_id = fields.Many2one("sop.trial", required=True, readonly=True, ondelete="cascade", index=True)
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one(related="order_id.partner_id")
    stage_id = fields.Many2one("sop.stage", "First in Stage", readonly=True, ondelete="cascade")
    is_new = fields.Boolean("New", readonly=True, help="The version that it ran by would let it through.")
    reason = fields.Text("Why", readonly=True)

    def action_open_order(self):
        """Open the order of the one line in ``self``, as far as the user may read it."""
        line = plain(self)
        line.ensure_one()
        line.check_access("read")
        line.order_id.check_access("read")
        return form_of(line.order_id)
