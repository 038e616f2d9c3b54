"""Random lives of orders, and of cases of theirs, that have to be approved: asked, decided, taken back, asked anew."""

from .life_of_flows import FlowLives


class ApprovalLives(FlowLives):
    """What people do with approvals, right and wrong, while orders change, wait, go back and are cancelled.

    ``case_process`` is that of the cases; ``stops`` are the codes of the types of holds that stop the clock.
    """

    ACTS = {
        "approve": 24,
        "reject": 6,
        "take_back": 6,
        "repeat": 2,
        "send_away": 5,
        "hand_on": 2,
        "add": 3,
        "recall": 1,
        "ask": 4,
        "stop": 4,
        "go_on": 8,
        "edit": 3,
        "complete": 5,
        "send_back": 2,
        "waive": 1,
        "cancel": 1,
        "reopen": 1,
        "open_case": 2,
    }
    case_process, stops = None, ()

    # -- what can happen -----------------------------------------------------------------------------------------------

    def _approve(self, order):
        self._decide(order, "open", "approve")

    def _reject(self, order):
        self._decide(order, "open", "reject")

    def _take_back(self, order):
        self._decide(order, "rejected", "approve")

    def _repeat(self, order):
        self._decide(order, "rejected", "reject")

    def _send_away(self, order):
        earlier = order.sop_process_id.stage_ids.filtered(lambda stage: stage._is_before(order.sop_stage_id))
        if earlier:
            self._decide(order, "open", "return", stage_id=earlier[0].id)

    def _hand_on(self, order):
        if approval := self._pick(order, "open"):
            self._as_approver(approval).action_transfer(self._anybody().id, "You know him")

    def _add(self, order):
        if approval := self._pick(order, "open"):
            where = self.random.choice(("before", "after"))
            self._as_approver(approval).action_add_approver(self._anybody().id, where, "You as well")

    def _recall(self, order):
        if approval := self._pick(order, "open") or self._pick(order, "rejected"):
            self._manager(approval).action_recall("Not yet")

    def _ask(self, order):
        checks = order.sop_check_ids.filtered(lambda check: check.kind == "approval" and check.state == "pending")
        self._manager(checks[:1]).action_ask()

    def _stop(self, order):
        self.env["sop.engine.holds"]._set(self._flow(order), self.random.choice(self.stops))

    def _go_on(self, order):
        holds = self._flow(order).sop_hold_ids.filtered(lambda hold: not hold.released_at)
        self._manager(holds[:1]).action_release("Over")

    def _open_case(self, order):
        vals = {"order_id": order.id, "partner_id": order.partner_id.id, "kind": "complaint"}
        case = self.env["sop.case"].with_user(self.case.users["customer_service"]).create(vals).sudo()
        self.case.put_under(case, self.case_process)

    # -- who does it to what -------------------------------------------------------------------------------------------

    def _flow(self, order):
        """Return ``order``, or one of its cases."""
        cases = self.env["sop.case"].search([("order_id", "=", order.id)])
        return self.random.choice([order, *cases])

    def _pick(self, order, state):
        approvals = self._flow(order).sop_check_ids.approval_ids.filtered(lambda approval: approval.state == state)
        return self.random.choice(approvals.sorted("id")) if approvals else approvals

    def _anybody(self):
        return self.case.users[self.random.choice(("clerk", "second", "head", "board1", "board2", "board3"))]

    def _as_approver(self, approval):
        return approval.with_user(self.random.choice(approval.user_ids.sorted("id") or self._anybody()))

    def _decide(self, order, state, decision, **kwargs):
        """Decide an approval of ``order`` in that state; whoever rejected it takes that back, or somebody tries to."""
        if not (approval := self._pick(order, state)):
            return
        user = self._as_approver(approval).env.user
        if state == "rejected" and self.random.random() < 0.8:
            user = approval.decision_ids.filtered(lambda word: word.decision == "reject").sorted("id")[-1:].user_id
        approval.with_user(user).action_decide(decision, "So be it", **kwargs)
