"""Rebuilds what happened to an order from its log alone; written apart from the engine, to be compared with it."""

from dataclasses import dataclass, field

OPEN = ("pending", "failed")


@dataclass
class Visit:
    """One stay in a stage."""

    stage: int
    cycle: int
    user: int | None
    deadline: str | None
    warn: str | None
    entered_at: object
    returned: bool
    left_at: object = None
    outcome: str | None = None
    left_by: int | None = None
    reason: str | None = None
    changed: int | None = None
    hours: float | None = None
    paused_at: object = None
    pauses: list = field(default_factory=list)


@dataclass
class Check:
    """One checkpoint on the order, a delivery or an invoice."""

    checkpoint: int
    visit: int | None
    picking: int | None
    invoice: int | None
    state: str = "pending"
    code: str | None = None
    by: int | None = None
    note: str | None = None
    superseded: bool = False
    deadline: str | None = None
    warn: str | None = None
    paused_at: object = None
    pauses: list = field(default_factory=list)
    assigned: int | None = None


@dataclass
class Approval:
    """One step of an approval check."""

    check: int
    decisions: list = field(default_factory=list)
    ended: bool = False


@dataclass
class Replay:
    """What the lines read so far say of the order."""

    process: int | None = None
    stage: int | None = None
    visit: int | None = None
    end: str | None = None
    visits: dict = field(default_factory=dict)
    checks: dict = field(default_factory=dict)
    holds: dict = field(default_factory=dict)
    approvals: dict = field(default_factory=dict)
    waivers: dict = field(default_factory=dict)
    gates: list = field(default_factory=list)
    alerts: dict = field(default_factory=dict)
    returned: bool = False

    def follow(self, event):
        """Take in one line of the log."""
        getattr(self, f"_on_{event.code}")(event, event.data or {})
        return self

    def _on_started(self, _event, data):
        self.process = data["process"]

    _on_moved = _on_started

    def _on_entered(self, event, data):
        self.stage, self.visit, self.end = data["stage"], data["visit"], None
        self.visits[data["visit"]] = Visit(
            data["stage"], data["cycle"], data["user"], data["deadline"], data["warn"], event.date, self.returned
        )
        self.visits[data["visit"]].paused_at = event.date if data["paused"] else None
        self.returned = False

    def _on_left(self, event, data):
        visit = self.visits[data["visit"]]
        visit.left_at, visit.left_by, visit.outcome = event.date, event.user_id, data["outcome"]
        visit.reason, visit.changed, visit.hours = data.get("reason"), data.get("changed"), data["hours"]
        self._go_on(visit, event)
        self.returned = bool(visit.reason)
        self.visit = None

    def _on_checks(self, event, data):
        for made in data.get("made", ()):
            self.checks[made["check"]] = Check(
                made["checkpoint"], made["visit"] or None, made.get("picking"), made.get("invoice")
            )
            self._set_times(self.checks[made["check"]], made)
            self.checks[made["check"]].paused_at = event.date if made.get("paused") else None
            self.checks[made["check"]].assigned = made.get("assigned")
        for changed in data.get("changed", ()):
            check = self.checks[changed["check"]]
            by = {"person": event.user_id, "waiver": data.get("user")}.get(data.get("by"))
            check.state, check.code = changed["state"], changed["code"]
            check.by, check.note = (by, data.get("note")) if by else (None, check.note)
        for superseded in data.get("superseded", ()):
            self.checks[superseded].superseded = True

    def _on_asked(self, _event, data):
        for asked in data["approvals"]:
            self.approvals.setdefault(asked["approval"], Approval(data["check"]))

    def _on_decided(self, event, data):
        self._on_checks(event, data)
        for approval, kept in data.get("kept", {}).items():
            self.approvals[kept] = Approval(self.approvals[int(approval)].check, ended=True)
        for approval in data["approvals"]:
            self.approvals[approval].decisions.append((event.user_id, data["decision"], data.get("note")))

    def _on_ended(self, _event, data):
        for approval in data["approvals"]:
            self.approvals[approval].ended = True

    def _on_assigned(self, _event, data):
        for check in data["checks"]:
            self.checks[check].assigned = data["user"]
        if data["visit"]:
            self.visits[data["visit"]].user = data["user"]

    def _on_unwaived(self, _event, data):
        self.waivers[data["waiver"]] = data["outcome"]

    def _on_held(self, _event, data):
        self.holds[data["hold"]] = data["type"]

    def _on_released(self, _event, data):
        del self.holds[data["hold"]]

    def _on_paused(self, event, data):
        self.visits[data["visit"]].paused_at = event.date
        for check in data["checks"]:
            self.checks[check].paused_at = event.date

    def _on_resumed(self, event, data):
        for clock in (self.visits[data["visit"]], *(check for check in self.checks.values() if not check.superseded)):
            self._go_on(clock, event)
        self._on_rescheduled(event, data)

    def _on_rescheduled(self, _event, data):
        for times in data["times"]:
            self._set_times(self.visits[times["visit"]] if "visit" in times else self.checks[times["check"]], times)

    def _set_times(self, clock, times):
        clock.deadline, clock.warn = times.get("deadline"), times.get("warn")

    def _go_on(self, clock, event):
        if clock.paused_at:
            clock.pauses.append([clock.paused_at.isoformat(), event.date.isoformat()])
            clock.paused_at = None

    def _on_finished(self, _event, _data):
        self.end = "done"

    def _on_cancelled(self, _event, _data):
        self.end, self.visit = "cancelled", None

    def _on_reopened(self, _event, _data):
        self.end = None

    def _on_passed_gate(self, _event, data):
        self.gates.append(data["gate"])

    def _on_informed(self, _event, _data):
        pass

    _on_tracked = _on_proven = _on_unproven = _on_informed

    def _on_alerted(self, _event, data):
        self.alerts[data["alert"]] = {"state": "open", "kind": data["kind"], "user": data["user"], "note": None}

    def _on_answered(self, event, data):
        states = {"closed": "closed", "handed_over": "open"}
        for alert in data["alerts"]:
            told = self.alerts[alert]
            told["state"] = states.get(data["how"], "acknowledged")
            told["user"] = data.get("to", told["user"])
            told["note"] = data.get("note") if data["how"] == "closed" else None
            told["by"] = event.user_id

    def status(self, blocking):
        """Return the order's status; ``blocking``: ids of the checkpoints that block."""
        if self.end:
            return self.end
        if self.holds:
            return "on_hold"
        wrong = any(
            check.state == "failed" and not check.superseded and check.checkpoint in blocking
            for check in self.checks.values()
        )
        return "waiting" if wrong else "running"


def replay(events):
    """Return the :class:`Replay` of the lines ``events``, which are in the order in which they were written."""
    result = Replay()
    for event in events:
        result.follow(event)
    return result
