import re

from odoo import api, models

NUMBERS = re.compile(r"[\w/-]{3,}")
MAX_WORDS = 30


class SopCaseMail(models.Model):
    """Cases that customers open by a mail to the company's after-sales address."""

    _inherit = "sop.case"  # pylint: disable=consider-merging-classes-inherited

    @api.private
    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Return the case that a mail opens: a question of whoever sent it; or the one of his that its subject names.

        :param dict msg_dict: the mail, as Odoo's gateway reads it
        :param dict custom_values: ``company_id``, from the address that it was sent to
        """
        company = self.env["res.company"].browse((custom_values or {}).get("company_id") or self.env.company.id)
        cases = self.with_company(company)
        customer = cases._sop_find_sender(msg_dict)
        subject = (msg_dict.get("subject") or "").strip()
        own = [("company_id", "=", company.id), ("partner_id", "child_of", customer.commercial_partner_id.id)]
        words = NUMBERS.findall(subject)[:MAX_WORDS]
        if known := cases.search([*own, ("name", "in", words), ("state", "!=", "cancelled")], limit=1):
            return known
        orders = self.env["sale.order"].search([*own, ("name", "in", words), ("state", "=", "sale")], limit=2)
        vals = {
            "kind": "question",
            "subject": subject[:200],
            "partner_id": customer.id,
            "company_id": company.id,
            "order_id": orders.id if len(orders) == 1 else False,
        }
        case = cases.with_context(sop_case_channel="mail").create(vals)
        return self.browse(case.id)

    @api.model
    def _sop_find_sender(self, msg_dict):
        """Return the contact who sent the mail; a new one for an address that nobody has."""
        author = self.env["res.partner"].browse(msg_dict.get("author_id") or ())
        return author or self._partner_find_from_emails_single([msg_dict.get("email_from") or ""])

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        return [("channel", "=", "mail"), ("partner_id.email_normalized", "=", email_from_normalized)]
