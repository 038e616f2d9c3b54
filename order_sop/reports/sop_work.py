from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import babel_locale_parse

from ..engine.arguments import existing, plain, text
from ..engine.windows import form_of
from ..models.sop_flow_mixin import STATUSES

KINDS = [
    ("manual", "To tick"),
    ("auto", "To be made true"),
    ("ask", "To ask for"),
    ("rejected", "To put right"),
    ("approval", "To decide"),
    ("stage", "To complete"),
]


class SopWork(models.Model):
    """All that somebody has to do now: a line for each open check, each stage that waits for *Complete*, and each
    approval that waits for a decision. Read from what the engine keeps; the buttons call its own actions.
    """

    _name = "sop.work"
    _description = "SOP Work"
    _inherit = ["sop.record.mixin", "sop.guard.mixin"]
    _auto = False
    _order = "deadline, id"
    _rec_name = "order_id"
    _depends = {
        "account.move": ["state"],
        "sale.order": [
            "sop_status",
            "sop_stage_id",
            "sop_visit_id",
            "sop_deadline",
            "sop_entered_at",
            "partner_id",
            "amount_total",
        ],
        "sale.order.line": ["product_id", "product_uom_qty", "qty_delivered", "invoice_lines"],
        "sop.approval": ["state", "check_id", "order_id", "case_id", "department_id", "opened_at"],
        "sop.case": ["sop_status", "sop_stage_id", "sop_visit_id", "sop_deadline", "sop_entered_at", "partner_id"],
        "sop.check": [
            "state",
            "superseded",
            "stage_id",
            "assigned_id",
            "department_id",
            "asked_at",
            "recalled",
            "deadline",
            "paused_at",
        ],
        "sop.checkpoint": ["kind", "blocking", "evidence_required", "scope"],
        "sop.stage": ["auto_advance"],
        "sop.visit": ["user_id", "department_id", "returned", "left_at"],
        "stock.picking": ["sale_id", "state"],
    }

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, compute=None, search=None, store=True)
    company_id = fields.Many2one("res.company", readonly=True)
    process_id = fields.Many2one("sop.process", readonly=True)
    stage_id = fields.Many2one("sop.stage", readonly=True)
    department_id = fields.Many2one("sop.department", readonly=True)
    assigned_id = fields.Many2one("res.users", "Assigned To", readonly=True)
    kind = fields.Selection(KINDS, "What to Do", readonly=True)
    check_id = fields.Many2one("sop.check", readonly=True)
    visit_id = fields.Many2one("sop.visit", readonly=True)
    approval_id = fields.Many2one("sop.approval", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Delivery", readonly=True)
    invoice_id = fields.Many2one("account.move", readonly=True)
    blocking = fields.Boolean(readonly=True, help="The order cannot go on without it. Otherwise it is a warning.")
    evidence_required = fields.Boolean("Needs a File", readonly=True)
    since = fields.Datetime(readonly=True)
    deadline = fields.Datetime(readonly=True)
    sop_status = fields.Selection(STATUSES, "Status", readonly=True)
    name = fields.Char("To Do", compute="_compute_texts", compute_sudo=True)
    missing = fields.Text("What Is Missing", compute="_compute_texts", compute_sudo=True)
    document = fields.Char(
        compute="_compute_texts", compute_sudo=True, help="The delivery or invoice, where it is one."
    )
    time_left = fields.Char(compute="_compute_time_left")
    late = fields.Boolean(compute="_compute_time_left", search="_search_late")
    for_me = fields.Boolean(
        compute="_compute_for_me",
        search="_search_for_me",
        help="Mine, that of somebody whom I stand in for, my departments' that nobody has, and what I am to decide.",
    )
    may_take = fields.Boolean(compute="_compute_for_me")
    my_department = fields.Boolean("My Department's", compute="_compute_my_department", search="_search_my_department")

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends_context("lang")
    @api.depends("check_id", "approval_id", "visit_id")
    def _compute_texts(self):
        missing = {}
        for part in self._by_model():
            missing |= self.env["sop.panel"]._get_missing(part.flow)
        for work in self:
            work.document = work.picking_id.display_name or work.invoice_id.display_name or False
            if work.kind == "approval":
                work.name = work.approval_id._get_step_name()
                work.missing = work.approval_id.changes or work.check_id.reason
            elif work.kind == "stage":
                work.name = self.env._("Complete “%s”", work.stage_id.name)
                work.missing = "\n".join(text for text, _who in missing.get(work.flow, ())) or False
            else:
                work.name = work.check_id.checkpoint_id.name
                work.missing = work.check_id.reason

    @api.depends_context("lang")
    @api.depends("deadline")
    def _compute_time_left(self):
        now, locale = self.env["sop.engine.clock"]._now(), babel_locale_parse(self.env.context.get("lang") or "en_US")
        for work in self:
            work.late = bool(work.deadline and work.deadline < now)
            work.time_left = work.deadline and format_timedelta(
                work.deadline - now, add_direction=True, threshold=1.2, locale=locale
            )

    def _search_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = Domain("deadline", "<", self.env["sop.engine.clock"]._now())
        return late if (operator == "in") == (True in value) else ~late

    @api.depends_context("uid")
    def _compute_for_me(self):
        people, mine = self._get_my_people(), self.env["sop.department"]._get_mine().ids
        for work in self:
            in_department = work.department_id.id in mine
            if work.kind == "approval":
                work.for_me, work.may_take = work.approval_id.for_me, False
            else:
                holder = work.assigned_id
                work.for_me = holder.id in people or (not holder and in_department)
                work.may_take = in_department and holder != self.env.user and (not holder or holder.id in people)

    def _search_for_me(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        mine = self.env["sop.department"]._get_mine().ids
        # columns and ids alone, which PostgreSQL takes to the indexes of each kind of lines; whose approvals they are
        # is said by the search itself, and what may be read by the rules of these lines
        free = Domain("assigned_id", "=", False) & Domain("department_id", "in", mine)
        approvals = self.env["sop.approval"].sudo().search([("for_me", "=", True)])
        domain = Domain("assigned_id", "in", self._get_my_people()) | Domain("approval_id", "in", approvals.ids)
        domain |= free & Domain("approval_id", "=", False)
        return domain if (operator == "in") == (True in value) else ~domain

    @api.model
    def _get_my_people(self):
        """Return the ids of the current user and of those for whom he stands in today."""
        absent = self.env["sop.engine.routing"]._get_absent()
        return [self.env.uid, *(user for user, delegates in absent.items() if self.env.uid in delegates)]

    @api.depends_context("uid")
    def _compute_my_department(self):
        mine = self.env["sop.department"]._get_my_ids()
        for work in self:
            work.my_department = work.department_id.id in mine

    def _search_my_department(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        mine = self.env["sop.department"]._get_my_ids()
        return [("department_id", "in" if (operator == "in") == (True in value) else "not in", mine)]

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_do(self):
        """Do the one line in ``self`` as the current user: tick the check (or ask for its file and note), ask for or
        open the approval, complete the stage, open the document that is to be put right.

        :raise UserError: when it is done already or cannot be done; AccessError for users who may not
        """
        work = plain(self)._get_one()
        if work.kind == "manual" and work.evidence_required:
            return work.check_id.with_context(sop_operation="pass").action_open_dialog()
        if work.kind == "manual":
            return work.check_id.action_pass()
        if work.kind == "ask":
            return work.check_id.action_ask()
        if work.kind == "approval":
            return work.approval_id.action_open_dialog()
        if work.kind == "stage":
            return work.flow.with_context(sop_stage=work.stage_id.id).action_sop_complete()
        return work.action_open()

    def action_open(self):
        """Open the delivery or invoice of the one line in ``self``, or its order or case."""
        work = plain(self)._get_one()
        record = work.picking_id or work.invoice_id or work.flow
        return form_of(record if record.has_access("read") else work.flow)

    def action_open_order(self):
        """Open the order, or the case, of the one line in ``self``."""
        return form_of(plain(self)._get_one().flow)

    def action_take(self):
        """Take the lines in ``self`` as a member of their department, with all that goes with them.

        :raise UserError: for what a colleague has who is there; AccessError for users of other departments
        """
        self.env["sop.engine.assignment"]._take(plain(self))
        return True

    def action_hand_over(self, receiver_id=None, reason=None):
        """Hand the lines in ``self`` to the colleague ``receiver_id`` of their department; he is told.

        :param int receiver_id: id of a ``res.users``; None opens the dialog that asks
        :param str reason: required
        """
        if receiver_id is None:
            action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_work_dialog_action")
            return action | {"context": {"default_work_ids": ",".join(map(str, plain(self).ids))}}
        user = existing(self.env["res.users"], receiver_id)
        self.env["sop.engine.assignment"]._hand_over(plain(self), user, text(self.env, reason))
        return True

    def _get_one(self):
        """Return the one line in ``self``, or raise where it is done by now."""
        self.ensure_one()
        self.check_access("read")
        if not self.exists():
            raise UserError(self.env._("That is done already. Reload to see what is left."))
        return self
