from odoo import models
from odoo.tools import SQL

CUSTOMER_FIELDS = {"country_id", "parent_id", "is_company"}


class ResPartnerFacts(models.Model):
    """Where a customer is, and to which company he belongs, is among what the KPIs know of his orders."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    def write(self, vals):
        names = CUSTOMER_FIELDS & vals.keys()
        before = {record: [record[name] for name in names] for record in self} if names else {}
        result = super().write(vals)
        changed = self.filtered(lambda record: names and before[record] != [record[name] for name in names])
        if changed:
            changed._sop_note_all_orders()
        return result

    def _sop_note_all_orders(self):
        """Have the facts of all orders of the contacts in ``self``, and of those that belong to them, found anew."""
        partners = self.with_context(active_test=False).sudo()._search([("id", "child_of", self.ids)])  # ids alone
        self.env["sop.engine.fact"]._note_where(SQL("partner_id IN %s", partners.subselect()))
