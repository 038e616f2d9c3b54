from odoo import api, fields, models

from ..models.sop_statement import RESULTS

REFUSALS = [("before", "Has Got It Before"), ("nothing", "Nothing to State")]


class SopStatementDialogLine(models.TransientModel):
    """What became of one customer's statement."""

    _name = "sop.statement.dialog.line"
    _description = "Send Customer Statements: Result"

    dialog_id = fields.Many2one("sop.statement.dialog", required=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, ondelete="cascade")
    statement_id = fields.Many2one("sop.statement", readonly=True, ondelete="cascade")
    refusal = fields.Selection(REFUSALS, "Why Not", readonly=True)
    result = fields.Selection(RESULTS + REFUSALS[:1], compute="_compute_result")

    @api.depends("statement_id.result", "refusal")
    def _compute_result(self):
        for line in self:
            line.result = line.refusal or line.statement_id.result
