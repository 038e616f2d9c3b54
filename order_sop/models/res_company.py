from odoo import api, fields, models, tools

LOCALE_FIELDS = {"partner_id", "resource_calendar_id"}


class ResCompany(models.Model):
    """The switch that puts new orders of a company under the SOP."""

    _inherit = "res.company"

    sop_active = fields.Boolean(
        "New Orders Follow the SOP",
        help="New orders of this company are put under the published process that they match.",
    )
    sop_ask_reschedule = fields.Boolean("Ask About Another Date", default=True)
    sop_ask_parts = fields.Boolean("Ask Before Shipping in Parts", default=True)
    sop_ask_substitute = fields.Boolean("Ask About a Substitute", default=True)
    sop_ask_hours = fields.Float(
        "Customers Answer Within",
        default=16.0,
        help="Working hours after which a customer who was asked is reminded; after as many again somebody is alerted.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if any(vals.get("sop_active") for vals in vals_list):
            self.env["sop.process"]._forget()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "sop_active" in vals:
            self.env["sop.process"]._forget()
        if not LOCALE_FIELDS.isdisjoint(vals):
            self.env.registry.clear_cache()  # see _sop_locale
        if "resource_calendar_id" in vals and self.env["sop.process"]._is_in_use():
            # follows whoever may change the company
            self.env["sop.schedule.change"].sudo()._add([{"company_id": company.id} for company in self])
        return result

    @tools.ormcache("self.id")
    def _sop_locale(self):
        """Return language and time zone of the one company in ``self``: its contact's, else those of its working hours.

        Kept for all transactions: every evaluation asks.
        """
        company = self.sudo()  # it must not depend on who happens to ask
        timezone = company.partner_id.tz or company.resource_calendar_id.tz or "UTC"
        return company.partner_id.lang or "en_US", timezone
