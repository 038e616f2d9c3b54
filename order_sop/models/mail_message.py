from odoo import api, models

from .sop_document_mixin import EVIDENCE_MODELS


class MailMessage(models.Model):
    """A message to the customer, on an order or a delivery, lets the order move on that waits for him to be told."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        if self.env["sop.process"]._is_in_use():
            for model in EVIDENCE_MODELS:
                outward = messages.filtered(lambda message, model=model: message.model == model)._sop_filter_outward()
                self.env[model].browse(outward.mapped("res_id"))._sop_mark_evidence()
        return messages

    def unlink(self):
        if self:  # Odoo deletes those of every record that goes
            self.sudo().rating_ids._sop_note_orders()  # they go with their message, by the database
        return super().unlink()

    def _sop_filter_outward(self):
        """Return those messages in ``self`` that may reach somebody outside; what Odoo notes for itself does not."""
        return self.sudo().filtered(  # kind and recipients only
            lambda message: not message.is_internal and (message.message_type != "notification" or message.partner_ids)
        )
