from contextlib import nullcontext

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..engine.guard import is_unattended
from .account_move import BILLING_TYPES

CONTENT_FIELDS = {
    "partner_id",
    "partner_invoice_id",
    "partner_shipping_id",
    "payment_term_id",
    "pricelist_id",
    "currency_id",
    "order_line",
    "client_order_ref",
    "commitment_date",
    "note",
    "incoterm",
    "incoterm_location",
    "fiscal_position_id",
}
GATE_FIELDS = {"state", "locked", "date_order"}


class SaleOrder(models.Model):
    """The order walks through the SOP; its gates stand where its state changes."""

    _name = "sale.order"
    _inherit = ["sale.order", "sop.flow.mixin"]

    _sop_link = "order_id"

    sop_visit_ids = fields.One2many(
        "sop.visit", "order_id", "Visits", copy=False, readonly=True, groups="order_sop.group_user"
    )
    sop_check_ids = fields.One2many(
        "sop.check", "order_id", "Checks", copy=False, readonly=True, groups="order_sop.group_user"
    )
    sop_hold_ids = fields.One2many(
        "sop.hold", "order_id", "Holds", copy=False, readonly=True, groups="order_sop.group_user"
    )
    sop_alert_ids = fields.One2many(
        "sop.alert", "order_id", "Alerts", copy=False, readonly=True, groups="order_sop.group_user"
    )
    _sop_open_idx = models.Index("(sop_status, sop_stage_id) WHERE sop_status IN ('running', 'waiting', 'on_hold')")
    # those confirmed long after they were entered, see the settlement's scope
    _sop_late_idx = models.Index(
        "(date_order, create_date) WHERE (date_order < create_date + interval '7 days') IS NOT TRUE"
    )

    # -- CRUD: the confirm and close gates, and what marks an order for evaluation -------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        may_be_beyond = any(vals.get("state") == "sale" or vals.get("locked") for vals in vals_list) or (
            not {"state", "locked"}.isdisjoint(self.env["ir.default"]._get_model_defaults(self._name))
            or not {"default_state", "default_locked"}.isdisjoint(self.env.context)
        )
        # made beyond a gate: undone as a whole when that is closed, even if the caller goes on after the error
        with self.env.cr.savepoint() if may_be_beyond else nullcontext():
            orders = super().create(vals_list)
            self.env["sop.engine.evaluation"]._mark(orders, "new")
            if may_be_beyond:
                orders._sop_enforce(orders.filtered(lambda order: order.state == "sale"), orders.filtered("locked"))
        return orders

    def write(self, vals):
        confirming = vals.get("state") == "sale" and self.filtered(lambda order: order.state != "sale")
        locking = vals.get("locked") and self.filtered(lambda order: not order.locked)
        self._sop_check_company(vals)
        moved = "company_id" in vals and self.filtered(lambda order: order._sop_comes_over(vals["company_id"]))
        if "user_id" in vals:
            self._sop_keep_sellers(vals["user_id"])
        reopened = vals.get("state", "cancel") != "cancel" and self.filtered(lambda order: order.state == "cancel")
        gated = confirming or locking
        mixed = gated and not GATE_FIELDS.issuperset(vals)
        if gated:
            self.check_access("write")  # what is missing is told to nobody else
        if reopened:
            self.env["sop.engine.evaluation"]._flush()  # the cancellation, when it was in this very transaction
        # What is written along with the state comes first, is judged too, and is undone with it.
        with self.env.cr.savepoint() if mixed else nullcontext():
            if mixed:
                self.write({name: value for name, value in vals.items() if name not in GATE_FIELDS})
                vals = {name: value for name, value in vals.items() if name in GATE_FIELDS}
            if gated:
                # Asked before the write: an error that somebody catches must leave no order behind the gate.
                self._sop_enforce(confirming, locking)
            promises = self._sop_get_promises(vals)
            result = super().write(vals)
        if promises:
            self.env["sop.engine.promise"]._keep(promises)
        self.env["sop.engine.evaluation"]._mark(self, not CONTENT_FIELDS.isdisjoint(vals) and "content")
        if moved:
            self.env["sop.engine.evaluation"]._mark(moved, "new")
        if reopened:
            self.env["sop.engine.reaction"]._reopen(reopened)
        return result

    def _sop_check_company(self, vals):
        """Raise when orders under a process are to go to another company: their process and checks belong to this."""
        if "company_id" in vals:
            staying = self.filtered(lambda order: order.sop_process_id and order.company_id.id != vals["company_id"])
            if staying:
                raise UserError(
                    self.env._(
                        "%s is under an SOP and stays with its company: cancel it and enter it in the other one.",
                        staying[0].display_name,
                    )
                )

    def _sop_comes_over(self, company_id):
        """Tell whether the one order in ``self`` is new to the company with ``company_id``, and not confirmed yet."""
        return self.company_id.id != company_id and self.state != "sale" and not self.sop_process_id

    def unlink(self):
        gone = [(order, "deleted", {}) for order in self.sudo() if order.sop_process_id]  # whether there is one
        self.env["sop.engine.log"]._append(gone)
        result = super().unlink()
        self.env["sop.engine.evaluation"]._unmark(self)
        return result

    def _sop_enforce(self, confirming, locking):
        """Let orders that are about to be confirmed or locked pass their gates, or raise."""
        for gate, orders in (("confirm", confirming), ("close", locking)):
            if orders:
                self.env["sop.engine.gate"]._enforce(orders, gate)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        # Readers (legal, purchasing …) work in the SOP panel: buttons of the order that could only fail are not theirs.
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and not self.has_access("write"):
            for button in arch.xpath("//header//button[@type='object' and @name!='preview_sale_order']"):
                button.getparent().remove(button)
        return arch, view

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        return (*super()._get_view_cache_key(view_id, view_type, **options), self.has_access("write"))

    # -- paths without a person ----------------------------------------------------------------------------------------

    def action_confirm(self):
        if not is_unattended(self.env):
            return super().action_confirm()
        self.env["sop.engine.gate"]._confirm_or_hold(self, "payment", lambda order: super().action_confirm())
        return True

    def _validate_order(self):  # pylint: disable=missing-return
        """Portal signature and web shop: an order that may not be confirmed is kept, held and explained instead."""
        self.env["sop.engine.gate"]._confirm_or_hold(self, "signature", lambda order: super()._validate_order())

    def _should_be_locked(self):
        # The “lock confirmed sales” setting must not jump over the close gate of an order's process.
        return super()._should_be_locked() and not (self.sop_process_id and self._sop_gate_closed("close"))

    def _sop_gate_closed(self, gate):
        """Tell whether ``gate`` of the one order in ``self`` is closed."""
        return bool(self.env["sop.engine.gate"]._gate_reasons(self, gate))

    def _sop_sight_domain(self):
        return self.env["sop.engine.access"]._get_order_domain()

    # -- what the order tells the engine -------------------------------------------------------------------------------

    def _sop_state(self):
        return {"sale": "confirmed", "cancel": "cancelled"}.get(self.state, "open")

    def _sop_deliveries(self):
        # A transfer that also carries goods of another order belongs to that one only: the moves tell.
        # Iterated, not filtered: filtered recordsets would be read one order at a time.
        picking_ids = {}
        for order in self:
            if order.state == "sale":
                moves = (*order.picking_ids.move_ids, *order.order_line.move_ids)
                picking_ids[order] = {move.picking_id.id for move in moves if move._sop_is_leaving()} - {False}
        together = set().union(*picking_ids.values())
        pickings = self.env["stock.picking"]
        return {order: pickings.browse(sorted(ids)).with_prefetch(together) for order, ids in picking_ids.items()}

    def _sop_invoices(self):
        return {
            order: order.order_line.invoice_lines.move_id.filtered(lambda move: move.move_type in BILLING_TYPES)
            for order in self
        }

    def _sop_awaits(self, scope):
        if scope == "invoice":
            invoices = self._sop_invoices().get(self, ())
            return self.amount_total > 0 and not any(move.state != "cancel" for move in invoices)
        live = any(picking.state != "cancel" for picking in self._sop_deliveries().get(self, ()))
        return not live and any(
            line.product_id.type == "consu" and line.product_uom_qty > line.qty_delivered for line in self.order_line
        )

    def _sop_tell_hold(self, hold):
        admin = self.env.ref("base.user_admin", raise_if_not_found=False) or self.env["res.users"]
        candidates = self.user_id + self.sop_department_id.lead_id + admin
        user = candidates.filtered(lambda user: user.active and self.company_id in user.company_ids)[:1]
        self.activity_schedule("order_sop.mail_activity_hold", user_id=user.id, note=plaintext2html(hold.reason))

    def _sop_log_values(self):
        return {"order_id": self.id, "order_name": self.name, "company_id": self.company_id.id}
