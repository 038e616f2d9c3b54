from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import consteq, format_date, format_datetime

from ..engine.case_answer import SPOKEN

PICTURES = ("image/jpeg", "image/png", "image/gif", "image/webp")
STATE_BADGES = {"open": "info", "closed": "success", "refused": "warning", "cancelled": "secondary"}


class SopCasePortal(models.Model):
    """What the customer sees of his cases: plain values made for him, and nothing else of a case."""

    _name = "sop.case"
    _inherit = ["sop.case", "sop.rated.mixin"]  # pylint: disable=consider-merging-classes-inherited

    photo_ids = fields.Many2many("ir.attachment", compute="_compute_photo_ids", string="Photos")

    def _compute_photo_ids(self):
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids), ("mimetype", "in", PICTURES)]
        photos = self.env["ir.attachment"].search([*domain, ("res_field", "=", False)], order="id").grouped("res_id")
        for case in self:
            case.photo_ids = photos.get(case.id, self.env["ir.attachment"])

    # -- who sees it ---------------------------------------------------------------------------------------------------

    def _sop_customer_domain(self, user):
        """Return the domain of the cases that ``user`` sees as the customer, as Odoo does with orders: those of his
        company and of whoever belongs to it."""
        customer = user.partner_id.sudo().commercial_partner_id  # his own
        # as above
        return Domain("partner_id", "child_of", customer.id) & Domain("company_id", "in", user.sudo().company_ids.ids)

    def _sop_opens_with(self, token):
        """Tell whether ``token`` is that of the one case in ``self``."""
        right = self.sudo().access_token or ""  # to be compared with, and not told
        return bool(token and right and token.isascii() and consteq(right, token))

    def _sop_awaits_word(self):
        """Tell whether the customer of the one case in ``self`` can still say whether it is solved."""
        is_over = "closed_at" in self._fields and self.closed_at
        return self.state in ("open", "refused") and not is_over

    # -- what he sees --------------------------------------------------------------------------------------------------

    def _sop_get_label(self):
        """Return where the one case in ``self`` is, in words for its customer: those of its stage, or of the last stage
        before it that has some; else those of its state."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        if self.state == "open" and (stage := self.sop_stage_id):
            stages = stage.process_id.stage_ids.sorted("sequence")
            names = [one.customer_name for one in stages if one.customer_name and not stage._is_before(one)]
            if names:
                return names[-1]
        return labels.get(self.state, "")

    def _sop_get_page(self):
        """Return the page of the one case in ``self`` in plain values, in the reader's language.

        :return: ``{"name", "kind", "label", "badge", "subject", "opened", "order": its number, "wish", "company",
            "lines": [{"product", "quantity", "reason", "note"}], "messages": see :meth:`_sop_get_messages`,
            "may_agree", "answered", "agreed": the day, "may_print", "may_rate", "rating"}``
        """
        case, env = self, self.env

        def label(name):
            return dict(case._fields[name]._description_selection(env)).get(case[name], "")

        ratings = case._sop_get_ratings()
        return case._sop_get_row() | {
            "wish": label("wish"),
            "company": case.company_id.name,
            "lines": case._sop_get_customer_lines(),
            "messages": case._sop_get_messages(),
            "may_agree": case._sop_awaits_word(),
            "answered": bool(case.answered_at),
            "agreed": format_date(env, case.agreed_at) if case.agreed_at else "",
            "may_print": case._sop_has_slip(),
            "may_rate": bool(case.agreed_at) or case.state in ("closed", "refused"),
            "rating": int(ratings[case].rating) if case in ratings else False,
        }

    def _sop_get_row(self):
        """Return the one case in ``self`` as a row of a list of cases, in plain values."""
        return {
            "id": self.id,
            "name": self.name,
            "kind": dict(self._fields["kind"]._description_selection(self.env))[self.kind],
            "label": self._sop_get_label(),
            "badge": STATE_BADGES.get(self.state, "secondary"),
            "subject": self.subject or "",
            "opened": format_date(self.env, fields.Datetime.context_timestamp(self, self.create_date).date()),
            "order": self.order_id.name or "",
        }

    def _sop_get_customer_lines(self):
        """Return ``[{"product", "quantity", "reason", "note"}]`` of the one case in ``self``."""
        return [
            {
                "product": line.product_id.with_context(display_default_code=False).display_name,
                "quantity": f"{line.qty:.10g} {line.product_uom_id.name}",
                "reason": line.reason_id.name or "",
                "note": line.note or "",
            }
            for line in self.line_ids
        ]

    def _sop_customer_messages(self):
        """Return what customer and house said to each other about the one case in ``self``, oldest first."""
        domain = [
            ("model", "=", self._name),
            ("res_id", "=", self.id),
            ("message_type", "in", SPOKEN),
            ("subtype_id", "=", self.env.ref("mail.mt_comment").id),
            ("is_internal", "=", False),
        ]
        return self.env["mail.message"].sudo().search(domain, order="id")  # notes and tracking are not among them

    def _sop_get_messages(self):
        """Return ``[{"author", "is_customer", "when", "body": html, "files": [{"id", "name", "is_picture"}]}]``."""
        customer = self.partner_id.commercial_partner_id
        return [
            {
                "author": message.author_id.name or message.email_from or "",
                "is_customer": message.author_id.commercial_partner_id == customer,
                "when": format_datetime(self.env, message.date, dt_format="short"),
                "body": message.body,
                "files": [
                    {"id": file.id, "name": file.name, "is_picture": file.mimetype in PICTURES}
                    for file in message.attachment_ids.sorted("id")
                ],
            }
            for message in self._sop_customer_messages()
        ]

    def _sop_customer_files(self):
        """Return the files that were sent with :meth:`_sop_customer_messages`."""
        return self._sop_customer_messages().attachment_ids

    def _rating_get_operator(self):
        return self.answered_by_id.sudo().partner_id  # whoever took care of the customer
