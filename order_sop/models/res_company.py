from odoo import api, fields, models, tools
from odoo.tools import SQL

KEPT_FIELDS = {"partner_id", "resource_calendar_id", "currency_id"}


class ResCompany(models.Model):
    """The switch that puts new orders of a company under the SOP."""

    _inherit = "res.company"

    sop_active = fields.Boolean(
        "New Orders Follow the SOP",
        help="New orders of this company are put under the published process that they match.",
    )
    sop_countersign = fields.Boolean(
        "Closings Are Countersigned",
        help="A closing is signed when a second person of Finance has countersigned it.",
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
        kept = not KEPT_FIELDS.isdisjoint(vals)
        zones = self._sop_zones() if kept else {}
        result = super().write(vals)
        if "sop_active" in vals:
            self.env["sop.process"]._forget()
        if kept:
            self.env.registry.clear_cache()  # see _sop_locale and _sop_kept
            self._sop_note_moved(zones)
        if "user_ids" in vals:
            self.env["sop.engine.approver"]._people_changed()
        if "resource_calendar_id" in vals and self.env["sop.process"]._is_in_use():
            # follows whoever may change the company
            self.env["sop.schedule.change"].sudo()._add([{"company_id": company.id} for company in self])
        return result

    def _sop_zones(self):
        """Return ``{company: its time zone}``."""
        return {company: company._sop_locale()[1] for company in self}

    def _sop_note_moved(self, zones):
        """Have the facts of all orders of those companies in ``self`` found anew whose time zone is no longer that in
        ``zones``, see :meth:`_sop_zones`."""
        now = self._sop_zones()
        if moved := self.filtered(lambda company: now[company] != zones[company]):
            moved._sop_note_all_orders()

    def _sop_note_all_orders(self):
        """Have the facts of all orders of the companies in ``self`` found anew: their days may be others."""
        self.env["sop.engine.fact"]._note_where(SQL("company_id = ANY(%s)", self.ids))

    @tools.ormcache("self.id")
    def _sop_locale(self):
        """Return language and time zone of the one company in ``self``: its contact's, else those of its working hours.

        Kept for all transactions: every evaluation asks.
        """
        company = self.sudo()  # it must not depend on who happens to ask
        timezone = company.partner_id.tz or company.resource_calendar_id.tz or "UTC"
        return company.partner_id.lang or "en_US", timezone

    def _sop_warm_up(self):
        """Put what amounts and times ask of the one company in ``self`` into the record cache without a query.

        :return: ``self``
        """
        for model, id_, columns in self._sop_kept():
            record = self.env[model].browse(id_)
            for name, value in columns:
                record._fields[name]._insert_cache(record, [value])
        return self

    @tools.ormcache("self.id")
    def _sop_kept(self):
        """Return columns of the one company in ``self`` and of its currency as they are in the record cache, in nested
        tuples ``(model, id, ((field, value), …))``."""
        company = self.sudo()  # as above
        kept = []
        for record, names in (
            (company, ("parent_path", "currency_id", "resource_calendar_id")),
            (company.currency_id, ("rounding", "decimal_places")),
        ):
            columns = ((name, record._fields[name].convert_to_cache(record[name], record)) for name in names)
            kept.append((record._name, record.id, tuple(columns)))
        return tuple(kept)
