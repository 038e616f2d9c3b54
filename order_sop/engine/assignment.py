from collections import defaultdict
from datetime import timedelta
from typing import Any, NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .guard import as_engine
from .isolation import isolated

BATCH = 200
LATER = timedelta(minutes=1)


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
        journal, orders = [], self.env["sale.order"]
        for share in self._get_shares(works):
            self._check_giver(share)
            self._check_receiver(share, user)
            if user != share.holder:
                self._give(share, user, "handed", reason, journal)
                orders |= share.order
        self.env["sop.engine.evaluation"]._close_journal(journal)
        self._tell(orders, user, reason)

    @api.model
    def _check_giver(self, share):
        """Raise :class:`AccessError` unless the current user may hand ``share`` over: a member of its department, or
        an SOP manager."""
        user = self.env.user
        if not share.department._has_member(user) and not user.has_group("order_sop.group_manager"):
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

    # -- for all of a person's work ------------------------------------------------------------------------------------

    @api.model
    def _hand_over_all(self, user, receiver, departments, reason):
        """Hand over all open work of ``user`` (of ``departments`` only, where there are any), each order
        independently: what cannot be handed over does not stop the rest.

        :param receiver: a ``res.users``; nobody: whom each is routed to now, other than ``user``
        :return: ``[(share, new user or None, reason why not or None)…]`` of what the current user may see
        """
        if not reason:
            raise UserError(self.env._("Say why you hand it over: the reason is shown to whoever gets it."))
        shares = [share for share in self._get_shares_of(user) if not departments or share.department in departments]
        visible = self.env["sale.order"].union(*(share.order.with_env(self.env) for share in shares))
        visible = visible._filtered_access("read")
        results, given = [], defaultdict(visible.browse)
        for share in shares:
            if share.order not in visible:
                continue
            try:
                with self.env.cr.savepoint():
                    new = self._hand_over_one(share, receiver, reason)
                results.append((share, new, None))
                given[new] |= share.order
            except (UserError, AccessError) as error:
                results.append((share, None, str(error)))
        for new, orders in given.items():
            self._tell(orders, new, reason)
        return results

    @api.model
    def _hand_over_one(self, share, receiver, reason):
        """Hand the one ``share`` to ``receiver``, or to whom it is routed to; return who that is."""
        self._check_giver(share)
        if not share.order.try_lock_for_update(allow_referencing=True):
            raise UserError(self.env._("Somebody is working on it at this moment: try again."))
        share = self._look_again(share)
        new = receiver
        if receiver:
            self._check_receiver(share, receiver)
        else:
            [new] = self._find_anew([share])
        journal = []
        self._give(share, new, "handed" if receiver else "routed", reason, journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)
        return new

    @api.model
    def _look_again(self, share):
        """Return what is still as it was of ``share``, whose order is locked by now."""
        checks = share.checks.filtered(lambda check: check.assigned_id == share.holder and check._is_open_now())
        visit = share.visit.filtered(lambda visit: visit.user_id == share.holder and not visit.left_at)
        return share._replace(checks=checks, visit=visit)

    @api.model
    def _find_anew(self, shares):
        """Return whom each of ``shares`` is routed to now, in order: never who has it; nobody where it is shared."""
        routing, users = self.env["sop.engine.routing"], self.env["res.users"].sudo()
        jobs = []
        for share in shares:
            checkpoint = share.checks[:1].checkpoint_id
            stage = share.visit.stage_id or checkpoint.stage_id
            own = not share.visit and checkpoint.assignment
            part = checkpoint if own else stage if share.department == stage.department_id else share.department
            jobs.append(routing._get_job(share.order, stage, share.department, part))
        found = routing._route(jobs)
        people = []
        for share, job in zip(shares, jobs, strict=True):
            user = found[job]
            if user == share.holder.id:
                pool = routing._get_pool(share.department, share.order.company_id)
                others = [other for other in pool if other != user]
                user = others[share.order.id % len(others)] if others else False
            people.append(users.browse(user or ()))
        return people

    @api.model
    def _cron_reassign(self):
        """Route the open work anew of those who cannot do it any more. One order on which that fails does not stop the
        others; one that somebody works on comes later."""
        shares = self._get_lost()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(shares))
        for start in range(0, len(shares), BATCH):
            batch = shares[start : start + BATCH]
            orders = self.env["sale.order"].sudo().union(*(share.order for share in batch))  # called by a cron
            free = orders.try_lock_for_update(allow_referencing=True)
            if free != orders:
                self._trigger(self.env["sop.engine.clock"]._now() + LATER)
            isolated(free, lambda orders, batch=batch: self._reassign([s for s in batch if s.order in orders]))
            if not cron._commit_progress(len(batch)):
                break

    @api.model
    def _reassign(self, shares):
        """Route ``shares``, whose orders are locked, anew."""
        shares = [self._look_again(share) for share in shares]
        shares = [share for share in shares if share.checks or share.visit]
        journal, given = [], defaultdict(self.env["sale.order"].browse)
        for share, user in zip(shares, self._find_anew(shares), strict=True):
            self._give(share, user, "routed", None, journal)
            given[user, share.holder] |= share.order
        self.env["sop.engine.evaluation"]._close_journal(journal)
        for (user, holder), orders in given.items():
            env = self.with_context(lang=user.lang).env
            self._tell(orders, user, env._("%s does not do this work any more.", holder.name))

    @api.model
    def _trigger(self, at=None):
        """Have lost work looked for soon after this transaction is committed, or at ``at`` (naive UTC)."""
        cron = self.env.ref("order_sop.assignment_cron", raise_if_not_found=False)  # not yet while being installed
        if cron:
            cron.sudo()._trigger(at)  # a cron belongs to administrators

    @api.model
    def _get_lost(self):
        """Return the shares whose person cannot do the work any more: archived, or out of the department or company.

        Whoever leads the department may always have it, and nobody's work waits for a person who is only absent.
        """
        kinds = (("sop.visit", "user_id", [("left_at", "=", False)]), ("sop.check", "assigned_id", self._get_open()))
        routing, lost = self.env["sop.engine.routing"], []
        for model, name, is_open in kinds:
            groups = (
                self.env[model]
                .sudo()
                ._read_group(  # whosever it is: called by a cron
                    [*is_open, (name, "!=", False)], [name, "department_id", "company_id"]
                )
            )
            for user, department, company in groups:
                lead = user == department.lead_id and routing._is_of_house(user.id, company.id)
                if not lead and user.id not in department._get_worker_ids(company.id):
                    lost.append((user, department, company))
        return [share for key in dict.fromkeys(lost) for share in self._get_shares_of(*key)]

    @api.model
    def _get_shares_of(self, user, department=None, company=None):
        """Return the shares of open work that ``user`` has, of all his departments and companies unless one is named;
        in superuser mode, orders not locked."""
        conditions = [
            (name, "=", record.id)
            for name, record in (("department_id", department), ("company_id", company))
            if record
        ]
        checks = self.env["sop.check"].sudo().search(self._get_open() + conditions + [("assigned_id", "=", user.id)])
        visits = self.env["sop.visit"].sudo()  # whosever it is: the callers check who asks
        visits = visits.search([("left_at", "=", False), ("user_id", "=", user.id), *conditions])
        return self._group(checks.filtered(lambda check: check._is_open_now()), visits)

    @api.model
    def _get_open(self):
        return [
            ("state", "in", ("pending", "failed")),
            ("superseded", "=", False),
            ("order_id.sop_status", "in", ("running", "waiting", "on_hold")),
        ]

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
        self.env["sop.engine.evaluation"]._lock(works.order_id)
        # an approval that is still to be asked for goes with its stage
        of_stage = works.filtered(lambda work: work.kind in ("stage", "ask"))
        checks, visits = (works - of_stage).check_id, of_stage.visit_id
        together = {(c.order_id, c.department_id, c.assigned_id, c._get_document()) for c in checks}
        together |= {(v.order_id, v.department_id, v.user_id, self.env["stock.picking"]) for v in visits}
        checks |= works.order_id.sop_check_ids.filtered(
            lambda c: (
                c._is_open_now()
                and c.kind != "approval"
                and (c.order_id, c.department_id, c.assigned_id, c._get_document()) in together
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
            parts[check.order_id, check.department_id, check.assigned_id][0] |= check
        for visit in visits:
            parts[visit.order_id, visit.department_id, visit.user_id][1] |= visit
        return [Share(*key, *part) for key, part in sorted(parts.items(), key=lambda item: item[0][0].id)]

    @api.model
    def _give(self, share, user, how, reason, journal):
        """Write that ``share`` is the work of ``user`` (nobody: shared)."""
        as_engine(share.checks).write({"assigned_id": user.id})
        if share.visit:
            as_engine(share.visit).write({"user_id": user.id})
            self.env["sop.engine.evaluation"]._write_owned(share.order, {"sop_user_id": user.id})
        data = {
            "visit": share.visit.id or None,
            "checks": share.checks.ids,
            "from": share.holder.id or None,
            "user": user.id or None,
            "how": how,
        }
        journal.append((share.order, "assigned", data | ({"note": reason} if reason else {})))

    @api.model
    def _tell(self, orders, user, reason):
        """Tell ``user`` that ``orders`` are his now, in one message, in his language."""
        if not orders or user == self.env.user:
            return
        env = self.with_context(lang=user.lang).env
        names = ", ".join(orders.mapped("name"))
        self.env["mail.thread"].sudo().message_notify(  # from a colleague who need not be able to write to contacts
            partner_ids=user.partner_id.ids,
            author_id=self.env.user.partner_id.id,
            subject=env._("%(user)s handed work over to you: %(orders)s", user=self.env.user.name, orders=names),
            body=reason,
        )
