from odoo import models

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
LOCALE_FIELDS = {"lang", "tz"}


class ResPartner(models.Model):
    """A customer's data are part of what his unconfirmed orders say: completing them lets these move on."""

    _inherit = "res.partner"

    def write(self, vals):
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
        if not LOCALE_FIELDS.isdisjoint(vals) and self._sop_is_company():
            self.env.registry.clear_cache()  # see res.company._sop_locale
        return result

    def _sop_is_company(self):
        """Tell whether one of ``self`` is the contact of a company of this database."""
        companies = self.env["res.company"].sudo().with_context(active_test=False)  # which they are is no secret
        return bool(companies.search_count([("partner_id", "in", self.ids)], limit=1))
