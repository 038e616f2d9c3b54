from odoo import fields, models


class SopHandoverLine(models.TransientModel):
    """What became of one order's work in a hand-over of all work."""

    _name = "sop.handover.line"
    _description = "Hand Over All Work: Result"

    handover_id = fields.Many2one("sop.handover", required=True, ondelete="cascade", index=True)
    order_id = fields.Many2one("sale.order", readonly=True, ondelete="cascade")
    case_id = fields.Many2one("sop.case", readonly=True, ondelete="cascade")
    department_id = fields.Many2one("sop.department", readonly=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Now Has It", readonly=True, ondelete="cascade")
    refusal = fields.Char("Why Not", readonly=True)
