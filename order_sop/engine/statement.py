import hashlib
import json
import logging
import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .crons import trigger
from .guard import as_engine
from .isolation import isolated
from .windows import form_of

MOST_AT_ONCE = 10
"""Statements that somebody waits for; more are sent by a cron."""
MOST_MADE = 2_000
BATCH = 200

_logger = logging.getLogger(__name__)


class SopEngineStatement(models.AbstractModel):
    """Makes and sends customer statements.

    What customers say to them is taken in ``statement_answer``, what became of their mails in ``statement_mail``.
    """

    _name = "sop.engine.statement"
    _description = "SOP engine: customer statements"

    @api.model
    def _check_finance(self):
        if not self.env.user.has_group("order_sop.group_finance"):
            raise AccessError(self.env._("Customer statements are made and sent by Finance."))

    # -- making --------------------------------------------------------------------------------------------------------

    @api.model
    def _make(self, partners, company, date_from, date_to, again_reason=None):
        """Make the statements of customers for a period; for Finance.

        :param partners: ``res.partner`` records; their commercial partners are meant
        :param again_reason: why there is to be another one where there is one; nothing: there is not
        :return: ``(statements to be sent, [(partner, code)] of the others)``; codes are ``before``, ``nothing``
        """
        self._check_finance()
        self._check_period(company, date_from, date_to)
        partners = partners.commercial_partner_id
        partners.check_access("read")
        if len(partners) > MOST_MADE:
            raise UserError(self.env._("Choose at most %s customers at once.", MOST_MADE))
        earlier = self.env["sop.statement"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.ids),
                ("date_from", "=", date_from),
                ("date_to", "=", date_to),
            ],
            order="id",
        )
        before, drafts = earlier.grouped("partner_id"), earlier.browse()
        figures = self.env["sop.statement.figures"]._get_figures(partners, company, date_from, date_to)
        created, others = [], []
        for partner in partners:
            known, found = before.get(partner, earlier.browse()), figures[partner.id]
            if draft := known.filtered(lambda statement: statement.state == "draft")[-1:]:
                as_engine(draft).write(self._get_frozen(found) | {"result": "waiting"})  # nobody has got it yet
                drafts |= draft
            elif known and not again_reason:
                others.append((partner, "before"))
            elif not found["currencies"]:
                others.append((partner, "nothing"))
            else:
                created.append(self._get_vals(partner, company, date_from, date_to, len(known), again_reason, found))
        made = as_engine(self.env["sop.statement"]).create(created)
        return drafts | drafts.browse(made.ids), others

    @api.model
    def _get_vals(self, partner, company, date_from, date_to, number, again_reason, figures):
        contact = partner.browse(partner.address_get(["invoice"])["invoice"])
        return self._get_frozen(figures) | {
            "key": f"{company.id}/{partner.id}/{date_from}/{date_to}/{number}",
            "partner_id": partner.id,
            "contact_id": contact.id if contact.email else partner.id,
            "company_id": company.id,
            "date_from": date_from,
            "date_to": date_to,
            "state": "draft",
            "result": "waiting",
            "again_reason": again_reason if number else False,
            "access_token": str(uuid.uuid4()),
        }

    @api.model
    def _get_frozen(self, figures):
        """Return the values that freeze ``figures`` as of now."""
        return {
            "figures": figures,
            "checksum": self._get_checksum(figures),
            "made_at": fields.Datetime.now(),
            "made_by_id": self.env.uid,
        }

    @api.model
    def _get_checksum(self, figures):
        """Return the SHA-256 of ``figures``, as docs/settlement.md has it."""
        content = json.dumps(figures, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    @api.model
    def _check_period(self, company, date_from, date_to):
        """Raise unless the period is one of the past of a company that the user works in."""
        if company not in self.env.companies:
            raise AccessError(self.env._("You do not work in %s.", company.sudo().name))  # its name
        if not date_from or not date_to or date_from > date_to:
            raise ValidationError(self.env._("A period begins before it ends."))
        if date_to >= self.env["sop.ledger"].with_context(sop_day=None)._get_day(company):
            raise ValidationError(self.env._("A statement cannot be made before its period is over."))

    @api.model
    def _make_again(self, statement, reason):
        """Make and send another statement for the customer and period of the one ``statement``; for Finance."""
        statement.check_access("read")
        if not reason:
            raise UserError(self.env._("Say why the customer is to get another statement for this period."))
        made, _others = self._make(
            statement.partner_id, statement.company_id, statement.date_from, statement.date_to, reason
        )
        if not made:
            raise UserError(self.env._("Nothing was open, and nothing happened in this period."))
        self._send_now(made)
        return form_of(made)

    # -- sending -------------------------------------------------------------------------------------------------------

    @api.model
    def _send_now(self, statements):
        """Send ``statements`` that are not sent yet; many of them by the cron. For Finance."""
        self._check_finance()
        statements.check_access("read")
        waiting = statements.filtered(lambda statement: statement.state == "draft")
        as_engine(waiting).write({"result": "waiting"})
        waiting = self._freeze_anew(waiting)
        if len(waiting) <= MOST_AT_ONCE:
            isolated(waiting, self._send)
            as_engine(waiting.filtered(lambda statement: statement.result == "waiting")).write({"result": "failed"})
        else:
            trigger(self.env, "statement_cron")

    @api.model
    def _freeze_anew(self, statements):
        """Freeze the figures of ``statements``, which nobody has got yet, as they are today.

        :return: those of which there is something to tell
        """
        today = self.env["sop.statement.figures"]
        periods = statements.sudo().grouped(lambda one: (one.company_id, one.date_from, one.date_to))  # see callers
        left = statements.browse()
        for (company, date_from, date_to), batch in periods.items():
            figures = today._get_figures(batch.partner_id.commercial_partner_id, company, date_from, date_to)
            for statement in batch:
                found = figures[statement.partner_id.commercial_partner_id.id]
                if not found["currencies"]:
                    as_engine(statement).write({"result": "nothing"})
                    continue
                left |= statement
                if found != statement.figures:
                    frozen = self._get_frozen(found) | {"made_by_id": statement.made_by_id.id, "compared_at": False}
                    as_engine(statement).write(frozen)
        return left.with_env(statements.env)

    @api.model
    def _cron_send(self):
        """Send the statements that wait, oldest first; one that cannot be sent does not stop the others."""
        cron = self.env["ir.cron"]
        statements = self.env["sop.statement"].search([("result", "=", "waiting")], order="id", limit=BATCH)
        cron._commit_progress(remaining=len(statements))
        ready = self._freeze_anew(statements)
        for statement in statements:
            if statement in ready:
                isolated(statement, self._send)
            if statement.result == "waiting":
                as_engine(statement).write({"result": "failed"})
            if not cron._commit_progress(1):
                break
        if len(statements) == BATCH:
            trigger(self.env, "statement_cron")

    @api.model
    def _send(self, statements):
        """Mail each of ``statements`` with its PDF, in the customer's language. No rights are checked here."""
        template = self.env.ref("order_sop.mail_template_statement").sudo()  # the house's mail
        for statement in statements:
            statement.lock_for_update()
            if statement.state != "draft":
                continue
            contact = statement.contact_id.sudo()  # to reach him
            if not contact.email:
                as_engine(statement).write({"result": "no_email"})
                continue
            statement.sudo().mail_id.filtered(lambda mail: mail.state != "sent").cancel()  # an earlier one, refused
            attachment = self._get_pdf(statement)
            values = {"attachment_ids": [(4, attachment.id)], "auto_delete": True}  # whatever the template says
            mail_id = template.send_mail(statement.id, email_values=values)
            self._hide_link(statement, template.env["mail.mail"].browse(mail_id))
            as_engine(statement).write(
                {
                    "state": "sent",
                    "result": "sent",
                    "sent_at": fields.Datetime.now(),
                    "attachment_id": attachment.id,
                    "mail_id": mail_id,
                    "failure": False,
                }
            )
            self._log(statement, "sent", contact.email)

    @api.model
    def _hide_link(self, statement, mail):
        """Leave the customer's link in the outgoing ``mail`` alone: whoever reads the message could answer for him."""
        message = mail.mail_message_id
        message.body = (message.body or "").replace(statement.sudo().access_token, "")  # to find it

    @api.model
    def _get_pdf(self, statement):
        """Return the PDF of the one ``statement`` in the customer's language, as a new attachment of it."""
        report = self.env["ir.actions.report"].sudo().with_context(lang=statement._get_lang())  # see _send
        content = report._render_qweb_pdf("order_sop.sop_statement_report", statement.ids)[0]
        name = f"{report.env._('Statement of Account')} {statement.date_from} - {statement.date_to}.pdf"
        return (
            self.env["ir.attachment"]
            .sudo()  # read by the rights on the statement
            .create({"name": name, "raw": content, "res_model": statement._name, "res_id": statement.id})
        )
