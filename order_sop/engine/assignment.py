from collections import defaultdict
from typing import Any, NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .guard import as_engine


class Share(NamedTuple):
    """What goes from one person to another together: a department's open checks on one order, or on one of its
    deliveries or invoices, that one person has, or nobody; and the visit, where the stage is among it."""

    order: Any
    department: Any
    holder: Any
    checks: Any
    visit: Any


class SopEngineAssignment(models.AbstractModel):
    """Open work goes to another person: taken, handed over, or routed anew. Keeps order, visit and checks in line."""

    _name = "sop.engine.assignment"
    _description = "SOP engine: who has the work"

    # -- for people: each checks the user ------------------------------------------------------------------------------

    @api.model
    def _take(self, works):
        """Give ``works`` (``sop.work``) to the current user; see ``sop.work.action_take``."""
        user, routing = self.env.user, self.env["sop.engine.routing"]
        journal = []
        for share in self._get_shares(works):
            if not routing._is_of_house(user.id, share.order.company_id.id) or not share.department._has_member(user):
                raise AccessError(
                    self.env._(
                        "%(order)s is work of %(department)s: only its members can take it.",
                        order=share.order.display_name,
                        department=share.department.name,
                    )
                )
            holder, company = share.holder, share.order.company_id
            if holder and holder != user and self._is_there(holder, share.department, company):
                raise UserError(
                    self.env._(
                        "%(user)s has %(order)s already. Have it handed over, with a reason.",
                        user=holder.name,
                        order=share.order.display_name,
                    )
                )
            self._give(share, user, "taken", None, journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _hand_over(self, works, user, reason):
        """Give ``works`` to ``user``; see ``sop.work.action_hand_over``."""
        if not reason:
            raise UserError(self.env._("Say why you hand it over: the reason is shown to whoever gets it."))
        journal, given = [], []
        for share in self._get_shares(works):
            self._check_giver(share)
            self._check_receiver(share, user)
            if user != share.holder:
                self._give(share, user, "handed", reason, journal)
                given.append(share.order)
        self.env["sop.engine.evaluation"]._close_journal(journal)
        self._tell(given, user, reason)

    @api.model
    def _check_giver(self, share):
        """Raise :class:`AccessError` unless the current user may hand ``share`` over: a member of its department, its
        lead, or an SOP manager."""
        user = self.env.user
        member = share.department._has_member(user) or user == share.department.lead_id
        if not member and not user.has_group("order_sop.group_manager"):
            raise AccessError(
                self.env._(
                    "%(order)s is work of %(department)s: its members and SOP managers hand it over.",
                    order=share.order.display_name,
                    department=share.department.name,
                )
            )

    @api.model
    def _check_receiver(self, share, user):
        """Raise :class:`UserError` unless the one ``user`` can do ``share`` today."""
        if len(user) != 1 or not self._is_there(user, share.department, share.order.company_id):
            raise UserError(
                self.env._(
                    "Choose a colleague who works in %(department)s, in the company of %(order)s, and is not away.",
                    department=share.department.name,
                    order=share.order.display_name,
                )
            )

    @api.model
    def _is_there(self, user, department, company):
        """Tell whether ``user`` himself can do the work of ``department`` in ``company`` today."""
        return self.env["sop.engine.routing"]._get_present(user.id, department, company) == user.id

    # -- doing it ------------------------------------------------------------------------------------------------------

    @api.model
    def _get_shares(self, works):
        """Return the shares that ``works`` stand for, in superuser mode, after checking that the user may read them
        and locking their orders.

        :raise UserError: for what is done, or an approval, which is handed over by itself
        """
        works = works.exists()
        works.check_access("read")
        works = works.sudo()  # read access was checked; whose work it is, is checked for each share
        if not works:
            raise UserError(self.env._("That is done already. Reload to see what is left."))
        if works.approval_id:
            raise UserError(
                self.env._("“%s” is an approval: transfer it in its dialog.", works.approval_id[0].display_name)
            )
        return [share for part in works._by_model() for share in self._share(part)]

    @api.model
    def _share(self, works):
        """Return the shares that ``works``, all of orders or all of cases, stand for; see :meth:`_get_shares`."""
        self.env["sop.engine.evaluation"]._lock(works.flow)
        # an approval that is still to be asked for goes with its stage
        of_stage = works.filtered(lambda work: work.kind in ("stage", "ask", "rejected"))
        checks, visits = (works - of_stage).check_id, of_stage.visit_id
        together = {(c.flow, c.department_id, c.assigned_id, c._get_document()) for c in checks}
        together |= {(v.flow, v.department_id, v.user_id, self.env["stock.picking"]) for v in visits}
        checks |= works.flow.sop_check_ids.filtered(
            lambda c: (
                c._is_open_now()
                and c.kind != "approval"
                and (c.flow, c.department_id, c.assigned_id, c._get_document()) in together
            )
        )
        for order, department, holder, document in together:
            visit = order.sop_visit_id
            # an order of nobody becomes his who takes any of its work
            if visit.department_id == department and visit.user_id == holder and not (document and holder):
                visits |= visit
        return self._group(checks, visits)

    @api.model
    def _group(self, checks, visits):
        """Return ``checks`` and ``visits`` as shares."""
        parts = defaultdict(lambda: [checks.browse(), visits.browse()])
        for check in checks:
            parts[check.flow, check.department_id, check.assigned_id][0] |= check
        for visit in visits:
            parts[visit.flow, visit.department_id, visit.user_id][1] |= visit
        return [Share(*key, *part) for key, part in sorted(parts.items(), key=lambda item: item[0][0].id)]

    @api.model
    def _give(self, share, user, how, reason, journal):
        """Write that ``share`` is the work of ``user`` (nobody: shared)."""
        as_engine(share.checks).write({"assigned_id": user.id})
        if share.visit:
            as_engine(share.visit).write({"user_id": user.id})
            self.env["sop.engine.evaluation"]._write_owned(share.order, {"sop_user_id": user.id})
        self.env["sop.engine.alert"]._follow_work(share, user)
        data = {
            "visit": share.visit.id or None,
            "checks": share.checks.ids,
            "from": share.holder.id or None,
            "user": user.id or None,
            "how": how,
        }
        journal.append((share.order, "assigned", data | ({"note": reason} if reason else {})))

    @api.model
    def _tell(self, documents, user, reason):
        """Tell ``user`` that ``documents`` (a list) are his now, in one message, in his language."""
        if not documents or user == self.env.user:
            return
        env = self.with_context(lang=user.lang).env
        names = ", ".join(dict.fromkeys(document.name for document in documents))
        self.env["mail.thread"].sudo().message_notify(  # from a colleague who need not be able to write to contacts
            partner_ids=user.partner_id.ids,
            author_id=self.env.user.partner_id.id,
            subject=env._("%(user)s handed work over to you: %(orders)s", user=self.env.user.name, orders=names),
            body=reason,
        )
