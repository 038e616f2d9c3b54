from odoo import api, fields, models

from ..engine.arguments import plain


class SopHold(models.Model):
    """A typed stop on an order that closes the gates of its type until it is released. Written by the engine alone."""

    _name = "sop.hold"
    _description = "SOP Hold"
    _inherit = ["sop.guard.mixin"]
    _order = "id desc"
    _rec_name = "type_id"

    order_id = fields.Many2one("sale.order", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    type_id = fields.Many2one("sop.hold.type", required=True, readonly=True, ondelete="restrict")
    reason_data = fields.Json(readonly=True, help="Why it was set: gate reasons, as codes and data.")
    reason = fields.Text(compute="_compute_reason")
    note = fields.Text(readonly=True)
    set_at = fields.Datetime(required=True, readonly=True)
    set_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    released_at = fields.Datetime(readonly=True)
    released_by_id = fields.Many2one("res.users", readonly=True, ondelete="set null")

    _open_unique = models.UniqueIndex(
        "(order_id, type_id) WHERE released_at IS NULL", "This order already has an open hold of this type."
    )

    @api.depends_context("lang")
    @api.depends("reason_data", "note")
    def _compute_reason(self):
        gate = self.env["sop.engine.gate"]
        for hold in self:
            texts = [gate._reason_text(reason) for reason in hold.reason_data or []]
            hold.reason = "\n".join(filter(None, [hold.note, *texts]))

    def action_release(self):
        """Release the open holds in ``self``; for SOP managers."""
        self.env["sop.engine.holds"]._release_by_hand(plain(self))
        return True
