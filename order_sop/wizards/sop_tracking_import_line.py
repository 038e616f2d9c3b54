from odoo import fields, models


class SopTrackingImportLine(models.TransientModel):
    """A line of an imported file that was left out, and why."""

    _name = "sop.tracking.import.line"
    _description = "SOP Tracking Import Line"
    _order = "line"

    import_id = fields.Many2one("sop.tracking.import", required=True, readonly=True, ondelete="cascade")
    line = fields.Integer(readonly=True)
    number = fields.Char("Tracking Number", readonly=True)
    problem = fields.Char("Why", readonly=True)
