from odoo import models


class MailMail(models.Model):
    """A mail with a customer statement, whose sender wants to know what became of it."""

    _inherit = "mail.mail"

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        self.env["sop.engine.statement"]._take_result(self, failure_reason, failure_type)
        return super()._postprocess_sent_message(success_pids, success_emails, failure_reason, failure_type)
