from odoo import api, models, tools
from odoo.tools import SQL, format_datetime

DAYS = 180
FEWEST = 8
"""History: visits of so many days count, and below so many of them the stage's limit says how long it takes."""
MEDIAN, P80 = 0, 1


class SopEnginePace(models.AbstractModel):
    """Jeopardy: does the promised date still fit what is left to do, by the hours that this usually takes here.

    An order is finished, for this, when its goods may leave: when the stage that unlocks ``ship`` is complete; in a
    process without such a stage, when the process ends. With ``rest`` the working hours of all stages after the present
    one and ``latest`` the promised date less ``rest``, the promise is broken once ``max(now, entered + present)`` lies
    behind ``latest``. So each order keeps two moments: from ``sop_miss_at`` on the promise does not fit the median
    hours any more, from ``sop_risk_at`` on not those that four of five visits stay below. Comparing them with the
    present tells how an order stands, without a cron and without asking the clock again. See docs/time.md.
    """

    _name = "sop.engine.pace"
    _description = "SOP engine: pace and jeopardy"

    # -- history -------------------------------------------------------------------------------------------------------

    @api.model
    def _cron_learn(self):
        """Find anew how many working hours the stages took in the last :data:`DAYS` days; one statement. Orders under
        processes of which something else is known now follow by another cron."""
        before = self._get_known()
        self.env["sop.visit"].flush_model()
        self.env["sop.stage"].flush_model()
        now = self.env["sop.engine.clock"]._now()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO sop_pace (process_code, stage_key, company_id, stage_id, visit_count, median_hours,
                                      p80_hours, computed_at)
                SELECT p.code, s.pace_key, v.company_id, MAX(s.id), COUNT(*),
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY v.worked_hours),
                       percentile_cont(0.8) WITHIN GROUP (ORDER BY v.worked_hours), %(now)s
                  FROM sop_visit v JOIN sop_stage s ON s.id = v.stage_id JOIN sop_process p ON p.id = s.process_id
                 WHERE v.left_at > %(now)s - INTERVAL '1 day' * %(days)s AND v.outcome = 'completed'
                   AND v.worked_hours IS NOT NULL AND s.pace_key IS NOT NULL
                 GROUP BY p.code, s.pace_key, v.company_id
                    ON CONFLICT (process_code, stage_key, company_id) DO UPDATE
                   SET stage_id = EXCLUDED.stage_id, visit_count = EXCLUDED.visit_count,
                       median_hours = EXCLUDED.median_hours, p80_hours = EXCLUDED.p80_hours,
                       computed_at = EXCLUDED.computed_at
                """,
                now=now,
                days=DAYS,
            )
        )
        self.env.cr.execute(SQL("DELETE FROM sop_pace WHERE computed_at < %s", now))
        self.env["sop.pace"].invalidate_model(flush=False)
        self.env["sop.process"]._forget()
        after = self._get_known()
        changed = {key[:2] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        self.env["sop.schedule.change"]._add(
            [{"process_code": code, "company_id": company} for code, company in sorted(changed)]
        )

    @api.model
    def _get_known(self):
        """Return ``{(process code, company id, stage key): (median, p80)}`` where enough is known, in hours to the
        tenth: less than that nobody sees."""
        return {
            (pace.process_code, pace.company_id.id, pace.stage_key): (
                round(pace.median_hours, 1),
                round(pace.p80_hours, 1),
            )
            for pace in self.env["sop.pace"].sudo().search([("visit_count", ">=", FEWEST)])  # called by a cron
        }

    @api.model
    @tools.ormcache("company_id")
    def _get_history(self, company_id):
        """Return ``{(process code, stage key): (median, p80)}`` of a company, in hours, where enough is known."""
        paces = (
            self.env["sop.pace"]
            .sudo()
            .search(  # the same for everybody
                [("company_id", "=", company_id), ("visit_count", ">=", FEWEST)]
            )
        )
        return {(pace.process_code, pace.stage_key): (pace.median_hours, pace.p80_hours) for pace in paces}

    @api.model
    def _get_hours(self, stage, company):
        """Return ``(median, p80)``: the working hours that ``stage`` usually takes; its limit where little is known."""
        known = self._get_history(company.id).get((stage.process_id.code, stage.pace_key))
        return known or (stage.time_limit_hours, stage.time_limit_hours)

    # -- the two moments -----------------------------------------------------------------------------------------------

    @api.model
    def _follow(self, documents):
        """Bring ``sop_risk_at`` and ``sop_miss_at`` of ``documents`` up to date, after a step or a change."""
        documents = documents.sudo()  # as the engine sees them
        promises = documents._sop_promised()
        stages = self._get_stages_left(documents.filtered(lambda document: promises.get(document)))
        for document in documents:
            risk_at, miss_at = self._get_moments(document, promises.get(document), stages.get(document))
            if (document.sop_risk_at, document.sop_miss_at) != (risk_at, miss_at):
                self.env["sop.engine.evaluation"]._write_owned(
                    document, {"sop_risk_at": risk_at, "sop_miss_at": miss_at}
                )

    @api.model
    def _get_stages_left(self, documents):
        """Return ``{document: [stage…]}``: the present stage and those after it that apply, until the goods may leave;
        documents that are closed, or beyond that, are left out."""
        result = {}
        for process, batch in documents.filtered("sop_visit_id").grouped("sop_process_id").items():
            opener = process._get_gate_stage("ship")
            stages = [stage for stage in process.stage_ids._in_order() if not (opener and opener._is_before(stage))]
            taken = {stage: set(stage._filter_orders(batch)._ids) for stage in stages if stage.order_domain}
            for document in batch:
                present = document.sop_stage_id
                if present in stages:
                    result[document] = [present] + [
                        stage
                        for stage in stages
                        if present._is_before(stage) and (stage not in taken or document.id in taken[stage])
                    ]
        return result

    @api.model
    def _get_moments(self, document, promised, stages):
        """Return ``(risk_at, miss_at)`` of the one ``document`` (naive UTC), both False where nothing was promised."""
        if not promised or not stages:
            return False, False
        entered = document.sop_visit_id.entered_at
        moments = []
        for kind in (P80, MEDIAN):
            rest = self._sum_hours(stages[1:], document, kind)
            latest = self._plan(document, promised, -rest)
            ready = self._get_ready(document, stages[0], kind)
            if not latest or not ready:
                return False, False
            moments.append(entered if ready > latest else latest)
        return min(moments), moments[1]

    @api.model
    def _sum_hours(self, stages, document, kind):
        return sum(self._get_hours(stage, document.company_id)[kind] for stage in stages)

    @api.model
    def _plan(self, document, start, hours):
        clock, company = self.env["sop.engine.clock"], document.company_id
        return clock._plan(start, hours, clock._get_calendar(document.sop_process_id, company), company)

    @api.model
    def _get_ready(self, document, present, kind):
        """Return when the one ``document`` will leave its ``present`` stage if that takes the usual hours."""
        clock, visit, company = self.env["sop.engine.clock"], document.sop_visit_id, document.company_id
        pauses = visit._get_pauses() + ([(visit.paused_at, clock._now())] if visit.paused_at else [])
        hours = self._get_hours(present, company)[kind]
        return clock._get_due(
            visit.entered_at, hours, clock._get_calendar(document.sop_process_id, company), company, pauses
        )

    # -- what people read ----------------------------------------------------------------------------------------------

    @api.model
    def _get_outlooks(self, documents):
        """Return ``{document: {"promised", "finish", "reason"}}`` for those of ``documents`` that promise something and
        are not there yet: the promised date and the expected finish (naive UTC), and why that does or does not fit."""
        documents = documents.sudo()  # whoever sees the order may see how it stands
        documents.sop_process_id._warm_up()
        promises = documents._sop_promised()
        stages = self._get_stages_left(documents.filtered(lambda document: promises.get(document)))
        now = self.env["sop.engine.clock"]._now()
        return {document: self._get_outlook(document, promises[document], stages[document], now) for document in stages}

    @api.model
    def _get_outlook(self, document, promised, stages, now):
        clock, company = self.env["sop.engine.clock"], document.company_id
        calendar = clock._get_calendar(document.sop_process_id, company)
        ready = [self._get_ready(document, stages[0], kind) or now for kind in (MEDIAN, P80)]
        rest = [self._sum_hours(stages[1:], document, kind) for kind in (MEDIAN, P80)]
        usual, seldom = (clock._get_worked(now, ready[kind], calendar, company) + rest[kind] for kind in (MEDIAN, P80))
        return {
            "promised": promised,
            "finish": self._plan(document, max(now, ready[MEDIAN]), rest[MEDIAN]),
            "reason": self._get_reason(
                document.sop_jeopardy,
                len(stages),
                usual=_in_words(usual),
                seldom=_in_words(seldom),
                left=_in_words(clock._get_worked(now, promised, calendar, company)),
                date=promised < now and format_datetime(self.env, promised, dt_format="short"),
            ),
        }

    @api.model
    def _get_reason(self, state, count, **words):
        """Return why an order stands as ``state`` says: one sentence in the reader's language."""
        words["count"] = count
        if words["date"]:
            if count == 1:
                return self.env._("Promised for %(date)s; one stage left, usually %(usual)s h.", **words)
            return self.env._("Promised for %(date)s; %(count)s stages left, usually %(usual)s h.", **words)
        if state == "at_risk":
            if count == 1:
                return self.env._(
                    "One stage left, usually %(usual)s h but now and then %(seldom)s h; %(left)s h remain.", **words
                )
            return self.env._(
                "%(count)s stages left, usually %(usual)s h but now and then %(seldom)s h; %(left)s h remain.", **words
            )
        if count == 1:
            return self.env._("One stage left, usually %(usual)s h, %(left)s h remain.", **words)
        return self.env._("%(count)s stages left, usually %(usual)s h, %(left)s h remain.", **words)


def _in_words(hours):
    """Return ``hours`` to the tenth."""
    return f"{round(hours, 1):g}"
