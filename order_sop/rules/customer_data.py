from odoo import models
from odoo.tools import LazyTranslate
from odoo.tools.mail import email_normalize_all

from .sop_rule import WRONG

_lt = LazyTranslate(__name__)

ADDRESS = ("street", "city", "country_id")
REACHABLE = "phone_or_email"


class SopRuleCustomerData(models.AbstractModel):
    """Customer, invoice address and delivery address say all that is needed to deliver, invoice and call."""

    _name = "sop.rule.customer_data"
    _inherit = "sop.rule"
    _description = "Customer data complete"

    _parameters = {"rule_flag": _lt("companies need a tax ID")}
    _reasons = {
        "incomplete": (
            WRONG,
            _lt(
                "Customer data of order %(order)s is incomplete. Missing: %(missing)s. "
                "Whoever takes the order completes the contact."
            ),
        )
    }
    _content = True

    def _evaluate(self, checks):
        result = {}
        for check in checks:
            missing = self._get_missing(check.order_id, check.checkpoint_id.rule_flag)
            result[check] = (
                self._reason(
                    "incomplete",
                    order=check.order_id.name,
                    missing=[[partner.display_name or f"#{partner.id}", names] for partner, names in missing.items()],
                )
                if missing
                else None
            )
        return result

    def _get_missing(self, order, tax_id_needed):
        """Return ``{partner: [field name…]}`` of what the contacts of ``order`` lack, empty when they lack nothing."""
        customer = order.partner_id
        commercial = customer.commercial_partner_id
        missing = {}

        def need(partner, name, present):
            if not present and name not in missing.setdefault(partner, []):
                missing[partner].append(name)

        either = customer | commercial
        need(customer, "name", any((partner.name or "").strip() for partner in either))
        need(
            customer,
            REACHABLE,
            any((partner.phone or "").strip() or self._is_email(partner.email) for partner in either),
        )
        if tax_id_needed and commercial.is_company:
            need(commercial, "vat", (commercial.vat or "").strip())
        for partner in (order.partner_invoice_id, order.partner_shipping_id):
            for name in ADDRESS:
                value = partner[name]
                need(partner, name, value.strip() if isinstance(value, str) else value)
        return {partner: names for partner, names in missing.items() if names}

    def _is_email(self, text):
        """Tell whether ``text`` holds at least one address that mail could go to."""
        parts = [address.rpartition("@") for address in email_normalize_all(text or "")]
        return any(local and "." in domain.strip(".") for local, _at, domain in parts)

    def _reason_text(self, code, data):
        # Field names are stored, labels shown: each reader sees them in his own language.
        partner = self.env["res.partner"]
        labels = {name: partner._fields[name]._description_string(self.env) for name in (*ADDRESS, "name", "vat")}
        labels[REACHABLE] = self.env._("Phone or valid e-mail")
        missing = "; ".join(
            f"{contact}: {', '.join(labels.get(name, name) for name in names)}"
            for contact, names in (data or {}).get("missing", ())
        )
        return super()._reason_text(code, dict(data or {}, missing=missing))
