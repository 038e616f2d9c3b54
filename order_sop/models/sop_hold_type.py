from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError

SYSTEM_CODES = ("payment", "signature", "invoice", "manual", "blocked")
NOT_BY_HAND = ("payment", "signature", "invoice", "blocked")


class SopHoldType(models.Model):
    """A kind of hold: which gates it closes, who sets and releases it, when it comes and goes by itself."""

    _name = "sop.hold.type"
    _description = "SOP Hold Type"
    _inherit = ["sop.ruled.mixin", "sop.definition.mixin", "mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, tracking=True, copy=False, help="Stable name for the log and for the system's own holds."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    close_confirm = fields.Boolean("Closes Confirm", tracking=True)
    close_ship = fields.Boolean("Closes Ship", tracking=True)
    close_invoice = fields.Boolean("Closes Invoice", tracking=True)
    close_close = fields.Boolean("Closes Lock", tracking=True)
    close_take_back = fields.Boolean("Closes Taking Back", tracking=True, help="Of a case: no goods are taken back.")
    close_solve = fields.Boolean("Closes Solving", tracking=True, help="Of a case: nothing that solves it is made.")
    close_finish = fields.Boolean("Closes Closing", tracking=True, help="Of a case: it cannot be closed.")
    stops_clock = fields.Boolean(
        tracking=True, help="While it is on, the time limit of the order's stage does not run."
    )
    release_on_confirm = fields.Boolean(
        "Over When Confirmed", help="The hold only waits for the order to be confirmed and is released by that."
    )
    set_department_ids = fields.Many2many(
        "sop.department",
        "sop_hold_type_set_department_rel",
        string="Set By",
        tracking=True,
        help="Their members may put orders on hold. SOP managers always may.",
    )
    release_department_ids = fields.Many2many(
        "sop.department",
        "sop_hold_type_release_department_rel",
        string="Released By",
        tracking=True,
        help="Their members may release the hold. SOP managers always may.",
    )
    scope = fields.Selection(
        [("order", "The whole order"), ("lines", "Lines of the order")],
        "Holds",
        required=True,
        default="order",
        help="Lines: only deliveries and invoices with these are stopped, and what is about the order as a whole.",
    )
    expiry_hours = fields.Float("Ends After (h)", tracking=True, help="0: not before somebody releases it.")
    expiry_unit = fields.Selection(
        [("working", "Working hours"), ("calendar", "Hours")], "Counted In", required=True, default="working"
    )
    automatic = fields.Boolean(
        "Set by Itself",
        tracking=True,
        help="Whenever an order meets the condition: for these orders, and where a rule is given only where that finds "
        "something missing.",
    )
    auto_release = fields.Boolean(
        "Released by Itself", default=True, help="A hold that was set by itself ends as soon as its condition is over."
    )
    order_domain = fields.Char(tracking=True)
    rule = fields.Selection(tracking=True)

    _code_unique = models.UniqueIndex("(code)", "There is already a hold type with this code.")
    _expiry_positive = models.Constraint("CHECK(expiry_hours >= 0)", "A hold cannot end before it was set.")

    # -- constraints and onchanges -------------------------------------------------------------------------------------

    @api.constrains("automatic", "rule", "order_domain", "scope")
    def _check_condition(self):
        for hold_type in self:
            rule = hold_type._get_rule()
            if hold_type.rule and (rule is None or "order" not in rule._scopes):
                raise ValidationError(
                    self.env._("“%s”: only a rule that judges the order as a whole can set a hold.", hold_type.name)
                )
            if not hold_type.automatic:
                continue
            if rule is None and not hold_type._get_order_domain():
                raise ValidationError(
                    self.env._("“%s” is set by itself: choose a rule, or say for which orders.", hold_type.name)
                )
            if hold_type.scope == "lines" or hold_type.code in NOT_BY_HAND:
                raise ValidationError(
                    self.env._("“%s” cannot be set by itself: that is for holds on the whole order.", hold_type.name)
                )

    @api.model
    def _selection_rule(self):
        rules = self.env["sop.rule"]._all_rules()
        return [
            (code, label)
            for code, label in super()._selection_rule()
            if "order" in rules[code]._scopes and rules[code]._judges == "sale.order"
        ]

    # -- CRUD ----------------------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        types = super().create(vals_list)
        self.env["sop.process"]._forget()  # see _get_automatic_ids
        return types

    def copy_data(self, default=None):
        codes = {"code": f"{self[:1].code}_copy"} if len(self) == 1 else {}
        return super().copy_data(codes | (default or {}))

    def write(self, vals):
        if "code" in vals and any(hold_type.code in SYSTEM_CODES for hold_type in self):
            raise UserError(self.env._("The system itself sets holds of this type: its code has to stay."))
        result = super().write(vals)
        self.env["sop.process"]._forget()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_system(self):
        if any(hold_type.code in SYSTEM_CODES for hold_type in self):
            raise UserError(self.env._("The system itself sets holds of this type: archive it to hide it."))

    def unlink(self):
        result = super().unlink()
        self.env["sop.process"]._forget()
        return result

    # -- business methods ----------------------------------------------------------------------------------------------

    def _get_processes(self):
        return self.env["sop.process"]  # no part of a process: it may change at any time

    @api.model
    @tools.ormcache()
    def _get_automatic_ids(self):
        """Return the ids of the types in use that are set by themselves."""
        return tuple(self.sudo().search([("automatic", "=", True)]).ids)  # the same for everybody

    @api.model
    def _get_by_code(self, code):
        """Return the type with ``code``, whatever became of it: what has to be held is held."""
        types = self.sudo().with_context(active_test=False)  # configuration
        return types.search([("code", "=", code)], limit=1) or types.create({"name": code, "code": code})

    def _closes(self, gate):
        """Tell whether the one type in ``self`` closes ``gate`` (see ``sop.stage.GATES``)."""
        return self[f"close_{gate}"]

    def _waits_for(self, gate):
        """Tell whether a hold of the one type in ``self`` is over as soon as its order has passed ``gate``."""
        return (gate == "confirm" and self.release_on_confirm) or (gate == "invoice" and self.code == "invoice")

    def _is_by_hand(self):
        """Tell whether people set holds of the one type in ``self`` on single orders."""
        return self.active and self.code not in NOT_BY_HAND and not self.release_on_confirm

    def _may_set(self, user):
        """Tell whether ``user`` may set holds of the one type in ``self``."""
        # what a type asks for is no secret
        return user.has_group("order_sop.group_manager") or self.sudo().set_department_ids._has_member(user)

    def _may_release(self, user):
        """Tell whether ``user`` may release holds of the one type in ``self``."""
        # as above
        return user.has_group("order_sop.group_manager") or self.sudo().release_department_ids._has_member(user)

    @api.model
    def _get_settable(self, user):
        """Return the types of which ``user`` may set holds by hand."""
        types = self.sudo().search([("active", "=", True)])  # configuration
        return types.filtered(lambda hold_type: hold_type._is_by_hand() and hold_type._may_set(user)).with_env(self.env)

    def _get_releasers(self):
        """Return who may release holds of the one type in ``self``, as text."""
        names = self.sudo().release_department_ids.mapped("name")  # departments are no secret
        return self.env._("%s or an SOP manager", ", ".join(names)) if names else self.env._("An SOP manager")

    def _get_expires_at(self, document, now):
        """Return when a hold of the one type in ``self`` that is set on ``document`` at ``now`` ends (naive UTC), or
        False."""
        if not self.expiry_hours:
            return False
        if self.expiry_unit == "calendar":
            return now + timedelta(hours=self.expiry_hours)
        clock = self.env["sop.engine.clock"]
        return clock._get_deadline(now, document.sop_stage_id, document.company_id, self.expiry_hours)
