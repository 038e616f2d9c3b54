from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.arguments import text


class SopHandover(models.TransientModel):
    """Hands all open work of somebody who leaves to a colleague, or to whom it is routed to; tells what became of each.

    For SOP managers, and for members of a department as far as its work goes.
    """

    _name = "sop.handover"
    _description = "Hand Over All Work"

    user_id = fields.Many2one(
        "res.users", "Work Of", required=True, context={"active_test": False}, help="Who leaves. He may be archived."
    )
    receiver = fields.Selection(
        [("user", "To one colleague"), ("routing", "As new work is assigned")], "Goes", required=True, default="routing"
    )
    receiver_id = fields.Many2one("res.users", "Colleague")
    department_ids = fields.Many2many("sop.department", string="Departments", help="Empty: of all departments.")
    reason = fields.Text(required=True)
    order_count = fields.Integer("Open Orders and Cases", compute="_compute_order_count")
    line_ids = fields.One2many("sop.handover.line", "handover_id", "What Became of Each", readonly=True)

    @api.depends("user_id", "department_ids")
    def _compute_order_count(self):
        for wizard in self:
            domain = [("assigned_id", "=", wizard.user_id.id)]
            if wizard.department_ids:
                domain.append(("department_id", "in", wizard.department_ids.ids))
            counts = self.env["sop.work"]._read_group(domain, [], ["order_id:count_distinct", "case_id:count_distinct"])
            wizard.order_count = sum(counts[0]) if wizard.user_id else 0

    def action_confirm(self):
        """Hand the work over, each order independently, and show what became of each."""
        self.ensure_one()
        self.check_access("write")
        receiver = self.receiver_id if self.receiver == "user" else self.env["res.users"]
        if self.receiver == "user" and not receiver:
            raise UserError(self.env._("Choose the colleague who gets the work."))
        results = self.env["sop.engine.assignment"]._hand_over_all(
            self.user_id, receiver, self.department_ids, text(self.env, self.reason)
        )
        lines = [
            {
                "handover_id": self.id,
                share.order._sop_link: share.order.id,
                "department_id": share.department.id,
                "user_id": user.id if user else False,
                "refusal": refusal,
            }
            for share, user, refusal in results
        ]
        self.env["sop.handover.line"].sudo().create(lines)  # what became of it is nobody's to write
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_handover_action")
        return action | {"res_id": self.id}
