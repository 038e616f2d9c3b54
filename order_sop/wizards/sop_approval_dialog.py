from odoo import api, fields, models
from odoo.exceptions import UserError

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
            for approval in dialog.line_ids.approval_id:
                present = approval.flow.sop_stage_id
                stages |= present.process_id.stage_ids.filtered(lambda s, present=present: s._is_before(present))
            dialog.allowed_stage_ids = stages

    @api.model
    def _open(self, approvals, operation, seen=None):
        """Return a new dialog for ``operation`` on ``approvals``, which remembers what their orders say now.

        :param seen: fingerprint of what the one order said when the user read it
        :raise UserError: for an operation that is none
        """
        approvals.check_access("read")
        if operation not in dict(OPERATIONS):
            raise UserError(self.env._("“%s”: this cannot be done with an approval.", operation))
        dialog = self.create({"operation": operation})
        # only made here, for approvals that the user may read: what the lines show is read for him
        self.env["sop.approval.dialog.line"].sudo().create(
            [
                {
                    "dialog_id": dialog.id,
                    "approval_id": approval.id,
                    "seen": (len(approvals) == 1 and seen) or approval.seen,
                }
                for approval in approvals
            ]
        )
        return dialog

    def _get_title(self):
        """Return what the one dialog in ``self`` is called: what is done, and with which order where it is one."""
        title = dict(self._fields["operation"]._description_selection(self.env))[self.operation]
        approvals = self.line_ids.approval_id
        return f"{title} – {approvals.display_name}" if len(approvals) == 1 else title

    def action_confirm(self):
        """Do what the dialog asks for; where that fails for some of several, stay open and tell what became of each."""
        self.ensure_one()
        approvals = self.line_ids.approval_id
        if self.operation == "add":
            approvals.action_add_approver(self.user_id.id, self.where, self.comment)
        elif self.operation == "recall":
            approvals.action_recall(self.comment)
        elif self.operation == "transfer":
            return self._finish(approvals.action_transfer(self.user_id.id, self.comment))
        else:
            seen = {str(line.approval_id.id): line.seen for line in self.line_ids}
            return self._finish(approvals.action_decide(self.operation, self.comment, self.stage_id.id, seen))
        return {"type": "ir.actions.act_window_close"}

    def _finish(self, results):
        """Return what the client does after the approvals had these ``results``: close, or show them."""
        reasons = {result["id"]: result["reason"] for result in results}
        for line in self.line_ids.sudo():  # what became of the user's own decision
            line.result = reasons.get(line.approval_id.id)
        if not any(reasons.values()):
            return {"type": "ir.actions.act_window_close"}
        self.finished = True
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_approval_dialog_action")
        return action | {"res_id": self.id, "name": self._get_title()}
