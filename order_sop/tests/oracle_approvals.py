"""How long approvals took once more, from the log, the words of people and the minutes of the calendar, one by one.

Nothing is shared with what is tested: of the approvals themselves only who was asked for what is read.
"""

from collections import namedtuple

from .oracle_kpi import KpiOracle, at

WORDS = ("approve", "reject", "return")
Round = namedtuple("Round", "approval begin end verdict")


class ApprovalOracle(KpiOracle):
    """Reckons the KPIs of approvals of ``orders`` and ``cases`` over days from ``first`` to ``last``.

    :param works: ``{process: Oracle of its working minutes}``
    """

    def __init__(self, orders, cases, first, last, zone, works):
        super().__init__(orders, first, last, zone)
        self.flows, self.works = [*orders.sudo(), *cases.sudo()], works
        self.asked = {}
        for flow in self.flows:
            domain = [("case_id" if flow._name == "sop.case" else "order_id", "=", flow.id), ("code", "=", "asked")]
            for event in self.env["sop.event"].sudo().search(domain):
                self.asked |= {asked["approval"]: event.date for asked in event.data["approvals"]}
        asked = self.env["sop.approval"].sudo().browse(self.asked)
        self.words = {approval: self.say(approval) for approval in asked}
        self.rounds = [one for approval in asked for one in self.tell(approval)]

    # -- one approval --------------------------------------------------------------------------------------------------

    def say(self, approval):
        """Return the words on ``approval``, without a no behind a no: it is said once more, and decides nothing."""
        words = approval.decision_ids.filtered(lambda word: word.decision in WORDS).sorted("id")
        before = ["approve", *words.mapped("decision")]
        return [word for word, last in zip(words, before, strict=False) if "approve" in (word.decision, last)]

    def needed(self, approval):
        """How many have to approve, as the definition says it."""
        step = approval.step_id
        return step.minimum if step.quorum == "count" else 1

    def ends(self, approval):
        """Return ``[(moment, word that ended a round, first word of it)…]``."""
        votes, ends, first = 0, [], None
        for word in self.words[approval]:
            first = first or word
            votes += word.decision == "approve"
            if word.decision != "approve" or votes >= self.needed(approval):
                ends.append((word.date, word, first))
                first = None
        return ends

    def turn(self, approval, until):
        """When it came to be the turn of ``approval``, for what was decided at ``until``: asked, and those before it
        through."""
        before = [
            moment
            for other in self.words
            if other.check_id == approval.check_id and other.lane == approval.lane and other.rank < approval.rank
            for moment, word, _first in self.ends(other)
            if word.decision == "approve" and moment <= until
        ]
        return max([self.asked[approval.id], *before])

    def tell(self, approval):
        """Return the rounds of ``approval``: a rejection ends one, and who takes it back begins the next, where the
        last ended, or with that word where others have to agree as well."""
        rounds = []
        for moment, word, first in self.ends(approval):
            if not rounds:
                begin = self.turn(approval, moment)
            else:
                begin = rounds[-1].end if word == first else first.date
            rounds.append(Round(approval, begin, moment, word.decision))
        return rounds

    def open(self, approval):
        """Tell whether somebody spoke on ``approval`` since it was decided last."""
        ends = self.ends(approval)
        return bool(ends) and self.words[approval][-1] != ends[-1][1]

    # -- its hours -----------------------------------------------------------------------------------------------------

    def idle(self, flow, end):
        """Return the spans in which nobody was to do anything about ``flow``, one after the other."""
        spans = [(h.set_at, h.released_at or end) for h in flow.sop_hold_ids if h.type_id.stops_clock]
        visits = flow.sop_visit_ids.sorted("id")
        starts = [*visits.mapped("entered_at")[1:], end]
        spans += [
            (visit.left_at, start) for visit, start in zip(visits, starts, strict=True) if visit.left_at and start
        ]
        apart = []
        for begin, stop in sorted(spans):
            begin = max(begin, apart[-1][1]) if apart else begin
            if stop > begin:
                apart.append((begin, stop))
        return apart

    def minutes(self, one):
        """The working minutes of a round."""
        flow = one.approval.flow
        works = self.works[one.approval.checkpoint_id.stage_id.process_id]
        idle = [(max(begin, one.begin), min(end, one.end)) for begin, end in self.idle(flow, one.end)]
        return works.count(one.begin, one.end) - sum(works.count(*span) for span in idle if span[0] < span[1])

    # -- figures -------------------------------------------------------------------------------------------------------

    def decided(self, processes=None, department=None):
        """Return the rounds that ended in the period, where given of these processes and of that department."""
        return [
            one
            for one in self.rounds
            if self.within(one.end)
            and (processes is None or one.approval.checkpoint_id.stage_id.process_id in processes)
            and (department is None or one.approval.check_id.department_id == department)
        ]

    def rows(self, **scope):
        """Return what each of these rounds says, in order."""
        return sorted(
            (one.approval.check_id.id, one.begin, one.end, self.minutes(one)) for one in self.decided(**scope)
        )

    def figures(self, **scope):
        """Return ``{code: value}``, None where there is nothing to tell."""
        rounds = self.decided(**scope)
        worked = [minutes / 60 for minutes in sorted(map(self.minutes, rounds))]
        elapsed = sorted((one.end - one.begin).total_seconds() / 3600 for one in rounds)
        return {
            "approval_hours": at(worked, 50),
            "approval_hours_p80": at(worked, 80),
            "approval_elapsed": at(elapsed, 50),
        }
