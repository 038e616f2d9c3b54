from odoo import api, fields, models
from odoo.fields import Domain

SCOPES = [
    ("check", "This check only"),
    ("checkpoint", "This checkpoint, in later rounds of the order too"),
]
OUTCOMES = [
    ("changed", "Order changed"),
    ("expired", "Time over"),
    ("cycle", "New round"),
    ("cancelled", "Order cancelled"),
    ("moved", "Moved to another process"),
]


class SopWaiver(models.Model):
    """A deviation: a check that somebody passed over, why, for how long, and what was done meanwhile.

    Written by the engine alone and kept when it is over.
    """

    _name = "sop.waiver"
    _description = "SOP Deviation"
    _inherit = ["sop.record.mixin", "sop.guard.mixin"]
    _order = "id desc"
    _rec_name = "checkpoint_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    check_id = fields.Many2one(
        "sop.check", required=True, readonly=True, ondelete="cascade", index=True, help="The one that it now is for."
    )
    checkpoint_id = fields.Many2one("sop.checkpoint", required=True, readonly=True, ondelete="restrict")
    department_id = fields.Many2one("sop.department", required=True, readonly=True, ondelete="restrict")
    picking_id = fields.Many2one(related="check_id.picking_id")
    invoice_id = fields.Many2one(related="check_id.invoice_id")
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="set null")
    reason = fields.Text(required=True, readonly=True)
    reason_code = fields.Char(readonly=True)
    reason_data = fields.Json(readonly=True)
    missing = fields.Text("What Was Missing", compute="_compute_missing")
    scope = fields.Selection(SCOPES, "Passed Over", required=True, readonly=True)
    given_at = fields.Datetime("Since", required=True, readonly=True)
    expires_at = fields.Datetime("Until", readonly=True)
    ended_at = fields.Datetime("Over Since", readonly=True)
    outcome = fields.Selection(OUTCOMES, "Why Over", readonly=True)
    is_valid = fields.Boolean("In Force", compute="_compute_is_valid", search="_search_is_valid")
    gates = fields.Json(readonly=True, help="Gates that the order passed meanwhile, and when.")
    gates_text = fields.Char("Gates Passed Meanwhile", compute="_compute_gates_text")

    _open_unique = models.UniqueIndex("(check_id) WHERE ended_at IS NULL", "This check is passed over already.")
    _due_idx = models.Index("(expires_at) WHERE ended_at IS NULL AND expires_at IS NOT NULL")

    @api.depends_context("lang")
    @api.depends("check_id", "reason_code", "reason_data")
    def _compute_missing(self):
        for waiver in self:
            waiver.missing = waiver.check_id._get_open_text(waiver.reason_code, waiver.reason_data)

    @api.depends("ended_at", "expires_at")
    def _compute_is_valid(self):
        now = fields.Datetime.now()
        for waiver in self:
            waiver.is_valid = not waiver.ended_at and (not waiver.expires_at or waiver.expires_at > now)

    def _search_is_valid(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        endless = Domain("expires_at", "=", False) | Domain("expires_at", ">", fields.Datetime.now())
        domain = Domain("ended_at", "=", False) & endless
        return domain if (operator == "in") == (True in value) else ~domain

    @api.depends_context("lang")
    @api.depends("gates")
    def _compute_gates_text(self):
        stage = self.env["sop.stage"]
        for waiver in self:
            labels = [stage._gate_label(passed["gate"]) for passed in waiver.gates or ()]
            waiver.gates_text = ", ".join(dict.fromkeys(labels))
