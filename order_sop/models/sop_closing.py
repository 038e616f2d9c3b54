from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..engine.arguments import plain, text
from ..engine.guard import is_engine

STATES = [
    ("draft", "Draft"),
    ("signing", "Being Signed"),
    ("half", "To Be Countersigned"),
    ("signed", "Signed"),
    ("reopened", "Reopened"),
]
OPEN_FIELDS = {"day", "company_id", "partner_id", "note"}


class SopClosing(models.Model):
    """What a company's orders, or those of one customer, had come to by the end of a day, signed by Finance.

    Signing freezes the ledger's row of each order in ``sop.closing.line``; nothing changes these ever after. A closing
    that is reopened stays as it was signed, and another one may be made for the same day. Drafts are Finance's; what
    comes behind is done by ``sop.engine.closing`` alone.
    """

    _name = "sop.closing"
    _description = "SOP Closing"
    _inherit = ["sop.guard.mixin"]
    _order = "day desc, id desc"
    _check_company_auto = True
    _sop_owned_fields = {
        "state",
        "signed_at",
        "signed_by_id",
        "countersigned_at",
        "countersigned_by_id",
        "reopened_at",
        "reopened_by_id",
        "reason",
        "hash",
        "partner_ref",
        "partner_name",
        "order_count",
        "line_count",
        "frozen_to",
        "outstanding_company",
        "last_move",
        "last_partial",
        "compared_at",
        "began_at",
        "last_order",
        "compare_all",
        "line_ids",
        "late_ids",
        "event_ids",
    }

    day = fields.Date(
        "As Of", required=True, copy=False, help="The last day of the period: what was booked by its end counts."
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('parent_id', '=', False)]",
        help="Only this customer's orders; empty: the whole company.",
    )
    partner_ref = fields.Integer(
        "Customer's Id",
        compute="_compute_partner_ref",
        store=True,
        precompute=True,
        copy=False,
        help="As it was signed: stays when the customer is merged into another contact.",
    )
    partner_name = fields.Char("Customer's Name", readonly=True, copy=False, help="As it was signed.")
    note = fields.Text()
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(STATES, required=True, readonly=True, default="draft", copy=False)
    signed_at = fields.Datetime("Signed On", readonly=True, copy=False)
    signed_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    countersigned_at = fields.Datetime("Countersigned On", readonly=True, copy=False)
    countersigned_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    reopened_at = fields.Datetime("Reopened On", readonly=True, copy=False)
    reopened_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    reason = fields.Text("Why It Was Reopened", readonly=True, copy=False)
    hash = fields.Char(readonly=True, copy=False, help="Over all that was signed: see docs/settlement.md.")
    order_count = fields.Integer("Orders to Sign", readonly=True, copy=False)
    line_count = fields.Integer("Orders", readonly=True, copy=False)
    progress = fields.Float("Frozen (%)", compute="_compute_progress")
    frozen_to = fields.Integer(readonly=True, copy=False, help="All orders up to this id are frozen.")
    outstanding_company = fields.Monetary("Outstanding", readonly=True, copy=False)
    last_move = fields.Integer(readonly=True, copy=False, help="The latest entry there was as it was signed.")
    last_partial = fields.Integer(readonly=True, copy=False, help="The latest reconciliation as it was signed.")
    compared_at = fields.Datetime("Last Compared", readonly=True, copy=False)
    began_at = fields.Datetime("Comparison Began", readonly=True, copy=False, help="Empty: it is not under way.")
    last_order = fields.Integer(readonly=True, copy=False, help="All orders up to this id are compared.")
    compare_all = fields.Boolean(
        "All Are Compared", readonly=True, copy=False, help="This time, not only orders with activity since the last."
    )
    line_ids = fields.One2many("sop.closing.line", "closing_id", readonly=True, copy=False)
    late_ids = fields.One2many("sop.late.entry", "closing_id", "Late Entries", readonly=True, copy=False)
    late_count = fields.Integer("Late Entries (Number)", compute="_compute_late_count")
    event_ids = fields.One2many("sop.settlement.event", "closing_id", "History", readonly=True, copy=False)

    _scope_unique = models.UniqueIndex(
        "(company_id, day, COALESCE(partner_ref, 0)) WHERE state <> 'reopened'",
        "There is a closing of that day already.",
    )

    @api.depends_context("lang")
    @api.depends("day", "partner_id", "partner_name", "company_id")
    def _compute_display_name(self):
        for closing in self:
            partner, company = closing.partner_id.sudo(), closing.company_id.sudo()  # whose closing may be read
            whose = closing.partner_name or partner.name or company.name
            closing.display_name = f"{format_date(self.env, closing.day)} · {whose}" if closing.day else whose

    @api.depends("partner_id")
    def _compute_partner_ref(self):
        for closing in self:
            closing.partner_ref = closing.partner_id.id if closing.state == "draft" else closing.partner_ref

    @api.depends("line_count", "order_count", "state")
    def _compute_progress(self):
        for closing in self:
            share = closing.line_count / closing.order_count if closing.order_count else 0
            closing.progress = min(100 * share, 100) if closing.state == "signing" else 100 * bool(closing.line_count)

    @api.depends("late_ids.state")
    def _compute_late_count(self):
        late = self.env["sop.late.entry"]._read_group(
            [("closing_id", "in", self.ids), ("state", "=", "open")], ["closing_id"], ["__count"]
        )
        counts = {closing.id: count for closing, count in late}
        for closing in self:
            closing.late_count = counts.get(closing.id, 0)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)  # which drops what the engine owns
        return values | {"state": "draft"} if "state" in fields else values

    def write(self, vals):
        """Refuse to change what is signed.

        :raise UserError: for closings that are no drafts
        """
        if not is_engine(self.env):
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        self._check_draft()

    def _check_draft(self):
        for closing in self.sudo():  # whoever may write it
            if closing.state == "signing":
                raise UserError(self.env._("“%s” is being signed: wait until it is done.", closing.display_name))
            if closing.state != "draft":
                raise UserError(self.env._("“%s” was signed: it does not change any more.", closing.display_name))

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for closing in self:
            partner = closing.partner_id.sudo()  # whoever may write the closing
            if partner != partner.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "A closing is of a company or person, not of a contact: choose “%s”.",
                        partner.commercial_partner_id.display_name,
                    )
                )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        self.partner_id = self.partner_id.commercial_partner_id

    # -- public API: buttons and RPC; each checks the caller's rights --------------------------------------------------

    def action_sign(self):
        """Sign the closings in ``self``: freeze what their orders have come to; for Finance. Many orders are frozen by
        a scheduled action, which tells when it is done. Where the company wants four eyes, another person
        countersigns."""
        closings = plain(self)
        closings.env["sop.engine.closing"]._sign(closings)
        return True

    def action_countersign(self):
        """Sign the closings in ``self`` as the second person; for Finance, not for whoever signed first."""
        closings = plain(self)
        closings.env["sop.engine.closing"]._countersign(closings)
        return True

    def action_reopen(self, reason=None):
        """Reopen the closings in ``self``; for the lead of Finance, and SOP managers who are of Finance.

        :param str reason: required
        """
        closings = plain(self)
        closings.env["sop.engine.closing"]._reopen(closings, text(self.env, reason))
        return True

    def action_compare(self):
        """Compare what was signed with what the ledger says today as of that day; for Finance. Many orders are compared
        by a scheduled action; then a notification says so."""
        closings = plain(self)
        if not closings.env["sop.engine.late"]._compare_now(closings):
            return True
        return _notify(closings.env._("There are many orders: they are compared in the background."), "info")

    def action_verify(self):
        """Tell whether the lines of the one closing in ``self`` are those that were signed; for who reads it."""
        closing = plain(self)
        closing.ensure_one()
        closing.check_access("read")
        intact = closing.env["sop.engine.closing"]._is_intact(closing)
        message = (
            self.env._("All lines are as they were signed.")
            if intact
            else self.env._("These lines are not what was signed: somebody changed them in the database.")
        )
        return _notify(message, "success" if intact else "danger", sticky=not intact)

    def action_open_dialog(self):
        """Open the dialog that asks why the closings in ``self`` are reopened."""
        closings = plain(self)
        closings.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("order_sop.sop_closing_dialog_action")
        return action | {"context": {"default_closing_ids": closings.ids}}

    def action_open_lines(self):
        """Open what was signed of the one closing in ``self``."""
        return self._open("order_sop.sop_closing_line_action")

    def action_open_late(self):
        """Open the late entries of the one closing in ``self``."""
        return self._open("order_sop.sop_late_entry_action")

    def _open(self, action):
        closing = plain(self)
        closing.ensure_one()
        closing.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(action) | {
            "domain": [("closing_id", "=", closing.id)],
            "context": {},
            "path": False,
        }


def _notify(message, kind, sticky=False):
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {"message": message, "type": kind, "sticky": sticky},
    }
