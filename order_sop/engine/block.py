from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ..models.sop_flow_mixin import OPEN_STATUSES
from .guard import as_engine


class SopEngineBlock(models.AbstractModel):
    """Blocks customers, and unblocks them, in the companies that the current user works in now. Checks the user."""

    _name = "sop.engine.block"
    _description = "SOP engine: blocked customers"

    @api.model
    def _block(self, partners, reason):
        """Hold all that is open, and will be entered, for the customers ``partners``; see ``action_sop_block``."""
        customers, companies = self._check("set", partners, reason)
        now = self.env["sop.engine.clock"]._now()
        known = {(block.partner_id, block.company_id) for block in self._get_open(customers, companies)}
        missing = [(c, company) for c in customers for company in companies if (c, company) not in known]
        if not missing:
            raise UserError(self.env._("%s is blocked already.", customers[:1].display_name))
        vals = {"reason": reason, "set_at": now, "set_by_id": self.env.uid}
        as_engine(self.env["sop.block"]).create(
            [vals | {"partner_id": customer.id, "company_id": company.id} for customer, company in missing]
        )
        self._follow(customers, companies)
        self._tell(customers, companies, self.env._("Orders blocked"), reason)

    @api.model
    def _unblock(self, partners, reason):
        """Lift the blocks of the customers ``partners`` and release their orders; see ``action_sop_unblock``."""
        customers, companies = self._check("release", partners, reason)
        blocks = self._get_open(customers, companies)
        if not blocks:
            raise UserError(self.env._("%s is not blocked (any more).", customers[:1].display_name))
        now = self.env["sop.engine.clock"]._now()
        as_engine(blocks).write({"lifted_at": now, "lifted_by_id": self.env.uid, "lift_reason": reason})
        self._follow(customers, companies, reason)
        self._tell(customers, companies, self.env._("Orders no longer blocked"), reason)

    @api.model
    def _check(self, right, partners, reason):
        """Return the customers behind ``partners`` in superuser mode, and the companies, after checking the user.

        :param right: ``set`` or ``release``
        """
        partners.check_access("read")
        hold_type = self.env["sop.hold.type"]._get_by_code("blocked")
        user = self.env.user
        if not (hold_type._may_set(user) if right == "set" else hold_type._may_release(user)):
            raise AccessError(self.env._("You may not block or unblock customers."))
        if not partners:
            raise UserError(self.env._("Choose a customer."))
        if not reason:
            raise UserError(self.env._("Say why: the reason is shown to everybody who sees the orders."))
        return partners.sudo().commercial_partner_id, self.env.companies  # checked above; env.companies checks itself

    @api.model
    def _get_open(self, customers, companies):
        """Return the blocks of ``customers`` that are in force in ``companies``."""
        domain = [("partner_id", "in", customers.ids), ("company_id", "in", companies.ids), ("lifted_at", "=", False)]
        return self.env["sop.block"].sudo().search(domain)  # the user was checked

    @api.model
    def _follow(self, customers, companies, reason=None):
        """Hold or release all that is open of ``customers`` in ``companies``, whoever may see it."""
        self.env["sop.block"]._forget_blocks()
        theirs = Domain.OR(
            Domain(f"{name}.commercial_partner_id", "in", customers.ids)
            for name in ("partner_id", "partner_invoice_id", "partner_shipping_id")
        )
        where = Domain("company_id", "in", companies.ids) & Domain("sop_status", "in", OPEN_STATUSES)
        orders = self.env["sale.order"].sudo().search(theirs & where)  # all: that is what a block is for
        self.env["sop.engine.evaluation"]._lock(orders)
        journal = []
        self.env["sop.engine.conditions"]._follow(orders, journal, reason)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _tell(self, customers, companies, what, reason):
        """Note on ``customers`` what was done, and why."""
        for customer in customers:
            customer.message_post(body=plaintext2html(f"{what} ({', '.join(companies.mapped('name'))}): {reason}"))
