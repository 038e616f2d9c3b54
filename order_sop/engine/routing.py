from collections import defaultdict
from typing import Any, NamedTuple

from odoo import api, fields, models, tools


class Job(NamedTuple):
    """Work on a document that one person of a department is to get: a stage, or the checks of a department in it."""

    document: Any
    stage: Any
    department: Any
    mode: str
    user_id: int


class SopEngineRouting(models.AbstractModel):
    """Finds the person who gets the work of a stage or a check: all orders of a batch at once, nothing written.

    How each mode chooses is in ``_pick_<mode>``. What every mode passes over: who is absent, archived, not of the
    document's company or not of the department. Where nobody is left the department's lead gets it, and an alert says
    so.
    """

    _name = "sop.engine.routing"
    _description = "SOP engine: routing"

    # -- what is asked -------------------------------------------------------------------------------------------------

    @api.model
    def _get_stage_users(self, places):
        """Return ``{(document, stage): user id or False}`` for documents that are about to enter stages.

        What comes back to a stage goes to whoever had it there, where it would be anybody's turn.
        """
        users, jobs = {}, {}
        for document, stage in places:
            job = self._get_job(document, stage, stage.department_id, stage)
            if job.mode in ("round_robin", "least_loaded") and (user := self._get_former(document, stage)):
                users[document, stage] = user
            else:
                jobs[document, stage] = job
        found = self._route(jobs.values())
        return users | {place: found[job] for place, job in jobs.items()}

    @api.model
    def _assign_checks(self, vals_list):
        """Set ``assigned_id`` in the values of new checks."""
        check, jobs = self.env["sop.check"].sudo(), []  # called by the engine
        for vals, document in zip(vals_list, check._get_flows(vals_list), strict=True):
            checkpoint = check.checkpoint_id.browse(vals["checkpoint_id"])
            if checkpoint.kind == "approval":  # which has its own people
                continue
            keeper = not checkpoint.assignment and self._get_keeper(document, checkpoint)
            if keeper is False:
                stage, department = checkpoint.stage_id, checkpoint._get_department()
                part = stage if department == stage.department_id and not checkpoint.assignment else checkpoint
                jobs.append((vals, self._get_job(document, stage, department, part)))
            else:
                vals["assigned_id"] = keeper
        found = self._route(job for _vals, job in jobs)
        for vals, job in jobs:
            vals["assigned_id"] = found[job]

    @api.model
    def _get_job(self, document, stage, department, part):
        """Return the job on ``document`` where ``part``, or else the department, says who gets it."""
        source = part if part.assignment else department
        return Job(document, stage, department, source.assignment, source.assignment_user_id.id)

    @api.model
    def _get_former(self, document, stage):
        """Return the id of the person who had ``document`` in ``stage`` before and is there, or False."""
        former = [visit.user_id.id for visit in document.sop_visit_ids if visit.stage_id == stage and visit.user_id]
        return bool(former) and self._get_present(former[-1], stage.department_id, document.company_id)

    @api.model
    def _get_keeper(self, document, checkpoint):
        """Return the id of the person who has the department's work on ``document`` in the stage of ``checkpoint``;
        None where it is shared, False where it has to be found out."""
        stage, department = checkpoint.stage_id, checkpoint._get_department()
        if department == stage.department_id:
            visits = [visit for visit in document.sop_visit_ids if visit.stage_id == stage]
            users = [visit.user_id.id or None for visit in visits[-1:]]
        else:
            users = [
                check.assigned_id.id or None
                for check in document.sop_check_ids
                if check.stage_id == stage
                and check.department_id == department
                and not check.superseded
                and not check.checkpoint_id.assignment
                and check.checkpoint_id.kind != "approval"
            ]
        if not users or users[-1] is None:
            return users[-1] if users else False
        return self._get_present(users[-1], department, document.company_id)

    # -- finding people ------------------------------------------------------------------------------------------------

    @api.model
    def _route(self, jobs):
        """Return ``{job: user id or False}`` for all ``jobs``; False is shared work. Asks a query a mode and
        department at most, however many there are."""
        found, groups = {}, defaultdict(list)
        for job in dict.fromkeys(jobs):
            groups[job.department, job.mode, job.document.company_id].append(job)
        for (department, mode, company), batch in groups.items():
            picked = getattr(self, f"_pick_{mode}")(department, company, batch)
            falls = mode != "none" or not self._get_pool(department, company)
            lead = falls and self._get_lead(department, company)
            found |= {job: picked.get(job) or lead for job in batch}
        return found

    @api.model
    def _report(self, records, journal):
        """Raise an alert on those of ``records``, visits or checks just made, whose department has nobody there today;
        one an order and department, on the visit where it is the stage's own."""
        places = {(record.department_id, record.company_id) for record in records}
        empty = {place for place in places if not self._get_pool(*place)}
        stranded = {}
        for record in records if empty else ():
            department = record.department_id
            own = record._name == "sop.check" and (
                department == record.stage_id.department_id or record.checkpoint_id.kind == "approval"
            )
            if (department, record.company_id) in empty and not own:
                stranded.setdefault((record.flow, department), record)
        if stranded:
            name = "check_id" if records._name == "sop.check" else "visit_id"
            alerts = [{"kind": "unassigned", name: record.id} for record in stranded.values()]
            self.env["sop.engine.alert"]._raise(alerts, journal)

    @api.model
    def _has_found(self, alert):
        """Tell whether somebody who is there has by now what the one ``alert`` found nobody for."""
        user = alert.check_id.assigned_id if alert.check_id else alert.visit_id.user_id
        return bool(user) and bool(self._get_present(user.id, alert.department_id, alert.company_id))

    @api.model
    def _get_lead(self, department, company):
        """Return the id of the lead of ``department``, or of who stands in for him; False when he is not of the house.

        Rather the lead who is away than nobody.
        """
        lead = department.lead_id.id
        if not lead or not self._is_of_house(lead, company.id):
            return False
        return self._get_present(lead, department, company) or lead

    @api.model
    def _get_present(self, user_id, department, company):
        """Return the id of ``user_id``, or of who stands in for him today, if he can do the work of ``department`` in
        ``company``; else False."""
        workers = department._get_worker_ids(company.id)
        absent = self._get_absent()
        candidates = [user_id, *absent.get(user_id, ())]
        return next((id_ for id_ in candidates if id_ in workers and id_ not in absent), False)

    @api.model
    def _get_pool(self, department, company):
        """Return the ids of those who can do the work of ``department`` in ``company`` today, in order; where all are
        absent, of those who stand in for them."""
        workers, absent = department._get_worker_ids(company.id), self._get_absent()
        pool = [user_id for user_id in workers if user_id not in absent]
        return pool or sorted({self._get_present(user_id, department, company) for user_id in workers} - {False})

    @api.model
    def _get_absent(self):
        """Return ``{user id: ids of those who stand in for him, in order}`` of those who are absent today."""
        approver = self.env["sop.engine.approver"]
        day = fields.Date.context_today(approver.with_context(tz="UTC"))
        return approver._get_delegates(dict.fromkeys(user for user, _delegate in approver._get_delegations(day)))

    @api.model
    @tools.ormcache("user_id", "company_id")
    def _is_of_house(self, user_id, company_id):
        """Tell whether a user is active, of the SOP and of a company."""
        user, company = self.env["res.users"].browse(user_id), self.env["res.company"].browse(company_id)
        return self.env["sop.engine.approver"]._may_approve(user, company)
