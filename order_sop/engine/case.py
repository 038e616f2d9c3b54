from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .guard import as_engine
from .rows import write_rows


class SopEngineCase(models.AbstractModel):
    """What becomes of after-sales cases as a whole: begun, refused, agreed, closed, cancelled, taken up again.

    Methods called by people check the current user. What is done to goods and money is in the rooms beside this one.
    """

    _name = "sop.engine.case"
    _description = "SOP engine: after-sales cases"

    @api.model
    def _begin(self, cases):
        """Give the new ``cases`` a number and put them under their process."""
        clock, sequences = self.env["sop.engine.clock"], self.env["ir.sequence"].sudo()  # counts for everybody
        context_channel = self.env.context.get("sop_case_channel")
        for case in cases:
            company = case.sudo().company_id  # its settings
            vals = {
                "name": sequences.with_company(company).next_by_code("sop.case") or f"CASE/{case.id}",
                "state": "open",
                "channel": context_channel if context_channel in ("portal", "mail") and self.env.su else "office",
            }
            as_engine(case).write(vals)
            if not case.promised_at and company.sop_case_hours:
                until = clock._plan(clock._now(), company.sop_case_hours, company.resource_calendar_id, company)
                case.sudo().promised_at = until or False  # what the company promises, whoever enters it
        self.env["sop.engine.evaluation"]._mark(cases, "new")
        self.env["sop.engine.evaluation"]._mark(cases.sudo().order_id)  # their after-sales stage waits for the cases

    # -- for people: each checks the user ------------------------------------------------------------------------------

    @api.model
    def _refuse(self, cases, reason):
        """Refuse ``cases`` for the current user; see ``sop.case.action_refuse``."""
        cases = self._take(cases, reason, states=("open",))
        for case in cases:
            if documents := case._get_documents():
                raise UserError(
                    self.env._(
                        "%(case)s cannot be refused any more: %(documents)s was made for it. Cancel that first.",
                        case=case.name,
                        documents=", ".join(document.display_name for document in documents),
                    )
                )
        self._set_state(cases, {"state": "refused", "refusal": reason}, "refused", reason)
        self._pass_over(cases)
        self.env["sop.engine.case.teller"]._tell(cases, "order_sop.mail_template_case_refused")

    @api.model
    def _cancel(self, cases, reason):
        """Cancel ``cases`` for the current user; see ``sop.case.action_cancel``."""
        cases = self._take(cases, reason, states=("open", "refused"))
        for case in cases:
            if done := [link for link in case.document_ids if link._is_live() and link._has_moved()]:
                raise UserError(
                    self.env._(
                        "%(case)s cannot be cancelled: goods or money have moved for it already (%(documents)s).",
                        case=case.name,
                        documents=", ".join(dict.fromkeys(link._get_document().display_name for link in done)),
                    )
                )
            case.document_ids._cancel_documents()
        self._set_state(cases, {"state": "cancelled", "refusal": reason}, None, reason)

    @api.model
    def _reopen(self, cases, reason):
        """Take up ``cases`` again for the current user; see ``sop.case.action_reopen``."""
        cases = self._take(cases, reason, states=("closed", "refused", "cancelled"))
        flow, evaluation = self.env["sop.engine.flow"], self.env["sop.engine.evaluation"]
        cancelled = cases.filtered(lambda case: case.state == "cancelled")
        over = {"state": "open", "refusal": False, "closed_at": False, "solution_worked_hours": 0.0}
        as_engine(cases).write(over | {"agreed_at": False, "agreed_by_id": False})
        self.env["sop.engine.case.limits"]._check(cases.line_ids)  # another case may have taken the goods meanwhile
        self._note(cases, self.env._("Taken up again: %s", reason))
        if cancelled:
            self.env["sop.engine.reaction"]._reopen(cancelled)
        journal = []
        for process, batch in (cases - cancelled).filtered("sop_process_id").grouped("sop_process_id").items():
            flow._go_back(batch, process.stage_ids._in_order()[0], {"reason": reason}, journal)
            journal += [(case, "reopened", {"note": reason}) for case in batch]
            evaluation._run(batch, journal=journal)
        evaluation._close_journal(journal)
        evaluation._mark(cases.order_id)

    @api.model
    def _agree_for(self, cases):
        """Note the customers' word on ``cases`` for the current user; see ``sop.case.action_agree``."""
        cases = self._take(cases, None, states=("open", "refused"))
        for case in cases:
            self.env["sop.engine.case.answer"]._agree(case, case.partner_id)

    @api.model
    def _close(self, cases):
        """Close ``cases`` for the current user; see ``sop.case.action_close``."""
        cases = self._take(cases, None, states=("open", "refused"))
        cases._sop_enforce("finish")
        for case in cases.filtered(lambda case: case.sop_process_id and case.sop_status != "done"):
            raise UserError(
                self.env._(
                    "%(case)s is in stage “%(stage)s”: it is closed at the end of its process.",
                    case=case.name,
                    stage=case.sop_stage_id.name,
                )
            )
        self._finish(cases.filtered(lambda case: not case.closed_at))

    # -- what follows --------------------------------------------------------------------------------------------------

    @api.model
    def _finish(self, cases):
        """Close ``cases``, which have come to the end of their process; a refused one stays refused."""
        clock = self.env["sop.engine.clock"]
        now = clock._now()
        for state, batch in cases.grouped("state").items():
            as_engine(batch).write({"closed_at": now} | ({"state": "closed"} if state == "open" else {}))
        for case in cases:
            hours = clock._get_run(case, case.create_date, now, case.sop_process_id)
            write_rows(case, {"solution_worked_hours": hours})
        self.env["sop.engine.evaluation"]._mark(cases.order_id)

    @api.model
    def _pass_over(self, cases):
        """Move ``cases`` on whose present stage is not for them any more: nobody has to complete it."""
        moving = cases.filtered(lambda case: case.sop_visit_id and not case.sop_stage_id._filter_orders(case))
        journal = []
        moved = self.env["sop.engine.flow"]._advance(moving, journal)
        self.env["sop.engine.evaluation"]._run(moved, journal=journal)
        self.env["sop.engine.evaluation"]._close_journal(journal)

    @api.model
    def _set_state(self, cases, vals, code, reason):
        as_engine(cases).write(vals)
        for case in cases.filtered("sop_process_id") if code else ():
            self._log(case, code, {"note": reason})
        self._note(cases, reason)
        evaluation = self.env["sop.engine.evaluation"]
        evaluation._mark(cases, "content")
        evaluation._mark(cases.order_id)
        evaluation._flush()

    @api.model
    def _take(self, cases, reason, states):
        """Return ``cases`` in superuser mode, locked, after checking that the current user may decide on them.

        :param reason: what he said; None where nothing is asked for
        :raise UserError: for a case in none of ``states``; AccessError for people of other departments
        """
        if reason is not None and not reason:
            raise UserError(self.env._("Say why: the reason is kept, and the customer is told of a refusal."))
        cases.check_access("write")
        self.env["sop.engine.evaluation"]._flush()
        self.env["sop.engine.evaluation"]._lock(cases.sudo())  # what he may write he may lock
        labels = dict(cases._fields["state"]._description_selection(self.env))
        for case in cases.sudo():  # whose work it is, of a case that the user may write
            if case.state not in states:
                raise UserError(
                    self.env._(
                        "%(case)s is %(state)s: reload to see how it stands.",
                        case=case.name,
                        state=labels[case.state].lower(),
                    )
                )
            departments = case.sop_stage_id.department_id | self.env.ref("order_sop.department_after_sales")
            manager = self.env.user.has_group("order_sop.group_manager")
            if not manager and not departments._has_member(self.env.user):
                raise AccessError(
                    self.env._(
                        "Only %(department)s can do this with %(case)s.",
                        department=", ".join(departments.mapped("name")),
                        case=case.name,
                    )
                )
        return cases.sudo()  # the engine goes on with what was checked here

    @api.model
    def _log(self, case, code, data):
        if case.sop_process_id:
            self.env["sop.engine.evaluation"]._close_journal([(case, code, data)])

    @api.model
    def _note(self, cases, body):
        for case in cases:
            case.message_post(body=body, subtype_xmlid="mail.mt_note", author_id=self.env.user.partner_id.id)
