from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.arguments import plain, text
from .sop_flow_mixin import SopFlowMixin

KINDS = [
    ("return", "Return of Goods"),
    ("exchange", "Exchange"),
    ("repair", "Repair"),
    ("complaint", "Complaint"),
    ("question", "Question"),
]
WITH_GOODS = ("return", "exchange", "repair")
STATES = [("open", "Open"), ("refused", "Refused"), ("closed", "Closed"), ("cancelled", "Cancelled")]
CHANNELS = [("office", "Entered by us"), ("portal", "Customer portal"), ("mail", "Mail")]
WISHES = [
    ("refund", "Money Back"),
    ("replace", "Another One"),
    ("repair", "Repair"),
    ("answer", "An Answer"),
]
CONTENT_FIELDS = {"kind", "order_id", "partner_id", "wish", "goods_back", "line_ids", "promised_at", "state"}


class SopCase(models.Model):
    """What a customer comes back with after the sale: a return, an exchange, a repair, a complaint or a question.

    It walks through a process of its own, by the same engine as orders; what solves it are Odoo's own documents.
    """

    _name = "sop.case"
    _description = "SOP After-Sales Case"
    _inherit = ["portal.mixin", "mail.thread.main.attachment", "mail.activity.mixin", "sop.flow.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _sop_link = "case_id"
    _sop_owned_fields = SopFlowMixin._sop_owned_fields | {
        "name",
        "state",
        "channel",
        "refusal",
        "closed_at",
        "answered_at",
        "answered_by_id",
        "answer_worked_hours",
        "solution_worked_hours",
        "agreed_at",
        "agreed_by_id",
        "document_ids",
        "sop_approval_ids",
        "refund_amount",
    }

    name = fields.Char("Number", readonly=True, copy=False)
    kind = fields.Selection(KINDS, required=True, default="return", tracking=True)
    state = fields.Selection(STATES, readonly=True, copy=False, tracking=True)
    channel = fields.Selection(CHANNELS, readonly=True, copy=False)
    order_id = fields.Many2one(
        "sale.order", check_company=True, ondelete="restrict", index="btree_not_null", tracking=True
    )
    picking_id = fields.Many2one(
        "stock.picking", "Delivery", check_company=True, ondelete="restrict", index="btree_not_null"
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="restrict", index=True, tracking=True
    )
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company, copy=False
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    subject = fields.Char()
    description = fields.Text("What Happened")
    wish = fields.Selection(WISHES, "Customer Wants")
    goods_back = fields.Boolean(
        "Goods Come Back",
        compute="_compute_goods_back",
        store=True,
        readonly=False,
        tracking=True,
        help="Whether goods have to come back before it is solved: not where a refund or a repair there is enough.",
    )
    promised_at = fields.Datetime(
        "Solution Promised For", help="By when the customer was promised a solution.", copy=False
    )
    line_ids = fields.One2many("sop.case.line", "case_id", "Goods", copy=False)
    action_ids = fields.One2many("sop.corrective.action", "case_id", "Corrective Actions", copy=False)
    refusal = fields.Text("Why Refused", readonly=True, copy=False)
    closed_at = fields.Datetime("Closed On", readonly=True, copy=False)
    answered_at = fields.Datetime("First Answer", readonly=True, copy=False)
    answered_by_id = fields.Many2one("res.users", "First Answer By", readonly=True, copy=False, ondelete="set null")
    agreed_at = fields.Datetime("Customer Agreed On", readonly=True, copy=False)
    agreed_by_id = fields.Many2one("res.partner", readonly=True, copy=False, ondelete="set null")

    _name_unique = models.UniqueIndex("(name, company_id)", "There is already a case with this number.")
    _sop_open_idx = models.Index("(sop_status, sop_stage_id) WHERE sop_status IN ('running', 'waiting', 'on_hold')")

    # -- computes and constraints --------------------------------------------------------------------------------------

    @api.depends("order_id", "company_id")
    def _compute_currency_id(self):
        for case in self:
            case.currency_id = case.order_id.currency_id or case.company_id.currency_id

    @api.depends("kind")
    def _compute_goods_back(self):
        for case in self:
            case.goods_back = case.kind in WITH_GOODS

    def _compute_access_url(self):
        for case in self:
            case.access_url = f"/my/cases/{case.id}"

    @api.onchange("order_id")
    def _onchange_order_id(self):
        if self.order_id:
            self.partner_id, self.company_id = self.order_id.partner_id, self.order_id.company_id

    @api.constrains("order_id", "partner_id", "company_id")
    def _check_order(self):
        for case in self.filtered("order_id"):
            order = case.order_id
            if order.partner_id.commercial_partner_id != case.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s is not an order of %(customer)s: choose the order, or the customer, anew.",
                        order=order.name,
                        customer=case.partner_id.display_name,
                    )
                )

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if order := self.env["sale.order"].browse(vals.get("order_id") or ()):
                order.check_access("read")
                vals["company_id"] = order.sudo().company_id.id  # read access was checked
                vals.setdefault("partner_id", order.sudo().partner_id.id)  # as above
        cases = super().create(vals_list)
        cases.order_id.check_access("read")  # by whatever way it came
        self.env["sop.engine.case"]._begin(cases)
        return cases

    def write(self, vals):
        if "company_id" in vals and any(case.company_id.id != vals["company_id"] for case in self):
            raise UserError(self.env._("A case stays with its company: cancel it and enter it in the other one."))
        orders = self.order_id if "order_id" in vals else self.env["sale.order"]
        if "order_id" in vals and any(case.line_ids and case.order_id.id != vals["order_id"] for case in self):
            raise UserError(
                self.env._("Goods of the order are on the case: take them off before you choose another order.")
            )
        result = super().write(vals)
        if "order_id" in vals:
            self.order_id.check_access("read")
        if not CONTENT_FIELDS.isdisjoint(vals):
            self.env["sop.engine.evaluation"]._mark(self, "content")
            self.env["sop.engine.evaluation"]._mark(orders | self.order_id)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What a customer came back with is not deleted: cancel the case, with a reason."))

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_refuse(self, reason=None):
        """Refuse what the customers of the cases in ``self`` want; for members of the department that has the case.

        :param str reason: required, told to the customer; None opens the dialog that asks
        """
        if reason is None:
            return self.env["sop.case.dialog"]._open("refuse", plain(self))
        self.env["sop.engine.case"]._refuse(plain(self), text(self.env, reason))
        return True

    def action_cancel(self, reason=None):
        """Cancel the cases in ``self``, which were entered in error, say; for members of the department that has it.

        :param str reason: required; None opens the dialog that asks
        """
        if reason is None:
            return self.env["sop.case.dialog"]._open("cancel", plain(self))
        self.env["sop.engine.case"]._cancel(plain(self), text(self.env, reason))
        return True

    def action_reopen(self, reason=None):
        """Take up again the cases in ``self``, which are closed, refused or cancelled; what was done stays.

        :param str reason: required; None opens the dialog that asks
        """
        if reason is None:
            return self.env["sop.case.dialog"]._open("reopen", plain(self))
        self.env["sop.engine.case"]._reopen(plain(self), text(self.env, reason))
        return True

    def action_agree(self):
        """Note that the customers of the cases in ``self`` said, on the phone for example, that they are solved."""
        self.env["sop.engine.case"]._agree_for(plain(self))
        return True

    def action_close(self):
        """Close the cases in ``self``; for members of the department that has it."""
        self.env["sop.engine.case"]._close(plain(self))
        return True

    def action_view_sop_visits(self):
        """Open the stages that the one case in ``self`` went through."""
        return self._get_own_action("sop_visit_action")

    def action_view_sop_events(self):
        """Open the log of the one case in ``self``."""
        return self._get_own_action("sop_event_action")

    def _get_own_action(self, name):
        self.ensure_one()
        self.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(f"order_sop.{name}") | {
            "domain": [("case_id", "=", self.id)],
            "context": {},
        }
