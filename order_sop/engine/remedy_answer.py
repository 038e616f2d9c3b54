from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .guard import as_engine


class SopRemedyAnswer(models.AbstractModel):
    """What customers say to the questions that they are asked, and what becomes of it."""

    _inherit = "sop.engine.remedy"

    @api.model
    def _answer(self, remedy, agreed, by, note=None):
        """Take the customer's answer to the one ``remedy``: agreement carries it out, refusal gives the line back to
        the desk and tells who decided. What cannot be carried out any more stays open and tells him as well.

        For the portal; the caller has checked that it is the customer, and calls it in superuser mode.

        :param bool agreed: what he says
        :param str by: his name, which is kept
        :param str note: what he adds
        :return: True when it was carried out, or refused; False when it waits for the house, or was withdrawn
        :raise UserError: when it was answered, or withdrawn, before
        """
        remedy = remedy.sudo()  # see above
        self._lock(remedy)
        if remedy.state != "asked":
            raise UserError(self.env._("This question has been answered or withdrawn already."))
        self._note_answer(remedy, agreed, by, note)
        if not agreed:
            self._tell(remedy)
            return True
        return self._try(remedy)

    @api.model
    def _note_answer(self, remedy, agreed, by, note=None):
        """Keep what the customer of the one ``remedy`` said, given by ``by``."""
        answer = "agreed" if agreed else "refused"
        as_engine(remedy).write(
            {
                "answer": answer,
                "answered_at": self.env["sop.engine.clock"]._now(),
                "answered_by": by,
                "answer_note": note,
                "state": "draft" if agreed else "refused",
                "next_at": False,
            }
        )
        self._end_alerts(remedy, "replied")
        data = {"remedy": remedy.id, "kind": remedy.kind, "answer": answer, "by": by} | ({"note": note} if note else {})
        self.env["sop.engine.evaluation"]._close_journal([(remedy.order_id, "replied", data)])

    @api.model
    def _try(self, remedy):
        """Carry out the one ``remedy``, to which the customer has agreed; tell who decided when that is not possible.
        Where its line is not short or late any more it is withdrawn.

        Who decided changes the order by it, not whoever brings the answer: four eyes look at his change.

        :return: whether it was carried out
        """
        if self._withdraw_over(remedy):
            return False
        decider = remedy.decided_by_id or self.env.user
        mine = self.with_user(decider).with_context(lang=decider.lang, tz=decider.tz).sudo()  # see _answer
        try:
            with self.env.cr.savepoint():
                if self._is_changed(remedy):
                    raise UserError(self.env._("The line was changed after the customer had been asked."))
                mine._apply(remedy.with_env(mine.env))
                return True
        except UserError as error:
            self.env.invalidate_all()
            as_engine(remedy).write({"problem": str(error)})
            self._tell(remedy)
            return False

    @api.model
    def _is_changed(self, remedy):
        """Tell whether the line of the one ``remedy`` says something else than when it was decided about."""
        return remedy.seen != self._get_kind(remedy.kind)._get_seen(remedy.line_id)

    @api.model
    def _tell(self, remedy):
        """Give who decided on the one ``remedy`` an activity on its order: refused, or not possible any more."""
        decider, order = remedy.decided_by_id, remedy.order_id
        admin = self.env.ref("base.user_admin", raise_if_not_found=False) or decider.browse()
        people = decider + order.user_id + order.sop_department_id.lead_id + admin
        user = people.filtered(lambda user: user.active and order.company_id in user.company_ids)[:1]
        localized = remedy.with_context(lang=user.lang, tz=user.tz)
        env = localized.env
        if remedy.state == "refused":
            summary = env._("The customer refuses: decide anew")
        else:
            summary = env._("Agreed, but not carried out")
        lines = [localized.display_name, localized.consequence, remedy.problem, remedy.answer_note]
        order.activity_schedule(
            "order_sop.mail_activity_remedy",
            user_id=user.id,
            summary=summary,
            note=plaintext2html("\n".join(filter(None, lines))),
        )
