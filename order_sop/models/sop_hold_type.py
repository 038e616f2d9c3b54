from odoo import api, fields, models
from odoo.exceptions import UserError

SYSTEM_CODES = ("payment", "signature", "invoice", "manual")


class SopHoldType(models.Model):
    """A kind of hold, and which gates it closes."""

    _name = "sop.hold.type"
    _description = "SOP Hold Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Stable name for the log and for the system's own holds.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    close_confirm = fields.Boolean("Closes Confirm")
    close_ship = fields.Boolean("Closes Ship")
    close_invoice = fields.Boolean("Closes Invoice")
    close_close = fields.Boolean("Closes Lock")
    stops_clock = fields.Boolean(help="Time limits of the order stand still while such a hold is open.")
    release_on_confirm = fields.Boolean(
        "Over When Confirmed", help="The hold only waits for the order to be confirmed and is released by that."
    )

    _code_unique = models.UniqueIndex("(code)", "There is already a hold type with this code.")

    def write(self, vals):
        if "code" in vals and any(hold_type.code in SYSTEM_CODES for hold_type in self):
            raise UserError(self.env._("The system itself sets holds of this type: its code has to stay."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_system(self):
        if any(hold_type.code in SYSTEM_CODES for hold_type in self):
            raise UserError(self.env._("The system itself sets holds of this type: archive it to hide it."))

    def _closes(self, gate):
        """Tell whether the one type in ``self`` closes ``gate`` (confirm, ship, invoice, close)."""
        return self[f"close_{gate}"]

    def _waits_for(self, gate):
        """Tell whether a hold of the one type in ``self`` is over as soon as its order has passed ``gate``."""
        return (gate == "confirm" and self.release_on_confirm) or (gate == "invoice" and self.code == "invoice")
