from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..engine.arguments import plain, text

JUDGED_FIELDS = {
    "name",
    "phone",
    "email",
    "street",
    "city",
    "country_id",
    "vat",
    "is_company",
    "credit_limit",
    "use_partner_credit_limit",
    "property_payment_term_id",
}
FAMILY_FIELDS = {"parent_id", "is_company"}
LOCALE_FIELDS = {"lang", "tz"}


class ResPartner(models.Model):
    """A customer's data are part of what his unconfirmed orders say: completing them lets these move on. He can be
    blocked, which holds all that is open."""

    _inherit = "res.partner"

    sop_blocked = fields.Boolean(
        "Orders Blocked",
        compute="_compute_sop_blocked",
        search="_search_sop_blocked",
        groups="order_sop.group_user",
        help="In one of the companies that you work in now.",
    )
    sop_block_reason = fields.Text("Why Blocked", compute="_compute_sop_blocked", groups="order_sop.group_user")
    sop_may_block = fields.Boolean(compute="_compute_sop_may_block", groups="order_sop.group_user")
    sop_may_unblock = fields.Boolean(compute="_compute_sop_may_block", groups="order_sop.group_user")

    @api.depends_context("allowed_company_ids", "uid")
    @api.depends("commercial_partner_id")
    def _compute_sop_blocked(self):
        open_here = [("lifted_at", "=", False), ("company_id", "in", self.env.companies.ids)]
        customers = self.sudo().commercial_partner_id  # whether he is blocked is for every member
        blocks = self.env["sop.block"].sudo().search([("partner_id", "in", customers.ids), *open_here])  # as above
        by_customer = blocks.grouped("partner_id")
        for partner in self:
            found = by_customer.get(partner.sudo().commercial_partner_id, blocks.browse())  # as above
            partner.sop_blocked = bool(found)
            partner.sop_block_reason = "\n".join(
                self.env._("%(reason)s (%(user)s)", reason=block.reason, user=block.set_by_id.name) for block in found
            )

    def _search_sop_blocked(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        open_here = [("lifted_at", "=", False), ("company_id", "in", self.env.companies.ids)]
        customers = self.env["sop.block"].sudo().search(open_here).partner_id  # as above
        return [("commercial_partner_id", "in" if (operator == "in") == (True in value) else "not in", customers.ids)]

    @api.depends_context("uid")
    def _compute_sop_may_block(self):
        hold_type = self.env["sop.hold.type"]._get_by_code("blocked")
        self.sop_may_block = hold_type._may_set(self.env.user)
        self.sop_may_unblock = hold_type._may_release(self.env.user)

    # -- actions: public API, each checks who calls --------------------------------------------------------------------

    def action_sop_block(self, reason=None):
        """Block the customers in ``self`` in the present companies: all that is open is held, and what will be entered.

        :param str reason: required; None opens the dialog that asks
        :raise AccessError: for who may not set holds of the type for blocked customers
        """
        if reason is None:
            return self.env["sop.hold.dialog"]._open("block", partner_ids=plain(self))
        self.env["sop.engine.block"]._block(plain(self), text(self.env, reason))
        return True

    def action_sop_unblock(self, reason=None):
        """Unblock the customers in ``self`` in the present companies; what was held by that is released.

        :param str reason: required; None opens the dialog that asks
        """
        if reason is None:
            return self.env["sop.hold.dialog"]._open("unblock", partner_ids=plain(self))
        self.env["sop.engine.block"]._unblock(plain(self), text(self.env, reason))
        return True

    # -- what a contact tells the engine -------------------------------------------------------------------------------

    def _get_flow_documents(self):
        # a customer has changed: whose orders are held for it are looked at again, see sop.engine.conditions
        return self.env["sale.order"]

    def write(self, vals):
        companies = self._sop_companies() if not LOCALE_FIELDS.isdisjoint(vals) else self.env["res.company"]
        zones = companies._sop_zones()
        if not FAMILY_FIELDS.isdisjoint(vals) and not self.env.su:
            self._sop_check_family_kept()
        result = super().write(vals)
        if not JUDGED_FIELDS.isdisjoint(vals) and self.env["sop.process"]._is_in_use():
            waiting = (
                self.env["sale.order"]
                .sudo()
                .search(  # his orders, whoever may see them
                    [
                        ("partner_id", "child_of", self.commercial_partner_id.ids),
                        ("state", "in", ("draft", "sent")),
                        ("sop_status", "in", ("running", "waiting", "on_hold")),
                    ]
                )
            )
            self.env["sop.engine.evaluation"]._mark(waiting, "content", by_user=False)
            self.env["sop.engine.evaluation"]._mark(self)
        if companies:
            self.env.registry.clear_cache()  # see res.company._sop_locale
            companies._sop_note_moved(zones)
        return result

    def unlink(self):
        self.env["sop.block"]._forget_blocks_of(self)
        return super().unlink()

    def _sop_check_family_kept(self):
        """Raise :class:`AccessError` when one of ``self`` is of a blocked customer, whom the user may not unblock: of
        another family he would be free."""
        customers = self.sudo().commercial_partner_id | self.sudo()  # whether one is blocked
        # as above
        blocks = self.env["sop.block"].sudo().search([("partner_id", "in", customers.ids), ("lifted_at", "=", False)])
        if blocks and not self.env["sop.hold.type"]._get_by_code("blocked")._may_release(self.env.user):
            raise AccessError(
                self.env._(
                    "%s is blocked: only who may unblock it can change to which company it belongs.",
                    blocks[0].partner_id.display_name,
                )
            )

    def _sop_companies(self):
        """Return the companies of this database whose contact is one of ``self``, archived ones too."""
        companies = self.env["res.company"].sudo().with_context(active_test=False)  # which they are is no secret
        return companies.search([("partner_id", "in", self.ids)])
