from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, babel_locale_parse

from ..engine.arguments import existing, plain, text
from ..models.sop_flow_mixin import STATUSES

KINDS = [
    ("manual", "To tick"),
    ("auto", "To be made true"),
    ("ask", "To ask for"),
    ("approval", "To decide"),
    ("stage", "To complete"),
]
# A line's id: that of its check, visit or approval, made apart by its rest.
CHECK, VISIT, APPROVAL = range(3)
OPEN_ORDER = SQL("o.sop_status IN ('running', 'waiting', 'on_hold')")
OPEN_CHECK = SQL("c.state IN ('pending', 'failed') AND NOT c.superseded")


class SopWork(models.Model):
    """All that somebody has to do now: a line for each open check, each stage that waits for *Complete*, and each
    approval that waits for a decision. Read from what the engine keeps; the buttons call its own actions.
    """

    _name = "sop.work"
    _description = "SOP Work"
    _auto = False
    _order = "deadline, id"
    _rec_name = "order_id"
    _depends = {
        "sale.order": ["sop_status", "sop_stage_id", "sop_visit_id", "sop_deadline", "sop_entered_at", "partner_id"],
        "sop.approval": ["state", "check_id", "order_id", "department_id", "opened_at"],
        "sop.check": ["state", "superseded", "stage_id", "assigned_id", "department_id", "asked_at", "recalled"],
        "sop.checkpoint": ["kind", "blocking", "evidence_required"],
        "sop.stage": ["auto_advance"],
        "sop.visit": ["user_id", "department_id", "returned", "left_at"],
    }

    order_id = fields.Many2one("sale.order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
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
    invoice_id = fields.Many2one("account.move", "Invoice", readonly=True)
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
        "For Me",
        compute="_compute_for_me",
        search="_search_for_me",
        help="Mine, that of somebody whom I stand in for, my departments' that nobody has, and what I am to decide.",
    )
    may_take = fields.Boolean(compute="_compute_for_me")
    my_department = fields.Boolean("My Department's", compute="_compute_my_department", search="_search_my_department")

    # -- the query -----------------------------------------------------------------------------------------------------

    @property
    def _table_query(self):
        return SQL(" UNION ALL ").join(
            (
                self._get_checks_query(),
                self._get_requests_query(),
                self._get_stages_query(),
                self._get_approvals_query(),
            )
        )

    @api.model
    def _get_query(self, part, **columns):
        """Return the SELECT of one kind of lines, all columns in one order; ``from`` tells where they come from."""
        shared = {
            "order_id": SQL("o.id"),
            "partner_id": SQL("o.partner_id"),
            "company_id": SQL("o.company_id"),
            "process_id": SQL("o.sop_process_id"),
            "sop_status": SQL("o.sop_status"),
            "check_id": SQL("NULL::int"),
            "approval_id": SQL("NULL::int"),
            "picking_id": SQL("NULL::int"),
            "invoice_id": SQL("NULL::int"),
            "assigned_id": SQL("NULL::int"),
            "visit_id": SQL("o.sop_visit_id"),
            "blocking": SQL("TRUE"),
            "evidence_required": SQL("FALSE"),
            "since": SQL("o.sop_entered_at"),
            "deadline": SQL("o.sop_deadline"),
        }
        source = columns.pop("source")
        columns = dict(sorted((shared | columns).items()))
        return SQL(
            "SELECT %s::bigint * 3 + %s AS id, %s FROM %s",
            columns.pop("id"),
            part,
            SQL(", ").join(SQL("%s AS %s", value, SQL.identifier(name)) for name, value in columns.items()),
            source,
        )

    @api.model
    def _get_checks_query(self):
        """Open checks of the present stage, or of deliveries and invoices; approvals have lines of their own."""
        timed = "deadline" in self.env["sop.check"]._fields
        return self._get_query(
            CHECK,
            id=SQL("c.id"),
            check_id=SQL("c.id"),
            stage_id=SQL("c.stage_id"),
            department_id=SQL("c.department_id"),
            assigned_id=SQL("c.assigned_id"),
            picking_id=SQL("c.picking_id"),
            invoice_id=SQL("c.invoice_id"),
            visit_id=SQL("c.visit_id"),
            kind=SQL("p.kind"),
            blocking=SQL("COALESCE(p.blocking, FALSE)"),
            evidence_required=SQL("COALESCE(p.evidence_required, FALSE)"),
            deadline=SQL("LEAST(c.deadline, o.sop_deadline)") if timed else SQL("o.sop_deadline"),
            source=SQL(
                "sop_check c JOIN sale_order o ON o.id = c.order_id JOIN sop_checkpoint p ON p.id = c.checkpoint_id"
                " WHERE %s AND %s AND (c.stage_id = o.sop_stage_id OR c.picking_id IS NOT NULL OR c.invoice_id IS NOT NULL)"
                " AND p.kind <> 'approval'",
                OPEN_CHECK,
                OPEN_ORDER,
            ),
        )

    @api.model
    def _get_requests_query(self):
        """Approvals of the present stage that nobody has asked for yet: for who has the stage to do."""
        return self._get_query(
            CHECK,
            id=SQL("c.id"),
            check_id=SQL("c.id"),
            stage_id=SQL("c.stage_id"),
            department_id=SQL("v.department_id"),
            assigned_id=SQL("v.user_id"),
            kind=SQL("'ask'"),
            blocking=SQL("COALESCE(p.blocking, FALSE)"),
            source=SQL(
                "sop_check c JOIN sale_order o ON o.id = c.order_id AND o.sop_stage_id = c.stage_id"
                " JOIN sop_checkpoint p ON p.id = c.checkpoint_id AND p.kind = 'approval'"
                " JOIN sop_visit v ON v.id = o.sop_visit_id"
                " WHERE %s AND c.asked_at IS NULL AND %s",
                OPEN_CHECK,
                OPEN_ORDER,
            ),
        )

    @api.model
    def _get_stages_query(self):
        """Present stages that somebody has to complete, and on which no blocking check is open."""
        return self._get_query(
            VISIT,
            id=SQL("v.id"),
            stage_id=SQL("v.stage_id"),
            department_id=SQL("v.department_id"),
            assigned_id=SQL("v.user_id"),
            kind=SQL("'stage'"),
            source=SQL(
                "sop_visit v JOIN sale_order o ON o.sop_visit_id = v.id AND o.id = v.order_id"
                " JOIN sop_stage s ON s.id = v.stage_id"
                " WHERE v.left_at IS NULL AND %s AND (v.returned OR NOT COALESCE(s.auto_advance, FALSE))"
                " AND NOT EXISTS (SELECT FROM sop_check c JOIN sop_checkpoint p ON p.id = c.checkpoint_id"
                "  WHERE c.order_id = o.id AND %s AND p.blocking)",
                OPEN_ORDER,
                OPEN_CHECK,
            ),
        )

    @api.model
    def _get_approvals_query(self):
        return self._get_query(
            APPROVAL,
            id=SQL("a.id"),
            approval_id=SQL("a.id"),
            check_id=SQL("a.check_id"),
            stage_id=SQL("c.stage_id"),
            department_id=SQL("a.department_id"),
            kind=SQL("'approval'"),
            since=SQL("a.opened_at"),
            source=SQL(
                "sop_approval a JOIN sop_check c ON c.id = a.check_id JOIN sale_order o ON o.id = a.order_id"
                " WHERE a.state = 'open' AND c.state = 'pending' AND %s",
                OPEN_ORDER,
            ),
        )

    # -- computes ------------------------------------------------------------------------------------------------------

    @api.depends_context("lang")
    @api.depends("check_id", "approval_id", "visit_id")
    def _compute_texts(self):
        missing = self.env["sop.panel"]._get_missing(self.order_id)
        for work in self:
            work.document = work.picking_id.display_name or work.invoice_id.display_name or False
            if work.kind == "approval":
                work.name = work.approval_id._get_step_name()
                work.missing = work.approval_id.changes or work.check_id.reason
            elif work.kind == "stage":
                work.name = self.env._("Complete “%s”", work.stage_id.name)
                work.missing = "\n".join(text for text, _who in missing.get(work.order_id, ())) or False
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
        people, mine = self._get_my_people(), self.env["sop.department"]._get_my_ids()
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
        mine = self.env["sop.department"]._get_my_ids()
        free = (
            Domain("assigned_id", "=", False) & Domain("department_id", "in", mine) & Domain("kind", "!=", "approval")
        )
        approvals = self.env["sop.approval"]._search([("for_me", "=", True)])
        domain = Domain("assigned_id", "in", self._get_my_people()) | free | Domain("approval_id", "in", approvals)
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
            return work.order_id.with_context(sop_stage=work.stage_id.id).action_sop_complete()
        return work.action_open()

    def action_open(self):
        """Open the delivery or invoice of the one line in ``self``, or its order."""
        work = plain(self)._get_one()
        record = work.picking_id or work.invoice_id or work.order_id
        return self._get_form(record if record.has_access("read") else work.order_id)

    def action_open_order(self):
        """Open the order of the one line in ``self``."""
        return self._get_form(plain(self)._get_one().order_id)

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

    @api.model
    def _get_form(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [[False, "form"]],
        }

    def _get_one(self):
        """Return the one line in ``self``, or raise where it is done by now."""
        self.ensure_one()
        self.check_access("read")
        if not self.exists():
            raise UserError(self.env._("That is done already. Reload to see what is left."))
        return self
