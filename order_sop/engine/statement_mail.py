from odoo import api, fields, models

from .guard import as_engine
from .rows import insert_rows


class SopStatementMail(models.AbstractModel):
    """What became of the mails with statements, and who of the house is told of what happens to them."""

    _inherit = "sop.engine.statement"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _take_result(self, mails, reason, failure_type):
        """Keep what became of ``mails``, of which some may be statements: one that the mail server refused is to be
        sent again, unless the customer has answered it meanwhile, and whoever made it is told.

        :param reason: why it was refused, in the server's words
        :param failure_type: of Odoo; nothing where it went out
        """
        # whoever's mail it was: called by its sending
        for statement in self.env["sop.statement"].sudo().search([("mail_id", "in", mails.ids)]):
            if not failure_type:
                if statement.result == "refused":  # somebody had the mail itself sent again
                    again = {"state": "sent"} if statement.state == "draft" else {}
                    as_engine(statement).write(again | {"result": "sent", "failure": False})
                    self._log(statement, "sent", statement.contact_id.email)
                continue
            words = str(reason or statement.mail_id.failure_reason or failure_type)
            back = {"state": "draft", "sent_at": False} if statement.state == "sent" else {}
            as_engine(statement).write(back | {"result": "refused", "failure": words})
            self._log(statement, "refused", words)
            env = self.with_context(lang=statement.made_by_id.lang).env
            self._tell(statement, env._("Not delivered: %s", statement.with_env(env).display_name), words)

    @api.model
    def _tell(self, statement, subject, body):
        """Tell whoever made the one ``statement``, where he still works here."""
        user = statement.sudo().made_by_id.filtered("active")  # what concerns him
        if user:
            self.env["mail.thread"].sudo().message_notify(  # in the name of the house
                partner_ids=user.partner_id.ids,
                subject=subject,
                body=body,
                model=statement._name,
                res_id=statement.id,
            )

    @api.model
    def _log(self, statement, code, note):
        """Append to the history of the one ``statement``."""
        insert_rows(
            self.env["sop.settlement.event"].sudo(),  # customers and crons are told of as well
            [
                {
                    "date": fields.Datetime.now(),
                    "code": code,
                    "user_id": self.env.uid,
                    "statement_id": statement.id,
                    "company_id": statement.sudo().company_id.id,  # called by the engine
                    "note": note,
                }
            ],
        )
