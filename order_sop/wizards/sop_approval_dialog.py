from odoo import api, fields, models

OPERATIONS = [
    ("approve", "Approve"),
    ("reject", "Reject"),
    ("return", "Return"),
    ("transfer", "Hand Over"),
    ("add", "Add an Approver"),
    ("recall", "Recall"),
]


class SopApprovalDialog(models.TransientModel):
    """Shows what is to be decided, asks for what belongs to the decision, and tells what became of each.

    It only forwards to the actions of ``sop.approval``, as the current user: they decide whether he may.
    """

    _name = "sop.approval.dialog"
    _description = "SOP Approval Dialog"

    operation = fields.Selection(OPERATIONS, required=True, readonly=True)
    line_ids = fields.One2many("sop.approval.dialog.line", "dialog_id", "Approvals", readonly=True)
    count = fields.Integer(compute="_compute_count")
    comment = fields.Text()
    stage_id = fields.Many2one("sop.stage", "Back To")
    allowed_stage_ids = fields.Many2many("sop.stage", compute="_compute_allowed_stage_ids")
    user_id = fields.Many2one("res.users", "Colleague", domain=[("share", "=", False)])
    where = fields.Selection([("before", "Before me"), ("after", "After me")], default="before")
    finished = fields.Boolean(readonly=True)
    failed_count = fields.Integer("Not Done", compute="_compute_count")
    has_changes = fields.Boolean(compute="_compute_count")

    @api.depends("line_ids.result")
    def _compute_count(self):
        for dialog in self:
            dialog.count = len(dialog.line_ids)
            dialog.failed_count = len(dialog.line_ids.filtered("result"))
            dialog.has_changes = any(dialog.line_ids.mapped("changes"))

    @api.depends("line_ids")
    def _compute_allowed_stage_ids(self):
        for dialog in self:
            stages = self.env["sop.stage"]
            for order in dialog.line_ids.approval_id.order_id:
                present = order.sop_stage_id
                stages |= order.sop_process_id.stage_ids.filtered(lambda s, present=present: s._is_before(present))
            dialog.allowed_stage_ids = stages

    @api.model
    def _open(self, approvals, operation):
        """Return a new dialog for ``operation`` on ``approvals``, which remembers what their orders say now."""
        approvals.check_access("read")
        lines = [
            {"approval_id": approval.id, "seen": approval.order_id.sudo()._sop_fingerprint()}  # a hash of what he sees
            for approval in approvals
        ]
        return self.create({"operation": operation, "line_ids": [(0, 0, line) for line in lines]})

    def _get_title(self):
        """Return what the one dialog in ``self`` is called."""
        return dict(self._fields["operation"]._description_selection(self.env))[self.operation]

    def action_confirm(self):
        """Do what the dialog asks for; where several are decided, stay open and tell what became of each."""
        self.ensure_one()
        approvals = self.line_ids.approval_id
        if self.operation == "transfer":
            approvals.action_transfer(self.user_id.id, self.comment)
        elif self.operation == "add":
            approvals.action_add_approver(self.user_id.id, self.where, self.comment)
        elif self.operation == "recall":
            approvals.action_recall(self.comment)
        else:
            return self._decide(approvals)
        return {"type": "ir.actions.act_window_close"}

    def _decide(self, approvals):
        """Decide ``approvals`` and return what the client does next: close, or show the results."""
        seen = {str(line.approval_id.id): line.seen for line in self.line_ids}
        results = approvals.action_decide(self.operation, self.comment, self.stage_id.id, seen)
        reasons = {result["id"]: result["reason"] for result in results}
        for line in self.line_ids:
            line.result = reasons.get(line.approval_id.id)
        if not any(reasons.values()):
            return {"type": "ir.actions.act_window_close"}
        self.finished = True
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_approval_dialog_action")
        return action | {"res_id": self.id, "name": self._get_title()}
