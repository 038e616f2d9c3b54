from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .crons import LATER
from .isolation import work_off


class SopEngineReassignment(models.AbstractModel):
    """All of a person's open work goes to others: handed over as a whole, or routed anew since he cannot do it."""

    _inherit = "sop.engine.assignment"

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
        results, given = [], defaultdict(list)
        for share in shares:
            if not share.order.with_env(self.env).has_access("read"):
                continue
            try:
                with self.env.cr.savepoint():
                    new = self._hand_over_one(share, receiver, reason)
                results.append((share, new, None))
                given[new].append(share.order)
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
        # called by a cron, or for who may hand over
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
        shares = defaultdict(lambda: defaultdict(list))
        for share in self._get_lost():
            shares[share.order._name][share.order].append(share)
        for lost in shares.values():
            documents = next(iter(lost))
            work_off(
                documents.union(*lost),
                lambda batch, lost=lost: self._reassign([share for document in batch for share in lost[document]]),
                lambda: self._trigger(self.env["sop.engine.clock"]._now() + LATER),
            )

    @api.model
    def _reassign(self, shares):
        """Route ``shares``, whose orders are locked, anew."""
        shares = [self._look_again(share) for share in shares]
        shares = [share for share in shares if share.checks or share.visit]
        journal, given = [], defaultdict(list)
        for share, user in zip(shares, self._find_anew(shares), strict=True):
            self._give(share, user, "routed", None, journal)
            given[user, share.holder].append(share.order)
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
        present = Domain("left_at", "=", False)
        kinds = (("sop.visit", "user_id", present), ("sop.check", "assigned_id", self._get_open()))
        routing, lost = self.env["sop.engine.routing"], []
        for model, name, is_open in kinds:
            groups = (
                self.env[model]
                .sudo()
                ._read_group(  # whosever it is: called by a cron
                    is_open & Domain(name, "!=", False), [name, "department_id", "company_id"]
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
        conditions = Domain.AND(
            Domain(name, "=", record.id)
            for name, record in (("department_id", department), ("company_id", company))
            if record
        )
        mine = Domain("assigned_id", "=", user.id) & conditions
        checks = (
            self.env["sop.check"].sudo().search(self._get_open() & mine)
        )  # whosever it is: the callers check who asks
        visits = self.env["sop.visit"].sudo()  # as above
        visits = visits.search(Domain("left_at", "=", False) & Domain("user_id", "=", user.id) & conditions)
        return self._group(checks.filtered(lambda check: check._is_open_now()), visits)

    @api.model
    def _get_open(self):
        unmet = Domain("state", "in", ("pending", "failed")) & Domain("superseded", "=", False)
        return unmet & self.env["sop.check"]._get_open_domain()
