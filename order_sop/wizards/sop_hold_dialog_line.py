from odoo import fields, models


class SopHoldDialogLine(models.TransientModel):
    """What became of one of the orders, or holds, of the dialog."""

    _name = "sop.hold.dialog.line"
    _description = "SOP Hold Dialog Line"

    dialog_id = fields.Many2one("sop.hold.dialog", required=True, readonly=True, ondelete="cascade")
    name = fields.Char("Order", readonly=True)
    result = fields.Char("Why Not", readonly=True)
