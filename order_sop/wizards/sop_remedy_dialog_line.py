from odoo import fields, models

from ..models.sop_remedy import KINDS


class SopRemedyDialogLine(models.TransientModel):
    """What would become of the line by one kind of decision, or why that is not possible."""

    _name = "sop.remedy.dialog.line"
    _description = "SOP Remedy Dialog Line"

    dialog_id = fields.Many2one("sop.remedy.dialog", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(KINDS, "Decision", required=True, readonly=True)
    possible = fields.Boolean(readonly=True)
    text = fields.Text("What Happens", readonly=True)
    asks = fields.Boolean("Asks Customer", readonly=True)
