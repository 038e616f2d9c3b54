from datetime import timedelta

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .guard import as_engine

MAX_OPEN = 20
"""Cases that a customer can have open at once and still open one more himself."""
MAX_HOURLY = 20
"""Messages that a customer can write on one case within an hour."""
SPOKEN = ("comment", "email", "email_outgoing")
"""Kinds of messages that a person wrote; all others are the system's own."""


class SopEngineCaseAnswer(models.AbstractModel):
    """What customers and the house say to each other about cases.

    Those of these methods that take a ``speaker`` are called once it is certain that it is the customer.
    """

    _name = "sop.engine.case.answer"
    _description = "SOP engine: what is said about cases"

    # -- what customers do on their pages ------------------------------------------------------------------------------

    @api.model
    def _open(self, order, vals, files, speaker):
        """Open a case of the customer himself on the one ``order``.

        :param dict vals: of the case and its lines, made by the caller and no copy of what was sent
        :param files: see :func:`~.case_files.take_files`
        :param speaker: the ``res.partner`` who opens it
        :return: the case, in superuser mode
        :raise UserError: when he has too many open, or a line says more than he has
        """
        cases = self.env["sop.case"].sudo()  # the customer's own, see above
        customer = order.partner_id.commercial_partner_id
        open_cases = [("partner_id", "child_of", customer.id), ("state", "=", "open")]
        if cases.search_count(open_cases, limit=MAX_OPEN) >= MAX_OPEN:
            raise UserError(
                self.env._("You have many open cases: please write to us on one of them, or wait for our answer.")
            )
        partner = speaker if speaker.commercial_partner_id == customer else order.partner_id
        vals = vals | {"order_id": order.id, "partner_id": partner.id, "company_id": order.company_id.id}
        case = cases.with_context(sop_case_channel="portal").with_company(order.company_id).create(vals)
        case = cases.browse(case.id)
        self._post(case, speaker, vals.get("description") or "", files)
        return case

    @api.model
    def _say(self, case, speaker, text, files):
        """Take what the customer writes on the one ``case``.

        :raise UserError: for nothing at all, or too many messages within an hour
        """
        if not text and not files:
            raise UserError(self.env._("Please write something, or choose a file."))
        since = self.env.cr.now() - timedelta(hours=1)
        spoken = [("model", "=", case._name), ("res_id", "=", case.id), ("create_date", ">", since)]
        messages = self.env["mail.message"].sudo()  # how many there are
        if messages.search_count([*spoken, ("message_type", "=", "comment")], limit=MAX_HOURLY) >= MAX_HOURLY:
            raise UserError(self.env._("These are many messages within an hour: please wait a little."))
        return self._post(case, speaker, text, files)

    @api.model
    def _agree(self, case, partner):
        """Note that the customer, by ``partner``, says that the one ``case`` is solved."""
        self.env["sop.engine.evaluation"]._lock(case)
        if case.agreed_at:
            return
        as_engine(case).write({"agreed_at": self.env["sop.engine.clock"]._now(), "agreed_by_id": partner.id})
        self.env["sop.engine.case"]._log(case, "agreed", {"partner": partner.id})
        case._sop_customer_spoke()
        self._changed(case)

    @api.model
    def _disagree(self, case, partner, text):
        """Note that the customer, by ``partner``, says that the one ``case`` is not solved, and why.

        :raise UserError: when he does not say why, or the case is not open any more
        """
        if not text:
            raise UserError(self.env._("Please tell us what is not solved yet."))
        self.env["sop.engine.evaluation"]._lock(case)
        if not case._sop_awaits_word():
            raise UserError(self.env._("This case is closed: please write to us what is not solved."))
        as_engine(case).write({"agreed_at": False, "agreed_by_id": False})
        self.env["sop.engine.case"]._log(case, "disagreed", {"partner": partner.id})
        self._post(case, partner, text, [])
        self._changed(case)

    @api.model
    def _post(self, case, speaker, text, files):
        """Post what the customer says, as plain text, to whoever follows the one ``case``."""
        return case.message_post(
            body=plaintext2html(text) if text else "",
            attachments=files,
            author_id=speaker.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    # -- what follows from what is said --------------------------------------------------------------------------------

    @api.model
    def _take_message(self, case, message):
        """Look at a new ``message`` on the one ``case``: the customer spoke, or somebody answered him."""
        message = message.sudo()  # of a case on which the user could post it
        spoken = message.message_type in SPOKEN and message.subtype_id == self.env.ref("mail.mt_comment")
        if not spoken or message.is_internal or not message.author_id:
            return
        people = message.author_id.with_context(active_test=False).user_ids.filtered(lambda user: not user.share)
        customer = case.sudo().partner_id.commercial_partner_id  # whose case it is
        if not people:
            if message.author_id.commercial_partner_id == customer:
                case.sudo()._sop_customer_spoke()  # whoever carries his words to us
        elif not case.answered_at:
            reached = message.partner_ids | case.sudo().message_partner_ids  # who gets it
            if customer in reached.commercial_partner_id:
                clock, asked = self.env["sop.engine.clock"], case.sudo()  # its stages
                now = clock._now()
                hours = clock._get_run(asked, asked.create_date, now, asked.sop_process_id)
                vals = {"answered_at": now, "answered_by_id": people[0].id, "answer_worked_hours": hours}
                as_engine(case).write(vals)
                self._changed(case)

    @api.model
    def _acknowledge(self, cases):
        """Tell the customers of the new ``cases``, once and in their language, that we have them; a mail that cannot be
        sent does not undo the case."""
        house = self.env["sop.engine.case.teller"].with_user(SUPERUSER_ID)  # it speaks, whoever made the case
        house._tell(cases.with_user(SUPERUSER_ID), "order_sop.mail_template_case_received")

    @api.model
    def _changed(self, case):
        """Have the one ``case`` evaluated: it may wait for what was just said."""
        self.env["sop.engine.evaluation"]._mark(case)
