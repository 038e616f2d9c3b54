from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

DOING_FIELDS = {"done_on", "note"}


class SopCorrectiveAction(models.Model):
    """What is done so that it does not happen again: what, who, by when, and whether it helped."""

    _name = "sop.corrective.action"
    _description = "SOP Corrective Action"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "done_on desc nulls first, due_on, id"
    _check_company_auto = True

    name = fields.Char("What", required=True, tracking=True)
    case_id = fields.Many2one("sop.case", check_company=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    user_id = fields.Many2one("res.users", "Who", required=True, default=lambda self: self.env.user, tracking=True)
    due_on = fields.Date("By When", required=True, tracking=True)
    done_on = fields.Date(tracking=True)
    helped = fields.Selection(
        [("yes", "Yes"), ("partly", "Partly"), ("no", "No")], "Did It Help?", tracking=True, help="Looked at later."
    )
    note = fields.Text()
    is_late = fields.Boolean("Late", compute="_compute_is_late", search="_search_is_late")

    @api.depends("due_on", "done_on")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for action in self:
            action.is_late = not action.done_on and bool(action.due_on) and action.due_on < today

    def _search_is_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = fields.Domain("done_on", "=", False) & fields.Domain("due_on", "<", fields.Date.context_today(self))
        return late if (operator == "in") == (True in value) else ~late

    @api.constrains("helped", "done_on")
    def _check_helped(self):
        for action in self:
            if action.helped and not action.done_on:
                raise ValidationError(self.env._("“%s” is not done yet: whether it helped is seen later.", action.name))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("case_id"):
                case = self.env["sop.case"].browse(vals["case_id"])
                case.check_access("read")
                vals["company_id"] = case.company_id.id
        actions = super().create(vals_list)
        for action in actions:
            action._sop_tell()
        return actions

    def write(self, vals):
        self._sop_check_writer(vals)
        result = super().write(vals)
        if vals.get("done_on"):
            self.activity_feedback(["mail.mail_activity_data_todo"])
        elif not {"user_id", "due_on", "name"}.isdisjoint(vals):
            for action in self.filtered(lambda action: not action.done_on):
                action.activity_unlink(["mail.mail_activity_data_todo"])
                action._sop_tell()
        return result

    def _sop_check_writer(self, vals):
        """Raise :class:`AccessError` unless the user works where actions are decided, or says what he has done of his
        own."""
        deciding = ("after_sales", "customer_service", "manager")
        if self.env.su or any(self.env.user.has_group(f"order_sop.group_{name}") for name in deciding):
            return
        others = self.sudo().filtered(lambda action: action.user_id != self.env.user)  # whose they are
        if others or not DOING_FIELDS.issuperset(vals):
            raise AccessError(
                self.env._(
                    "Of your own corrective actions you say when they were done, and what came of it; After-Sales "
                    "decides on the rest."
                )
            )

    def _sop_tell(self):
        """Tell who has to do the one action in ``self``."""
        if not self.done_on:
            self.activity_schedule(
                "mail.mail_activity_data_todo", date_deadline=self.due_on, user_id=self.user_id.id, summary=self.name
            )
