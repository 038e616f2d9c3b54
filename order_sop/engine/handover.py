from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .approval import GAP
from .guard import as_engine
from .reading import read_lines


class SopEngineHandover(models.AbstractModel):
    """Who else decides: hand an approval over, have one more person decide, ask, and take the request back."""

    _name = "sop.engine.handover"
    _description = "SOP engine: hand over approvals"

    @api.model
    def _transfer(self, approvals, user, comment):
        """Hand those of ``approvals`` that the current user may to ``user``; the rest is left alone.

        :return: ``{approval: why not}`` of those that he could not hand over
        """
        locked, refused = self.env["sop.engine.decide"]._take(approvals)
        givers, sold = {}, locked.flow.browse()
        clears = bool(comment) and self.env.user.has_group("order_sop.group_manager")
        for approval in locked:
            try:
                self._check_open(approval)
                giver = self._get_giver(approval, lead_may=True)
                self._check_receiver(approval, user, clears)
            except UserError as error:
                refused[approval.with_env(approvals.env)] = str(error)
                continue
            givers[approval] = giver - user
            if self.env["sop.engine.decide"]._get_bar(approval, user) == "put":
                sold |= approval.flow
        given = locked.browse([approval.id for approval in givers])
        if given:
            journal = self._clear(sold, user, comment)
            self._write_words(givers, "transfer", comment, user)
            as_engine(given).write({"guest_ids": [(4, user.id)], "to_tell": True})
            self.env["sop.engine.approval"]._refresh_people(given)
            self._close(given, "transfer", comment, user, journal)
        return refused

    @api.model
    def _clear(self, orders, user, comment):
        """Have ``user`` count no more as a former salesperson of ``orders``; return the log lines that tell why."""
        for order in orders:
            sellers = [user_id for user_id in order.sop_seller_ids if user_id != user.id]
            self.env["sop.engine.evaluation"]._write_owned(order, {"sop_seller_ids": sellers})
        return [(order, "cleared", {"user": user.id, "note": comment}) for order in orders]

    @api.model
    def _add_approver(self, approvals, user, where, comment):
        """Have ``user`` decide beside the current user; see ``sop.approval.action_add_approver``."""
        if where not in ("before", "after"):
            raise UserError(self.env._("Choose whether the colleague decides before or after you."))
        approvals = self._open_approvals(approvals)
        engine, added = self.env["sop.engine.approval"], approvals.browse()
        for approval in approvals:
            principal = self._get_giver(approval)
            self._check_receiver(approval, user)
            self._write_words({approval: principal}, "add", comment, user)
            check = approval.check_id
            ranks = [
                other.rank for other in check.approval_ids if other.lane == approval.lane and other.state != "void"
            ]
            if where == "before":
                rank = (max((r for r in ranks if r < approval.rank), default=approval.rank - GAP) + approval.rank) / 2
            else:
                rank = (min((r for r in ranks if r > approval.rank), default=approval.rank + GAP) + approval.rank) / 2
            vals = engine._get_vals(check, approval.step_id.browse(), approval.lane, rank, guests=user.ids)
            vals |= {"added_by_id": self.env.uid, "state": "waiting"}
            added |= as_engine(self.env["sop.approval"]).create(vals).with_env(approval.env)
            if where == "before":
                as_engine(approval).write({"state": "waiting", "to_tell": True})
            engine._open_next(approval)
        journal = []
        engine._log_asked(added, journal)
        self._close(approvals, "add", comment, user, journal)

    @api.model
    def _ask(self, checks):
        """Ask for the approval of ``checks``; see ``sop.check.action_ask``."""
        checks.check_access("read")
        checks.sudo().flow.sop_process_id._warm_up()  # the definition is the same for everybody
        for check in checks.sudo():  # whose work it is, of an order that the user may read
            if self.env.user != check.flow.user_id:
                self.env["sop.engine.command"]._check_may_work(check.flow, any_department=True)
        checks = self._lock(checks)
        never = checks.filtered(lambda check: not check.asked_at and not check.recalled)
        read_lines(never, "approval_ids", self.env["sop.approval"])  # there are none
        engine = self.env["sop.engine.approval"]
        for check in checks:
            if check.checkpoint_id.kind != "approval" or not engine._is_open(check) or engine._get_live(check):
                raise UserError(
                    self.env._("“%s” cannot be asked for now. Reload to see how it stands.", check.display_name)
                )
        journal = []
        now = self.env["sop.engine.clock"]._now()
        as_engine(checks).write({"recalled": False, "asked_at": now, "asked_by_id": self.env.uid})
        engine._follow(checks, journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _recall(self, checks, comment):
        """Take back the request for ``checks``; see ``sop.approval.action_recall``."""
        checks.check_access("read")
        manager = self.env.user.has_group("order_sop.group_manager")
        checks = self._lock(checks)
        engine = self.env["sop.engine.approval"]
        journal = []
        for check in checks:
            if not manager and check.asked_by_id != self.env.user:
                raise AccessError(
                    self.env._(
                        "“%(check)s” of %(order)s was asked for by %(user)s: only he or an SOP manager can recall it.",
                        check=check.display_name,
                        order=check.flow.display_name,
                        user=check.asked_by_id.name,
                    )
                )
            live = engine._get_live(check)
            if not engine._is_open(check) or not live:
                raise UserError(self.env._("“%s” is not asked for (any more).", check.display_name))
            if check.state == "failed" and not manager:
                raise AccessError(
                    self.env._(
                        "“%s” was rejected: change the order, or have an SOP manager recall it.", check.display_name
                    )
                )
            self._write_words(dict.fromkeys(live), "recall", comment)
            self._log(live, "recall", comment, journal)
            engine._end(live, journal)
        vals = {"recalled": True, "asked_at": False, "state": "pending", "reason_code": False, "reason_data": False}
        as_engine(checks).write(vals | {"user_id": False})
        for order, batch in checks._by_flow().items():
            changed = [{"check": check.id, "state": "pending", "code": None} for check in batch]
            journal.append((order, "checks", {"changed": changed}))
        evaluation = self.env["sop.engine.evaluation"]
        evaluation._run(checks.flow, journal=journal)
        evaluation._close_journal(journal)

    # -- helpers -------------------------------------------------------------------------------------------------------

    @api.model
    def _lock(self, checks):
        """Return ``checks`` in superuser mode, with their orders locked; the caller checks the user."""
        checks = checks.sudo()  # read access was checked by the caller
        self.env["sop.engine.evaluation"]._lock(checks.flow)
        return checks

    @api.model
    def _open_approvals(self, approvals):
        """Return ``approvals`` in superuser mode, locked, after checking that the user may read them and all are open.

        :raise UserError: for one that is not open (any more)
        """
        approvals.check_access("read")
        self._lock(approvals.check_id)
        approvals = approvals.sudo()  # read access is checked; what follows writes engine-owned records
        for approval in approvals:
            self._check_open(approval)
        return approvals

    @api.model
    def _check_open(self, approval):
        if approval.state != "open" or self.env["sop.engine.decide"]._get_refusal(approval):
            raise UserError(
                self.env._("“%s” is not open (any more). Reload to see how it stands.", approval.display_name)
            )

    @api.model
    def _get_giver(self, approval, lead_may=False):
        """Return in whose place the current user hands the one ``approval`` over: an approver's, or nobody's.

        :param lead_may: the department's lead and SOP managers may do so for whoever does not, first of all for whom
            the order's salesperson keeps from it
        :raise AccessError: for everybody else
        """
        decide, user = self.env["sop.engine.decide"], self.env.user
        principal = decide._get_principal(approval, user)
        lead = user == approval.department_id.lead_id or user.has_group("order_sop.group_manager")
        # who made or sells the order does not choose who approves it
        own = decide._get_bar(approval, user) in ("made", "sells", "put", "changed")
        if not principal and not (lead_may and lead and not own):
            raise AccessError(decide._get_not_yours(approval, user))
        if principal or not lead_may:
            return principal
        gone, _taken = self.env["sop.engine.approval"]._get_handed_over(approval)
        return user.browse(self.env["sop.engine.approver"]._get_left_out(approval.check_id, approval.step_id, gone)[:1])

    @api.model
    def _check_receiver(self, approval, user, clears=False):
        """Raise :class:`UserError` unless the one ``user`` could decide the one ``approval``: four eyes included.

        :param clears: whether he who hands it over may say that a former salesperson had no part in it
        """
        decide = self.env["sop.engine.decide"]
        if len(user) != 1 or not self.env["sop.engine.approver"]._may_approve(user, approval.company_id):
            raise UserError(self.env._("Choose an active colleague who works by the Order SOP in the same company."))
        bar, name = decide._get_bar(approval, user), user.sudo().name  # what a colleague is called
        if bar == "put" and user != approval.flow.user_id:
            if not clears:
                raise UserError(
                    self.env._(
                        "%(user)s was once the salesperson of %(order)s. An SOP manager can hand it to him all the "
                        "same, with a comment that says why that does not count.",
                        user=name,
                        order=approval.flow.name,
                    )
                )
            bar = "voted" if decide._has_voted(approval, user) else None
        if bar == "voted":
            raise UserError(self.env._("%s has approved it in this round already.", name))
        if bar:
            raise UserError(
                self.env._("%(user)s has made, sold or changed %(order)s.", user=name, order=approval.flow.name)
            )
        if user.id in self.env["sop.engine.approval"]._get_people_ids(approval):
            raise UserError(self.env._("%s may decide it already.", name))

    @api.model
    def _write_words(self, givers, decision, comment, target=None):
        """Keep what the current user did with the approvals ``{approval: in whose place, if anybody's}``."""
        user = self.env.user
        self.env["sop.engine.decide"]._write_decisions(
            [
                {
                    "approval_id": approval.id,
                    "user_id": user.id,
                    "on_behalf_of_id": giver.id if giver and giver != user else False,
                    "decision": decision,
                    "comment": comment,
                    "target_id": target.id if target else False,
                }
                for approval, giver in givers.items()
            ]
        )

    @api.model
    def _log(self, approvals, decision, comment, journal, target=None):
        """Add a line an order to ``journal``: what was done with ``approvals``."""
        data = {"changed": [], "decision": decision} | ({"note": comment} if comment else {})
        data |= {"to": target.id} if target else {}
        journal += [
            (order, "decided", data | {"approvals": batch.ids}) for order, batch in approvals._by_flow().items()
        ]

    @api.model
    def _close(self, approvals, decision, comment, target, journal=()):
        """Log what was done with ``approvals`` and have the people told."""
        journal = list(journal)
        self._log(approvals, decision, comment, journal, target)
        self.env["sop.engine.evaluation"]._close_journal(journal)
        self.env["sop.engine.teller"]._trigger()
