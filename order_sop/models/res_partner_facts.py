from odoo import models
from odoo.tools import SQL


class ResPartnerFacts(models.Model):
    """Where a customer is, and to which company he belongs, is among what the KPIs know of his orders."""

    _name = "res.partner"
    _inherit = ["res.partner", "sop.noted.mixin"]  # pylint: disable=consider-merging-classes-inherited
    _sop_noted_fields = frozenset({"country_id", "parent_id", "is_company"})

    def unlink(self):
        self._sop_note_all_orders()  # who belonged to them stands for himself
        return super().unlink()

    def _sop_note_all_orders(self):
        """Have the facts of all orders of the contacts in ``self``, and of those that belong to them, found anew."""
        partners = self.with_context(active_test=False).sudo()._search([("id", "child_of", self.ids)])  # ids alone
        self.env["sop.engine.fact"]._note_where(SQL("partner_id IN %s", partners.subselect()))
